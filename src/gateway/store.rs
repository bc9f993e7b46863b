//! Raw arrays on the disk: one file for each, named by the hash of its bytes.
use crate::bridge::data::{self, Data, Kind, MAX_ARRAY_BYTES};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// An array as an instrument delivers it.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// Rows and columns of an image, channels of a spectrum.
    pub shape: Vec<u32>,
    /// What it shows.
    pub kind: Kind,
    /// Row-major; as many as the shape says.
    pub values: Vec<f32>,
}

/// The folder of the arrays of one experiment.
#[derive(Clone, Debug)]
pub struct Store(PathBuf);

impl Store {
    /// Open the folder or make it.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self(folder.to_owned()))
    }

    /// A folder to read from, as it is.
    #[must_use]
    pub fn existing(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Keep an array; when this returns it is on the disk under its name. The same array twice is one file.
    ///
    /// # Errors
    /// The file cannot be written, or the array has another length than its shape says, or is longer than [`MAX_ARRAY_BYTES`].
    pub fn keep(&self, raw: &Raw) -> io::Result<Data> {
        let expected = raw.shape.iter().try_fold(1_usize, |n, side| n.checked_mul(*side as usize));
        if expected != Some(raw.values.len()) || raw.values.len() > MAX_ARRAY_BYTES / 4 {
            let text = format!("{} values of shape {:?}", raw.values.len(), raw.shape);
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        let bytes: Vec<u8> = raw.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let hash = data::hash(&bytes);
        let path = self.path(&hash);
        if !path.exists() {
            let unfinished = path.with_extension("part");
            let written = File::create(&unfinished)
                .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
                .and_then(|()| fs::rename(&unfinished, &path));
            // The room that half a file takes on a full disk is the journal's last.
            written.inspect_err(|_| drop(fs::remove_file(&unfinished)))?;
            File::open(&self.0)?.sync_all()?;
        }
        Ok(Data { hash, shape: raw.shape.clone(), kind: raw.kind })
    }

    /// The bytes of an array.
    ///
    /// # Errors
    /// There is no such file, or it is not what it was.
    pub fn read(&self, hash: &str) -> io::Result<Vec<u8>> {
        let is_name = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bytes = if is_name { fs::read(self.path(hash))? } else { return Err(io::ErrorKind::NotFound.into()) };
        if data::hash(&bytes) != hash {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{hash}: the file was changed")));
        }
        Ok(bytes)
    }

    fn path(&self, hash: &str) -> PathBuf {
        self.0.join(format!("{hash}.f32"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_is_kept_under_its_hash_and_a_change_is_seen() {
        let folder = std::env::temp_dir().join(format!("gridscout-store-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let store = Store::open(&folder).unwrap();
        let raw = Raw { shape: vec![2, 3], kind: Kind::Image { field_um: 30.0 }, values: vec![1.5; 6] };
        let kept = store.keep(&raw).unwrap();
        assert_eq!(store.keep(&raw).unwrap(), kept);
        assert_eq!(store.read(&kept.hash).unwrap(), 1.5_f32.to_le_bytes().repeat(6));
        assert!(store.keep(&Raw { shape: vec![7], ..raw.clone() }).is_err());
        assert!(store.keep(&Raw { shape: vec![u32::MAX; 9], ..raw }).is_err());
        for name in ["", "../journal.db", &"0".repeat(64)] {
            assert!(store.read(name).is_err(), "{name}");
        }
        fs::write(folder.join(format!("{}.f32", kept.hash)), b"else").unwrap();
        assert!(store.read(&kept.hash).unwrap_err().to_string().contains("changed"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
