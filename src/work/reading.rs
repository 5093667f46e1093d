//! Recordings of any kind and length, in pieces, so that no more than one piece is in memory beside what was read.

use crate::import::{self, Batch, Confidence, Format, HEAD_LIMIT, KeyLog};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// So many octets are read at once.
const PIECE: u64 = 1 << 20;

/// Where octets come from.
pub trait Source {
    /// How many there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of them: from one number, below another.
    ///
    /// # Errors
    /// When they cannot be read any more, in words.
    fn read(&mut self, from: u64, to: u64) -> Result<Vec<u8>, String>;
}

/// Octets that are there.
#[derive(Debug)]
pub struct Octets(pub Vec<u8>);

impl Source for Octets {
    fn len(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    fn read(&mut self, from: u64, to: u64) -> Result<Vec<u8>, String> {
        let at = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).min(self.0.len());
        Ok(self.0.get(at(from)..at(to)).unwrap_or_default().to_vec())
    }
}

/// A recording that was read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Read {
    /// The id of its format.
    pub format: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// Its sessions, and whatever else stood in it.
    pub batch: Batch,
}

/// A recording by its name, or why it is none.
pub type Named = (String, Result<Read, String>);

/// What is to be read: the numbers of the sources, and the keys for all of them.
struct Plan {
    recordings: Vec<usize>,
    keys: Arc<KeyLog>,
}

pub(super) fn read(
    names: Vec<String>,
    format: Option<&str>,
    keys: &[u8],
    sources: &mut [Box<dyn Source>],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Vec<Named>, String> {
    let format = match format {
        Some(id) => Some(import::find(id).ok_or_else(|| format!("there is no format `{id}`"))?),
        None => None,
    };
    let all = sources.iter().map(|source| source.len()).sum();
    progress(0, all);
    let plan = plan(keys, sources)?;
    let mut before = 0_u64;
    let mut read = Vec::new();
    for (number, (name, source)) in names.into_iter().zip(sources).enumerate() {
        let length = source.len();
        if plan.recordings.contains(&number) {
            let mut told = |done: u64| progress(before.saturating_add(done), all);
            read.push((name, one(&mut **source, format, &plan.keys, &mut told)));
        }
        before = before.saturating_add(length);
    }
    Ok(read)
}

/// Key logs are put together. Who gave nothing else gave what is no recording, and hears that.
fn plan(keys: &[u8], sources: &mut [Box<dyn Source>]) -> Result<Plan, String> {
    let mut log = KeyLog::parse(keys);
    let mut recordings = Vec::new();
    for (number, source) in sources.iter_mut().enumerate() {
        let head = source.read(0, 4096)?;
        if KeyLog::parse(&head).is_empty()
            || import::detect(&head).is_ok_and(|found| found.format.is_capture())
        {
            recordings.push(number);
        } else {
            let whole = source.read(0, source.len())?;
            log.add(&whole);
        }
    }
    if recordings.is_empty() && !sources.is_empty() {
        return Err("a key log opens a capture, and there is none beside it".to_owned());
    }
    Ok(Plan { recordings, keys: Arc::new(log) })
}

fn one(
    source: &mut dyn Source,
    format: Option<&'static Format>,
    keys: &Arc<KeyLog>,
    progress: &mut dyn FnMut(u64),
) -> Result<Read, String> {
    let head = source.read(0, u64::try_from(HEAD_LIMIT).unwrap_or(u64::MAX))?;
    let (format, confidence) = match format {
        Some(format) => (format, Confidence::Sure),
        None => {
            let found = import::detect(&head).map_err(|error| error.to_string())?;
            (found.format, found.confidence)
        }
    };
    let mut reader = format.reader_with(keys);
    let mut batch = Batch::default();
    let mut at = 0;
    while at < source.len() {
        let next = at.saturating_add(PIECE).min(source.len());
        reader.push(&source.read(at, next)?, &mut batch);
        at = next;
        progress(at);
    }
    reader.finish(&mut batch);
    import::check(&batch, &head).map_err(|error| error.to_string())?;
    Ok(Read { format: format.id.to_owned(), confidence, batch })
}
