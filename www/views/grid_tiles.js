// @ts-check
/** @import { Geometry } from "../types.js" */
/** @import { Window } from "./grid_camera.js" */

/** @typedef {{ firstColumn: number, lastColumn: number, firstRow: number, lastRow: number }} TileSpan inclusive; empty when last < first */

/**
 * The tiles that touch a part of the library.
 * @param {Geometry} geometry
 * @param {Window} part
 * @returns {TileSpan}
 */
export function tilesIn({ tile_um, columns, rows }, part) {
  return {
    firstColumn: Math.max(0, Math.floor(part.left / tile_um)),
    lastColumn: Math.min(columns - 1, Math.floor(part.right / tile_um)),
    firstRow: Math.max(0, Math.floor(part.bottom / tile_um)),
    lastRow: Math.min(rows - 1, Math.floor(part.top / tile_um)),
  };
}

/**
 * Edges of a tile in µm; the last column and row may be narrower than the others.
 * @param {Geometry} geometry
 * @param {number} tile
 */
export function edges({ tile_um, columns, width_um, height_um }, tile) {
  const column = tile % columns;
  const row = Math.floor(tile / columns);
  return {
    left: column * tile_um,
    bottom: row * tile_um,
    right: Math.min((column + 1) * tile_um, width_um),
    top: Math.min((row + 1) * tile_um, height_um),
  };
}

/**
 * Where the stage stands to look at a tile, µm.
 * @param {Geometry} geometry
 * @param {number} tile
 * @returns {[number, number]}
 */
export function centre(geometry, tile) {
  const edge = edges(geometry, tile);
  return [(edge.left + edge.right) / 2, (edge.bottom + edge.top) / 2];
}
