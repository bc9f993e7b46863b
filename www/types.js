// @ts-check
/**
 * What the views draw, and how they are asked to.
 *
 * @typedef {{ width_um: number, height_um: number, tile_um: number, columns: number, rows: number, components: number }} Geometry
 * @typedef {{ offsets: Uint32Array, x_um: Float32Array, y_um: Float32Array, radius_nm: Float32Array, fractions: Float32Array }} Particles
 *   All tiles in order; the particles of tile t are offsets[t] … offsets[t + 1]. Fractions are interleaved.
 * @typedef {{ mean_sd: number[], mean_abs_error: number[], rmse: number[], time_secs: number[], cost: number[], region: number[], measured: number[] }} Series
 *   Entry 0 is the state after the seeds, entry i after iteration i.
 * @typedef {{ index: number[], tile: number[], particle: number[], value: number[], iteration: number[] }} Measurements
 *   In order; `index` counts over all particles, `particle` within its tile; iteration 0 is a seed.
 * @typedef {{ tile: number[], iteration: number[] }} Path
 * @typedef {{ tile: number[], measured: number[], total: number[], first_iteration: number[] }} Visits
 * @typedef {{ driver: string, run: string, preset?: string }} By the instrument behind a gateway that measures a campaign, and its name there
 * @typedef {{ config: any, by: By | null, elements: string[], geometry: Geometry, particles: Particles, series: Series, measurements: Measurements,
 *   path: Path, visits: Visits, range: [number, number], ended: string | null, partial: boolean, count: number }} Campaign
 *   `count` particles are in the library; when `partial`, only those of the visited tiles are held, and the count is an estimate. `by` is null in the simulator.
 * @typedef {{ ink: string, faint: string, grid: string, paper: string, panel: string, path: string, seed: string, accent: string, second: string }} Colours
 * @typedef {typeof import("./pkg/gridscout.js")} Engine
 * @typedef {{ cursor: number, hover: number, palette: 'viridis' | 'cividis', axis: 'iteration' | 'time', colours: Colours, next: any }} View
 *   `next` is the command that an instrument performs or would perform next; null in the simulator.
 */
export {};
