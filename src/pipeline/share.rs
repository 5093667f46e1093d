//! The way out: whatever leaves of a session is made of its redacted connections and searched for what was taken out of
//! them. There is no other.

use super::{By, Judged, judge};
use crate::link;
use crate::policy::{Aside, Fingerprints, accept};
use crate::redact::{self, Item, Leak, Leaks, Redacted, Wanted};
use crate::report::{self, Kept};
use crate::trace::Trace;
use crate::{rules, view};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

/// Connections that are about to leave.
#[derive(Clone, Debug)]
pub struct Share {
    redacted: Redacted,
    /// What was said of the direction of lines.
    guessed: bool,
}

/// Something private is still in an output, so that it must not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked(pub Vec<Leak>);

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing was written, since something private is still in it")?;
        for (number, leak) in self.0.iter().enumerate() {
            f.write_str(if number == 0 { ": " } else { ", " })?;
            write!(f, "a {} {}", leak.kind.words().0, leak.encoding.words())?;
        }
        Ok(())
    }
}

/// Words of our own that stand in no registry: names of parts, keys and elements of what is written.
const OWN: &str = include_str!("share_words.txt");

impl Share {
    /// Redacts the connections of a session.
    #[must_use]
    pub fn new(traces: &[Trace], wanted: Wanted, guessed: bool) -> Self {
        Self::but(traces, wanted, guessed, &[])
    }

    /// The same, but for names that somebody chose to leave as they are.
    #[must_use]
    pub fn but(traces: &[Trace], wanted: Wanted, guessed: bool, kept: &[Item]) -> Self {
        let mut redacted = redact::redact_but(traces, wanted, kept);
        redacted.leaks.except(&is_own);
        Self { redacted, guessed }
    }

    /// The connections as they leave.
    #[must_use]
    pub fn traces(&self) -> &[Trace] {
        &self.redacted.traces
    }

    /// What was taken out.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.redacted.items
    }

    /// What is searched for.
    #[must_use]
    pub fn leaks(&self) -> &Leaks {
        &self.redacted.leaks
    }

    /// Looks through the connections and through an output.
    ///
    /// # Errors
    /// When something private is still in one of them.
    pub fn check(&self, output: &[u8]) -> Result<(), Blocked> {
        let mut found = self.redacted.leaks.find(output);
        for trace in self.traces() {
            for (hop, side) in HOPS {
                found.extend(self.redacted.leaks.find_in_octets(trace.tape(hop, side)));
            }
        }
        found.sort_unstable();
        found.dedup();
        if found.is_empty() { Ok(()) } else { Err(Blocked(found)) }
    }

    fn checked(&self, output: String) -> Result<String, Blocked> {
        self.check(output.as_bytes()).map(|()| output)
    }

    /// A session file (`docs/session.md`).
    ///
    /// # Errors
    /// When something private is still in it.
    pub fn session_file(&self) -> Result<String, Blocked> {
        let mut text = String::new();
        report::session_head(&mut text, true);
        for (number, trace) in self.traces().iter().enumerate() {
            let kept = Kept { trace, protocol_seen: true, guessed_direction: self.guessed, unparsed: &[] };
            report::session_lines(&mut text, number.saturating_add(1), &kept);
        }
        self.checked(text)
    }

    /// The part of an address that holds the session; see [`link::size`].
    ///
    /// # Errors
    /// When something private is still in it.
    pub fn packed(&self) -> Result<String, Blocked> {
        self.session_file().map(|text| link::pack(&text)).and_then(|packed| self.checked(packed))
    }

    /// The ladder as a picture.
    ///
    /// # Errors
    /// When something private is still in it.
    pub fn svg(&self, title: &str) -> Result<String, Blocked> {
        self.checked(report::svg(&view::ladder(self.traces(), &[]), title))
    }

    /// A capture of the connections.
    ///
    /// # Errors
    /// When something private is still in it.
    pub fn pcapng(&self) -> Result<Vec<u8>, Blocked> {
        let octets = report::pcapng(self.traces());
        self.check(&octets).map(|()| octets)
    }

    /// The lines of the session as they leave, as transcripts write them.
    #[must_use]
    pub fn preview(&self) -> Vec<String> {
        report::preview(&view::ladder(self.traces(), &[]))
    }

    /// The connections, judged as they leave.
    #[must_use]
    pub fn judged(&self, by: impl Into<By>) -> Vec<Judged> {
        let by = by.into();
        self.traces().iter().map(|trace| judge(trace.clone(), by)).collect()
    }

    /// A report in one of [`report::ALL`], with the lines of the session and what is set aside in it.
    ///
    /// # Errors
    /// When something private is still in it.
    pub fn report(
        &self,
        format: &report::Format,
        input: &report::Input,
        by: impl Into<By>,
        aside: &Aside,
        link: Option<&str>,
    ) -> Result<String, Blocked> {
        let mut writer = (format.writer)();
        let mut text = String::new();
        let mut prints = Fingerprints::default();
        for judged in self.judged(by) {
            let mut record = judged.record();
            prints.mark(&mut record.verdicts);
            accept(&aside.accepted, &input.file, &aside.today, &mut record.verdicts);
            record.trace = Some(judged.trace.clone());
            for verdict in &mut record.verdicts {
                verdict.link = link.map(str::to_owned);
            }
            writer.session(&mut text, input, &record);
        }
        writer.end_of_input(&mut text, input);
        writer.finish(&mut text);
        self.checked(text)
    }
}

const HOPS: [(crate::base::Hop, crate::base::Side); 4] = [
    (crate::base::Hop::Client, crate::base::Side::Client),
    (crate::base::Hop::Client, crate::base::Side::Server),
    (crate::base::Hop::Server, crate::base::Side::Client),
    (crate::base::Hop::Server, crate::base::Side::Server),
];

/// The words of our own texts, in small letters.
static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let citations = rules::ALL.iter().filter_map(|rule| rule.requirement()).map(|row| row.citation());
    let texts = rules::ALL.iter().flat_map(|rule| [rule.title, rule.why, rule.how, rule.blind]);
    let all = citations.chain(texts.chain([OWN]).map(str::to_owned)).collect::<Vec<_>>().join(" ");
    let words = all.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
});

/// Whether a value is a word of our own texts: then its standing in a report says nothing.
#[must_use]
pub fn is_own(value: &[u8]) -> bool {
    let word = std::str::from_utf8(value).ok().filter(|_| value.len() <= 24);
    word.is_some_and(|word| WORDS.contains(&word.to_ascii_lowercase()))
}
