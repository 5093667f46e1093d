//! The recorded sessions of `tests/corpus` and the truth about them.

use serde_json::Value;
use std::path::PathBuf;

/// One entry of the index.
pub struct Entry {
    pub name: String,
    pub truth: Value,
}

impl Entry {
    pub fn protocol(&self) -> &'static str {
        if self.truth["protocol"] == "imap" { "imap" } else { "pop3" }
    }

    /// A file of the session, if it has it.
    pub fn file(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(directory().join("sessions").join(&self.name).join(name)).ok()
    }
}

pub fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// All entries, in the order of the index.
pub fn entries() -> Vec<Entry> {
    let index = std::fs::read(directory().join("index.json")).unwrap();
    let index: Vec<Value> = serde_json::from_slice(&index).unwrap();
    index
        .into_iter()
        .map(|truth| Entry { name: truth["session"].as_str().unwrap().to_owned(), truth })
        .collect()
}

/// A transcript without its marks, as somebody copies it from a terminal.
pub fn without_marks(transcript: &[u8]) -> Vec<u8> {
    let mut bare = Vec::new();
    for line in transcript.split_inclusive(|&o| o == b'\n') {
        let marked = line.strip_prefix(b"C: ").or_else(|| line.strip_prefix(b"S: "));
        bare.extend(marked.unwrap_or(line));
    }
    bare
}
