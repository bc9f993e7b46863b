//! Raw arrays: kept beside the journal under the hash of what they contain, sent as binary frames.
//!
//! A frame is 40 bytes of head and a piece of the array: SHA-256 of the whole array (32 bytes), place of the piece (u32), number
//! of pieces (u32); all numbers little-endian. The array is 32-bit floats in row-major order.
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Longest binary frame, bytes.
pub const MAX_CHUNK_BYTES: usize = 256 * 1024;
/// Longest array, bytes: an image of 4096 × 4096 pixels.
pub const MAX_ARRAY_BYTES: usize = 64 * 1024 * 1024;
const HEAD_BYTES: usize = 40;
const PIECE_BYTES: usize = MAX_CHUNK_BYTES - HEAD_BYTES;

/// What an array shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Kind {
    /// Intensity over a square field of view, rows from top to bottom.
    Image {
        /// Side of the field of view, µm.
        field_um: f64,
    },
    /// Counts over energy loss.
    Spectrum {
        /// Energy of the first channel, eV.
        first_ev: f64,
        /// Width of a channel, eV.
        step_ev: f64,
    },
}

/// An array kept beside the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// SHA-256 of its bytes, 64 hexadecimal digits: its name.
    pub hash: String,
    /// Rows and columns of an image, channels of a spectrum.
    pub shape: Vec<u32>,
    /// What it shows.
    pub kind: Kind,
}

/// Name of an array.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The frames that carry an array, in order; at least one.
pub fn frames(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let hash = Sha256::digest(bytes);
    let count = bytes.len().div_ceil(PIECE_BYTES).max(1);
    (0..count).map(move |at| {
        let piece = &bytes[at * PIECE_BYTES..bytes.len().min((at + 1) * PIECE_BYTES)];
        let place = [at as u32, count as u32].map(u32::to_le_bytes);
        [hash.as_slice(), place.as_flattened(), piece].concat()
    })
}

/// Puts the frames of one array after another together again.
#[derive(Clone, Debug, Default)]
pub struct Assembly {
    hash: Vec<u8>,
    next: u32,
    bytes: Vec<u8>,
}

impl Assembly {
    /// Take the next frame; the name and the bytes of an array that is whole and has the hash it was announced under. A frame
    /// out of its place, too long, or of another array begins anew: nothing half right comes out.
    pub fn push(&mut self, frame: &[u8]) -> Option<(String, Vec<u8>)> {
        let (head, piece) = frame.split_at_checked(HEAD_BYTES)?;
        let number = |at: usize| head.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
        let (place, count) = (number(32)?, number(36)?);
        if place == 0 {
            *self = Self { hash: head[..32].to_vec(), ..Self::default() };
        }
        let follows = self.hash == head[..32] && place == self.next && place < count;
        if !follows || self.bytes.len() + piece.len() > MAX_ARRAY_BYTES {
            *self = Self::default();
            return None;
        }
        self.bytes.extend_from_slice(piece);
        self.next += 1;
        if self.next < count {
            return None;
        }
        let Self { hash, bytes, .. } = std::mem::take(self);
        (Sha256::digest(&bytes).as_slice() == hash).then(|| (hex(&hash), bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_comes_out_as_it_went_in() {
        for length in [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES - 1] {
            let bytes: Vec<u8> = (0..length).map(|i| (i * 31 % 251) as u8).collect();
            let mut assembly = Assembly::default();
            let whole: Vec<_> = frames(&bytes).filter_map(|frame| assembly.push(&frame)).collect();
            assert!(frames(&bytes).all(|frame| frame.len() <= MAX_CHUNK_BYTES));
            assert_eq!(whole, [(hash(&bytes), bytes)], "{length}");
        }
    }

    #[test]
    fn what_is_lost_swapped_or_changed_never_comes_out() {
        let bytes = vec![7; 3 * PIECE_BYTES];
        let all: Vec<_> = frames(&bytes).collect();
        let comes_out = |order: &[usize]| {
            let mut assembly = Assembly::default();
            order.iter().any(|at| assembly.push(&all[*at]).is_some())
        };
        assert!(comes_out(&[0, 1, 2]) && comes_out(&[0, 1, 0, 1, 2]));
        assert!(!comes_out(&[0, 2]) && !comes_out(&[1, 2]) && !comes_out(&[0, 2, 1]) && !comes_out(&[0, 1, 1]));
        let mut assembly = Assembly::default();
        let mut changed = all.clone();
        changed[1][99] ^= 1;
        assert!(changed.iter().all(|frame| assembly.push(frame).is_none()));
        assert!(assembly.push(&[0; 39]).is_none() && assembly.push(&[]).is_none());
    }
}
