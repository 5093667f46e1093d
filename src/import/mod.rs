//! Recordings of sessions, in the forms that people have them in: for each form one file with a [`Format`].
//!
//! A reader takes chunks of any size and hands out finished sessions, one for each TCP connection, so that an input of
//! any length needs the memory of one connection. No line is lost: each is the place of an event, a remark, or stands
//! among the unparsed lines with the reason.

mod aioimaplib;
mod alpine;
mod bare;
mod capture;
mod courier;
mod curl;
mod cyrus;
mod dovecot_rawlog;
mod error;
mod fdm;
mod fetchmail;
mod getmail;
mod hoodiecrow;
mod imapclient;
mod imapfilter;
mod imapflow;
mod imaplib;
mod imtest;
mod isync;
mod javamail;
mod kit;
mod mail_imapclient;
mod mailutils;
mod mailutils_server;
mod mpop;
mod mutt;
mod net_imap;
mod net_pop3;
mod node_imap;
mod node_poplib;
mod offlineimap;
mod openssl;
mod pcap;
mod pcapng;
mod poplib;
mod pymap;
mod s_nail;
mod session_file;
mod thunderbird;
mod transcript;
mod tshark_ascii;
mod tshark_yaml;

pub use capture::KeyLog;
pub use error::ImportError;
pub use kit::{ASIDE_LIMIT, Batch, Dialect, Foreign, LINE_LIMIT, Notice, Remark, Session, Unparsed, Why};

use kit::{Assembler, Line, Lines};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// So many octets of an input are looked at to tell its format.
pub const HEAD_LIMIT: usize = 256 << 10;

/// A form of recording.
#[derive(Debug)]
pub struct Format {
    /// Stable id, used on the command line.
    pub id: &'static str,
    /// A short name.
    pub title: &'static str,
    /// What such an input looks like and how to make one.
    pub about: &'static str,
    /// What its places count: `line` or `packet`.
    pub place: &'static str,
    /// How sure its look makes us that an input has this format; `None`: it has not.
    detect: fn(&Head<'_>) -> Option<Confidence>,
    /// A reader at the start of an input; a capture is opened by [`capture::reader`].
    reader: fn(&Arc<KeyLog>) -> Box<dyn Reader>,
}

impl Format {
    /// A reader at the start of an input.
    #[must_use]
    pub fn reader(&self) -> Box<dyn Reader> {
        self.reader_with(&Arc::default())
    }

    /// The same with the keys of TLS connections; formats that hold nothing encrypted have no use for them.
    #[must_use]
    pub fn reader_with(&self, keys: &Arc<KeyLog>) -> Box<dyn Reader> {
        self.line_reader().unwrap_or_else(|| capture::reader(self.id, keys))
    }

    /// The reader of a format that goes by lines, none for a capture. What opens captures is a tenth of everything;
    /// a module that asks for nothing but this does not carry it.
    #[must_use]
    pub fn line_reader(&self) -> Option<Box<dyn Reader>> {
        (!self.is_capture()).then(|| (self.reader)(&Arc::default()))
    }

    /// Whether it holds packets, TLS and all.
    #[must_use]
    pub fn is_capture(&self) -> bool {
        self.place == "packet" || self.id == tshark_yaml::FORMAT.id
    }
}

/// The formats, by id.
pub static ALL: &[&Format] = &[
    &aioimaplib::FORMAT,
    &alpine::FORMAT,
    &bare::FORMAT,
    &courier::FORMAT,
    &curl::FORMAT,
    &cyrus::FORMAT,
    &dovecot_rawlog::FORMAT,
    &fdm::FORMAT,
    &fetchmail::FORMAT,
    &getmail::FORMAT,
    &hoodiecrow::FORMAT,
    &imapclient::FORMAT,
    &imapfilter::FORMAT,
    &imapflow::FORMAT,
    &imaplib::FORMAT,
    &imtest::FORMAT,
    &isync::FORMAT,
    &javamail::FORMAT,
    &mail_imapclient::FORMAT,
    &mailutils::FORMAT,
    &mailutils_server::FORMAT,
    &mpop::FORMAT,
    &mutt::FORMAT,
    &net_imap::FORMAT,
    &net_pop3::FORMAT,
    &node_imap::FORMAT,
    &node_poplib::FORMAT,
    &offlineimap::FORMAT,
    &openssl::FORMAT,
    &pcap::FORMAT,
    &pcapng::FORMAT,
    &poplib::FORMAT,
    &pymap::FORMAT,
    &s_nail::FORMAT,
    &session_file::FORMAT,
    &thunderbird::FORMAT,
    &transcript::FORMAT,
    &tshark_ascii::FORMAT,
    &tshark_yaml::FORMAT,
];

/// A format by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|format| format.id == id)
}

/// So many of the first octets are enough for [`is_capture`].
pub const CAPTURE_HEAD: usize = 1024;

/// Whether these are the first octets of an input that holds packets.
#[must_use]
pub fn is_capture(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(CAPTURE_HEAD)).unwrap_or_default();
    pcap::is_capture(head) || pcapng::is_capture(head) || tshark_yaml::detect(&Head::new(head)).is_some()
}

/// How sure a detection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Confidence {
    /// Little speaks for it, and nothing for another format.
    Guess,
    /// It looks like it.
    Likely,
    /// Nothing else looks like this.
    Sure,
    /// It says by what it was made.
    Signed,
}

impl Confidence {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Sure | Self::Signed => "sure",
        }
    }
}

/// What an input seems to be.
#[derive(Clone, Copy, Debug)]
pub struct Detected {
    /// The format.
    pub format: &'static Format,
    /// How sure that is.
    pub confidence: Confidence,
}

/// The first lines of an input.
#[derive(Debug)]
struct Head<'a> {
    octets: &'a [u8],
    lines: Vec<&'a [u8]>,
}

impl<'a> Head<'a> {
    fn new(octets: &'a [u8]) -> Self {
        let octets = octets.get(..octets.len().min(HEAD_LIMIT)).unwrap_or_default();
        let octets = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets);
        let lines = octets.split(|&o| o == b'\n' || o == b'\r').filter(|line| !line.is_empty()).collect();
        Self { octets, lines }
    }
}

/// Turns an input into sessions. Where chunks are cut changes nothing.
pub trait Reader: std::fmt::Debug {
    /// Takes a chunk in; sessions that it completes are added to the batch.
    fn push(&mut self, chunk: &[u8], out: &mut Batch);
    /// The input is over.
    fn finish(self: Box<Self>, out: &mut Batch);
}

/// What a format does with one line.
trait LineFormat: std::fmt::Debug {
    /// Takes one line in, and ends a session before it where a connection begins.
    fn line(&mut self, number: u32, text: &[u8], to: &mut Assembler, out: &mut Batch);
    /// The input is over, or goes on behind a gap: hands on what was held back.
    fn finish(&mut self, _to: &mut Assembler) {}
    /// What has to be said about the input as a whole.
    fn notice(&self) -> Option<Notice> {
        None
    }
}

/// The reader of every format that goes by lines.
#[derive(Debug)]
struct LineReader {
    lines: Lines,
    format: Box<dyn LineFormat>,
    assembler: Assembler,
}

impl LineReader {
    fn boxed(format: impl LineFormat + 'static, assembler: Assembler) -> Box<dyn Reader> {
        Box::new(Self { lines: Lines::new(), format: Box::new(format), assembler })
    }
}

fn take(format: &mut dyn LineFormat, to: &mut Assembler, line: Line<'_>, out: &mut Batch) {
    if line.dropped > 0 {
        format.finish(to);
        to.keep_unparsed(line.number, line.text, Why::Overlong(line.dropped));
        to.lost(line.number);
    } else {
        format.line(line.number, line.text, to, out);
    }
}

impl Reader for LineReader {
    fn push(&mut self, chunk: &[u8], out: &mut Batch) {
        let (format, to) = (&mut *self.format, &mut self.assembler);
        self.lines.push(chunk, &mut |line| take(format, to, line, out));
    }

    fn finish(mut self: Box<Self>, out: &mut Batch) {
        let (format, to) = (&mut *self.format, &mut self.assembler);
        self.lines.finish(&mut |line| take(format, to, line, out));
        format.finish(to);
        to.finish(out);
        out.notices.extend(format.notice());
    }
}

/// An input as a whole.
#[derive(Debug)]
pub struct Imported {
    /// Its format.
    pub format: &'static Format,
    /// How sure that is; a format that the person named is sure.
    pub confidence: Confidence,
    /// Its sessions and whatever else stood in it.
    pub batch: Batch,
}

/// Tells the format of an input by its first octets; [`HEAD_LIMIT`] of them are enough.
///
/// # Errors
/// When it has no octets, is not text, or no format, or its first connection speaks a protocol that is not covered.
pub fn detect(head: &[u8]) -> Result<Detected, ImportError> {
    if let Some(error) = error::other_file(head) {
        return Err(error);
    }
    // What nothing else looks like shows early.
    let early = best(head.get(..EARLY).unwrap_or(head)).filter(|best| best.confidence >= Confidence::Sure);
    let Some(best) = early.or_else(|| best(head)) else { return Err(error::nothing(head)) };
    // What a capture holds shows when it is read.
    let Some(mut reader) = best.format.line_reader() else { return Ok(best) };
    let mut batch = Batch::default();
    reader.push(head.get(..head.len().min(HEAD_LIMIT / 8)).unwrap_or_default(), &mut batch);
    reader.finish(&mut batch);
    match batch.foreign.first() {
        Some(foreign) if batch.sessions.is_empty() => {
            Err(ImportError::NotCovered { dialect: foreign.dialect, line: foreign.line })
        }
        _ => Ok(best),
    }
}

/// So many of the first octets are looked at first: all formats have a look, which takes its time.
const EARLY: usize = 32 << 10;

/// The format that an input looks like most.
fn best(head: &[u8]) -> Option<Detected> {
    let lines = Head::new(head);
    // What is in packets may look like any log, and is none.
    let packets = pcap::is_capture(head) || pcapng::is_capture(head);
    let formats = ALL.iter().copied().filter(|format| !packets || format.place == "packet");
    let detected = formats
        .filter_map(|format| (format.detect)(&lines).map(|confidence| Detected { format, confidence }));
    detected.max_by_key(|detected| detected.confidence)
}

/// Reads an input as a whole, in the named format or in the one that it seems to have.
///
/// # Errors
/// When it has no octets, is not text, has no format, or no session that is covered.
pub fn read(octets: &[u8], format: Option<&'static Format>) -> Result<Imported, ImportError> {
    read_with(octets, format, &Arc::default())
}

/// The same with the keys of TLS connections.
///
/// # Errors
/// As [`read`].
pub fn read_with(
    octets: &[u8],
    format: Option<&'static Format>,
    keys: &Arc<KeyLog>,
) -> Result<Imported, ImportError> {
    let Detected { format, confidence } = match format {
        Some(format) => Detected { format, confidence: Confidence::Sure },
        None => detect(octets)?,
    };
    let batch = drain(format, octets, keys);
    check(&batch, octets)?;
    Ok(Imported { format, confidence, batch })
}

/// Whether anything was read, for callers that stream: `batch` is all that the reader handed out, `head` the first octets.
///
/// # Errors
/// As [`read`].
pub fn check(batch: &Batch, head: &[u8]) -> Result<(), ImportError> {
    if !batch.sessions.is_empty() {
        return Ok(());
    }
    Err(match batch.foreign.first() {
        Some(foreign) => ImportError::NotCovered { dialect: foreign.dialect, line: foreign.line },
        None => error::other_file(head).unwrap_or_else(|| error::nothing(head)),
    })
}

fn drain(format: &Format, octets: &[u8], keys: &Arc<KeyLog>) -> Batch {
    let mut batch = Batch::default();
    let mut reader = format.reader_with(keys);
    reader.push(octets, &mut batch);
    reader.finish(&mut batch);
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capture_of_a_mail_about_logs_is_a_capture() {
        let mail = b"\nC: a LOGIN x y\nS: a OK in\nS: * OK ready\n";
        assert_eq!(detect(mail).unwrap().format.id, "transcript");
        let capture = [&[0xD4, 0xC3, 0xB2, 0xA1][..], &[0; 20], mail].concat();
        assert_eq!(detect(&capture).unwrap().format.id, "pcap");
    }

    #[test]
    fn what_shows_late_is_found_all_the_same() {
        let late =
            ["Nothing of a session.\n".repeat(EARLY / 16).as_bytes(), b"S: * OK ready\nC: a NOOP\n"].concat();
        assert_eq!(detect(&late).unwrap().format.id, "transcript");
    }

    #[test]
    fn the_registry_is_sorted_and_every_format_says_what_it_is() {
        assert!(ALL.is_sorted_by(|a, b| a.id < b.id));
        for format in ALL {
            assert!(!format.title.is_empty() && format.about.ends_with('.'), "{}", format.id);
            assert!(find(format.id).is_some());
        }
    }
}
