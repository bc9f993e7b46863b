//! The journal on the disk: SQLite, one file for each experiment, every entry synchronised before the next thing happens.
use crate::bridge::journal::Numbered;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Marks a file as ours, in the field that SQLite keeps for that: "gsj1".
const APPLICATION_ID: i32 = 0x6773_6a31;
/// Entries between two moves from SQLite's log into its database. SQLite's own are silent about a disk that fails: the log would be
/// used anew although what it held is nowhere else.
const CHECKPOINT: u64 = 500;

/// What is wrong with a journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file could not be read or written.
    #[error("journal: {0}")]
    Storage(#[from] rusqlite::Error),
    /// It is some other program's file.
    #[error("application_id is {0}; allowed: a journal of gridscout, {APPLICATION_ID}")]
    Foreign(i32),
    /// An entry does not follow from the one before it.
    #[error("entry {jseq} {what}; everything before it is intact")]
    Broken {
        /// Its place.
        jseq: u64,
        /// What is wrong.
        what: String,
    },
}

/// An open journal. Each entry carries a hash over its text and the hash before it.
pub struct Journal {
    db: Connection,
    chain: Vec<u8>,
}

impl Journal {
    /// Open a journal or begin one; everything in it is verified.
    ///
    /// # Errors
    /// The file cannot be used, is not a journal, or an entry was changed.
    pub fn open(path: &Path) -> Result<(Self, Vec<Numbered>), JournalError> {
        let db = Connection::open(path)?;
        let id: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        if id != APPLICATION_ID && tables > 0 {
            return Err(JournalError::Foreign(id));
        }
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "wal_autocheckpoint", 0)?;
        db.pragma_update(None, "application_id", APPLICATION_ID)?;
        db.execute_batch(
            "CREATE TABLE IF NOT EXISTS entry (jseq INTEGER PRIMARY KEY, text TEXT NOT NULL, chain BLOB NOT NULL) STRICT",
        )?;
        let mut journal = Self { db, chain: Vec::new() };
        let entries = journal.verify()?;
        Ok((journal, entries))
    }

    /// Open a finished journal to read it, without changing a byte of it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn read_only(path: &Path) -> Result<Vec<Numbered>, JournalError> {
        let db = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let id: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
        if id != APPLICATION_ID {
            return Err(JournalError::Foreign(id));
        }
        Self { db, chain: Vec::new() }.verify()
    }

    fn verify(&mut self) -> Result<Vec<Numbered>, JournalError> {
        let rows = self.rows(0, i64::MAX as u64)?;
        let mut entries = Vec::with_capacity(rows.len());
        for (at, (jseq, text, chain)) in rows.into_iter().enumerate() {
            let broken = |what: String| JournalError::Broken { jseq, what };
            if jseq != at as u64 + 1 {
                return Err(broken(format!("comes where {} should be", at + 1)));
            }
            if chain != link(&self.chain, &text) {
                return Err(broken("was changed, or one before it".into()));
            }
            self.chain = chain;
            let entry: Numbered = serde_json::from_str(&text).map_err(|e| broken(e.to_string()))?;
            if entry.jseq != jseq {
                return Err(broken(format!("says that it is {}", entry.jseq)));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    /// Write an entry; when this returns it is on the disk.
    ///
    /// # Errors
    /// It may or may not be on the disk. Nothing may be tried again.
    pub fn append(&mut self, entry: &Numbered) -> Result<(), JournalError> {
        let what = |e: serde_json::Error| JournalError::Broken { jseq: entry.jseq, what: e.to_string() };
        let text = serde_json::to_string(entry).map_err(what)?;
        let chain = link(&self.chain, &text);
        self.db.execute("INSERT INTO entry VALUES (?1, ?2, ?3)", params![entry.jseq as i64, text, chain])?;
        self.chain = chain;
        if entry.jseq.is_multiple_of(CHECKPOINT) {
            self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// Texts of the entries after `after` up to `until`, as they were written.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn texts(&self, after: u64, until: u64) -> Result<impl Iterator<Item = String>, JournalError> {
        Ok(self.rows(after, until)?.into_iter().map(|(_, text, _)| text))
    }

    fn rows(&self, after: u64, until: u64) -> Result<Vec<(u64, String, Vec<u8>)>, rusqlite::Error> {
        let mut query = self
            .db
            .prepare_cached("SELECT jseq, text, chain FROM entry WHERE jseq > ?1 AND jseq <= ?2 ORDER BY jseq")?;
        let range = params![i64::try_from(after).unwrap_or(i64::MAX), i64::try_from(until).unwrap_or(i64::MAX)];
        let rows = query.query_map(range, |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?, row.get(2)?)))?;
        rows.collect()
    }
}

fn link(before: &[u8], text: &str) -> Vec<u8> {
    Sha256::new().chain_update(before).chain_update(text).finalize().to_vec()
}
