//! The report for people, in plain text: what is broken first, each with its evidence; no single grade.

use super::{
    Entry, Field, Format, Input, Kind, PartyRecord, RunRecord, SessionRecord, TurnedRecord, VerdictRecord,
    WhyRecord, Writer, findings, of_them_aside, same_deed, set_aside,
};
use crate::base::{Layer, Side, printable};
use crate::facts::Facts;
use crate::rules::{Outcome, PROBE};
use crate::spec::Level;
use crate::view::{Arrow, Change, Ladder, Row, RowKind};
use std::collections::{BTreeMap, BTreeSet};

/// The format.
pub(super) static FORMAT: Format = Format {
    id: "text",
    title: "Text",
    about: "For people; what is broken comes first.",
    shows: false,
    lists: true,
    tells_why: true,
    terse: false,
    writer: || Box::new(Text::default()),
};

#[derive(Default)]
struct Text {
    inputs: usize,
    unreadable: usize,
    sessions: usize,
    /// Sessions of the input that is being written.
    here: Option<usize>,
    outcomes: BTreeMap<Outcome, usize>,
    broken: BTreeMap<Level, usize>,
    /// Broken rules that do not count.
    aside: usize,
}

impl Text {
    fn open(&mut self, out: &mut String, input: &Input) -> usize {
        if let Some(sessions) = self.here {
            return sessions;
        }
        if self.inputs > 0 {
            out.push('\n');
        }
        self.inputs = self.inputs.saturating_add(1);
        let name = safe(input.name());
        match input.format {
            Some((_, title)) => line(out, 0, &format!("{name}: {title}")),
            None => line(out, 0, &name),
        }
        self.here = Some(0);
        0
    }

    fn count(&mut self, verdicts: &[VerdictRecord]) {
        for verdict in verdicts {
            bump(&mut self.outcomes, verdict.outcome);
            if verdict.outcome == Outcome::Fail {
                bump(&mut self.broken, verdict.level);
                self.aside = self.aside.saturating_add(usize::from(!verdict.counts()));
            }
        }
    }

    fn totals(&self) -> String {
        let of = |outcome| self.outcomes.get(&outcome).copied().unwrap_or_default();
        let levels: Vec<_> =
            self.broken.iter().rev().map(|(level, count)| plural(*count, level.name())).collect();
        let levels = if levels.is_empty() { String::new() } else { format!(" ({})", levels.join(", ")) };
        format!(
            "{} broken{levels}{}, {} kept, {} cannot be told, {} not applicable, {} not in force",
            of(Outcome::Fail),
            of_them_aside(self.aside),
            of(Outcome::Pass),
            of(Outcome::CannotTell),
            of(Outcome::NotApplicable),
            of(Outcome::NotInForce),
        )
    }
}

impl Writer for Text {
    fn session(&mut self, out: &mut String, input: &Input, session: &SessionRecord) {
        let before = self.open(out, input);
        let number = before.saturating_add(1);
        self.here = Some(number);
        self.sessions = self.sessions.saturating_add(1);
        self.count(&session.verdicts);
        out.push('\n');
        let places = session.places.map_or_else(String::new, |(first, last)| {
            let word = input.place();
            if first == last { format!(", {word} {first}") } else { format!(", {word}s {first}-{last}") }
        });
        line(
            out,
            2,
            &format!(
                "Session {number}: {}{places}",
                session.protocol.map_or("protocol not known", |protocol| protocol.title())
            ),
        );
        for fact in said(&session.facts) {
            line(out, 4, &fact);
        }
        for remark in &session.remarks {
            line(out, 4, &evidence(input.place(), &remark.lines, &remark.message));
        }
        let compliance = session.compliance;
        line(
            out,
            4,
            &format!(
                "Appendix A: client {}, server {}",
                compliance.client.words(),
                compliance.server.words()
            ),
        );
        why(out, &session.why, input.place());
        verdicts(out, &session.verdicts, input.place());
        turned(out, &session.turned);
    }

    fn end_of_input(&mut self, out: &mut String, input: &Input) {
        let sessions = self.open(out, input);
        if let Some(error) = &input.error {
            self.unreadable = self.unreadable.saturating_add(1);
            line(out, 2, &format!("Not readable: {}", error.message));
        } else if sessions == 0 {
            line(out, 2, "No session in it.");
        }
        for remark in &input.remarks {
            line(out, 2, &evidence(input.place(), &remark.lines, &remark.message));
        }
        self.here = None;
    }

    fn finish(&mut self, out: &mut String) {
        out.push('\n');
        let mut parts = vec![plural(self.inputs, "input"), plural(self.sessions, "session")];
        if self.unreadable > 0 {
            parts.push(format!("{} not readable", self.unreadable));
        }
        line(out, 0, &format!("{}: {}.", parts.join(", "), self.totals()));
    }

    fn run(&mut self, out: &mut String, run: &RunRecord) {
        let setup = &run.setup;
        line(out, 0, &format!("{}, rules of {}, seed {}", setup.protocol.title(), setup.rules, setup.seed));
        line(out, 2, &format!("client: {}", party(&setup.client)));
        if setup.attacks.is_empty() && setup.written.is_empty() {
            line(out, 2, "middle: passes everything on");
        }
        for attack in &setup.attacks {
            line(out, 2, &format!("middle: {}", party(attack)));
        }
        for rule in &setup.written {
            line(out, 2, &format!("middle: {rule}"));
        }
        line(out, 2, &format!("server: {}", party(&setup.server)));
        out.push('\n');
        draw(out, &run.ladder);
        if run.limit_reached {
            line(out, 2, "The step limit ended the run.");
        }
        out.push('\n');
        if !run.succeeded.is_empty() {
            line(out, 0, &format!("Reached what it is for: {}.", run.succeeded.join(", ")));
        }
        if run.harms.is_empty() {
            line(out, 0, "No harm done.");
        }
        for harm in &run.harms {
            line(out, 0, &format!("Harm: {} ({})", harm.title, harm.harm));
            line(out, 2, &evidence("event", &harm.events, harm.message));
        }
        if let Some(denied) = &run.denied {
            line(out, 0, &format!("Denied: {}", denied.title));
            line(out, 2, &evidence("event", &denied.events, denied.message));
        }
        for session in &run.sessions {
            why(out, &session.why, "event");
        }
        verdicts(out, &run.verdicts, "event");
        for session in &run.sessions {
            turned(out, &session.turned);
        }
        self.count(&run.verdicts);
        out.push('\n');
        let connections = plural(run.sessions.len(), "connection");
        line(out, 0, &format!("{connections}: {}.", self.totals()));
        if let Some(fixes) = &run.fixes {
            out.push_str(&fixes.text());
        }
    }

    fn trials(&mut self, out: &mut String, entries: &[Entry]) {
        let head =
            ["attack", "variant", "succeeds", "harm", "client breaks", "server breaks"].map(str::to_owned);
        let mut rows = vec![head.to_vec()];
        for entry in entries {
            let cells = entry.fields.iter().map(|(_, field)| text_of(field, " "));
            let cells = cells.map(|cell| if cell.is_empty() { "-".to_owned() } else { cell });
            rows.push(std::iter::once(entry.id.to_owned()).chain(cells).collect());
        }
        let mut widths = vec![0; head.len()];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        for row in &rows {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            line(out, 0, cells.collect::<Vec<_>>().join("  ").trim_end());
        }
        let succeeds = |entry: &&Entry| {
            let told = entry.fields.iter().find(|(name, _)| *name == "succeeds");
            told.is_some_and(|(_, field)| text_of(field, "") == "yes")
        };
        let ids =
            |entries: &mut dyn Iterator<Item = &Entry>| entries.map(|e| e.id).collect::<BTreeSet<_>>().len();
        let tried = ids(&mut entries.iter().filter(|entry| entry.id != "none"));
        let fell = ids(&mut entries.iter().filter(succeeds));
        out.push('\n');
        line(out, 0, &format!("{fell} of {} succeed in some variant.", plural(tried, "attack")));
    }

    fn list(&mut self, out: &mut String, kind: Kind, entries: &[Entry]) {
        list(out, kind, entries);
    }
}

/// A field on one line.
fn text_of(field: &Field, between: &str) -> String {
    match field {
        Field::Text(text) => text.clone(),
        Field::List(texts) | Field::Lines(texts) => texts.join(between),
        Field::Map(pairs) => {
            let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
            pairs.join(between)
        }
    }
}

/// Text of any source, on one line.
fn safe(text: &str) -> String {
    printable(text.as_bytes())
}

/// One line; whatever it holds, it stays one.
pub(super) fn line(out: &mut String, indent: usize, text: &str) {
    out.extend(std::iter::repeat_n(' ', indent));
    out.push_str(&safe(text));
    out.push('\n');
}

fn bump<K: Ord>(counts: &mut BTreeMap<K, usize>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

pub(super) fn party(party: &PartyRecord) -> String {
    let set: Vec<_> = party.set.iter().map(|(switch, value)| format!("{switch}={value}")).collect();
    if set.is_empty() { party.id.clone().into_owned() } else { format!("{} ({})", party.id, set.join(", ")) }
}

/// Numbers as ranges: `3, 5-9`.
fn ranges(numbers: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let words = ranges.into_iter().map(|(first, last)| match last.saturating_sub(first) {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}-{last}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// A message behind the numbers that show it.
pub(super) fn evidence(word: &str, numbers: &[u32], message: &str) -> String {
    match numbers {
        [] => message.to_owned(),
        [one] => format!("{word} {one}: {message}"),
        many => format!("{word}s {}: {message}", ranges(many)),
    }
}

fn said(facts: &Facts) -> Vec<String> {
    let mut lines = Vec::new();
    let mut offer = Vec::new();
    match facts.starttls_advertised {
        Some(true) => offer.push("STARTTLS was offered"),
        Some(false) => offer.push("STARTTLS was not offered"),
        None => {}
    }
    match facts.logindisabled_advertised {
        Some(true) => offer.push("LOGINDISABLED was listed"),
        Some(false) => offer.push("LOGINDISABLED was not listed"),
        None => {}
    }
    if facts.preauth == Some(true) {
        offer.push("the greeting was PREAUTH");
    }
    if !offer.is_empty() {
        lines.push(format!("Offer: {}", offer.join(", ")));
    }
    let asked = match (facts.starttls_sent, facts.starttls_answer) {
        (Some(true), Some("none")) => Some("asked for and never answered".to_owned()),
        (Some(true), Some(answer)) => Some(format!("asked for, answered {}", answer.to_uppercase())),
        (Some(true), None) => Some("asked for".to_owned()),
        (Some(false), _) => Some("not asked for".to_owned()),
        (None, _) => None,
    };
    let began = match (facts.tls, facts.tls_established) {
        (Some("none"), _) => Some("no handshake".to_owned()),
        (Some("implicit"), Some(true)) => Some("on from the first octet".to_owned()),
        (Some("implicit"), _) => Some("from the first octet".to_owned()),
        (Some(_), Some(true)) => Some("handshake completed".to_owned()),
        (Some(_), Some(false)) => Some("handshake failed".to_owned()),
        (Some(_), None) => Some("handshake began, its result is not in this input".to_owned()),
        (None, _) => None,
    };
    let version = facts.tls_version.map(|version| version.name().to_owned());
    let tls: Vec<_> = [asked, began, version, facts.tls_cipher.clone()].into_iter().flatten().collect();
    if !tls.is_empty() {
        lines.push(format!("TLS: {}", tls.join(", ")));
    }
    match facts.credential_in_clear {
        Some(true) => {
            let by = facts.credential_mechanisms.as_deref().unwrap_or_default().join(", ");
            let by = if by.is_empty() { by } else { format!(" ({by})") };
            lines.push(format!("Password: sent outside TLS{by}"));
        }
        Some(false) => lines.push("Password: not sent outside TLS".to_owned()),
        None => {}
    }
    if let Some(commands) = facts.commands_in_clear.as_deref().filter(|commands| !commands.is_empty()) {
        const SHOWN: usize = 12;
        let more = commands.len().saturating_sub(SHOWN);
        let mut text = commands.iter().take(SHOWN).map(|name| &**name).collect::<Vec<_>>().join(", ");
        if more > 0 {
            text.push_str(&format!(" and {more} more"));
        }
        lines.push(format!("Outside TLS: {text}"));
    }
    let early: Vec<_> =
        [(facts.early_bytes_from_client, "client"), (facts.early_bytes_from_server, "server")]
            .into_iter()
            .filter_map(|(octets, side)| Some((octets.filter(|octets| *octets > 0)?, side)))
            .map(|(octets, side)| format!("{octets} octets from the {side}"))
            .collect();
    if !early.is_empty() {
        lines.push(format!("Between STARTTLS and the handshake: {}", early.join(", ")));
    }
    lines
}

/// What there is of a kind, one entry a line.
pub(super) fn list(out: &mut String, _kind: Kind, entries: &[Entry]) {
    let width = entries.iter().map(|entry| entry.id.chars().count()).max().unwrap_or_default();
    for entry in entries {
        line(out, 0, &format!("{:width$}  {}", entry.id, entry.title));
        let indent = width.saturating_add(2);
        for (name, field) in &entry.fields {
            if let Field::Lines(lines) = field
                && lines.len() > 1
            {
                line(out, indent, &format!("{name}:"));
                lines.iter().for_each(|text| line(out, indent.saturating_add(2), text));
                continue;
            }
            let value = text_of(field, ", ");
            if !value.is_empty() {
                line(out, indent, &format!("{name}: {value}"));
            }
        }
    }
}

/// Whether no single session can decide it.
fn takes_runs(verdict: &VerdictRecord) -> bool {
    verdict.outcome == Outcome::CannotTell && verdict.message == PROBE
}

/// Broken rules, worst first, and what cannot be told, then how many others there are.
/// The policies that verdicts rest on and that nobody stated.
fn policies(out: &mut String, verdicts: &[VerdictRecord]) {
    for side in Side::BOTH {
        let rest = |by| {
            let resting = verdicts
                .iter()
                .filter(move |v| v.side == side && v.policy.is_some_and(|policy| policy.by == by));
            resting.map(|v| (v.rule, v.policy.and_then(|policy| policy.is))).collect::<Vec<_>>()
        };
        let ids =
            |rest: &[(&str, Option<&str>)]| rest.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", ");
        let name = side.name();
        let (unknown, assumed) = (rest("unknown"), rest("assumed"));
        if !unknown.is_empty() {
            let ids = ids(&unknown);
            out.push('\n');
            line(out, 4, &format!("depend on the {name}'s policy, which is not known (`--assume`): {ids}"));
        }
        if let Some((_, Some(policy))) = assumed.first() {
            let ids = ids(&assumed);
            out.push('\n');
            line(out, 4, &format!("judged as if the {name}'s policy were {policy} (`--assume`): {ids}"));
        }
    }
}

/// Verdicts of 1999 and of today side by side, where they differ.
fn turned(out: &mut String, turned: &[TurnedRecord]) {
    for one in turned {
        out.push('\n');
        line(out, 4, &format!("1999 and today differ: {}", one.title));
        for (when, verdict) in [("1999: ", &one.then), ("today:", &one.today)] {
            let level = match verdict.outcome {
                Outcome::Fail => format!(" ({})", verdict.level.name()),
                _ => String::new(),
            };
            let (rule, outcome, side) = (verdict.rule, verdict.outcome.word(), verdict.side.name());
            let excused = if verdict.excused_by.is_some() { ", by an exception" } else { "" };
            line(out, 6, &format!("{when} {rule}{level}: {outcome}{excused}, {side}: {}", verdict.message));
        }
        line(out, 6, one.says);
    }
}

/// Why a rule did or did not fire.
fn why(out: &mut String, why: &[WhyRecord], word: &str) {
    for one in why {
        out.push('\n');
        let (rule, side, outcome) = (one.rule, one.side.name(), one.outcome.word());
        let at = |line: Option<u32>| line.map_or_else(String::new, |line| format!("{word} {line}: "));
        match &one.unmet {
            Some(unmet) => {
                line(out, 4, &format!("why {rule} did not fire on the {side} ({outcome})"));
                line(out, 6, &format!("not met: {}{unmet}", at(one.line)));
            }
            None => line(out, 4, &format!("{rule} fired on the {side}")),
        }
        for step in &one.steps {
            line(out, 6, &format!("looked at: {}{}", at(step.line), step.says));
        }
    }
}

/// What cannot be told, by what is missing: one missing fact may leave many rules open.
fn undecided(out: &mut String, verdicts: &[VerdictRecord]) {
    let mut open: Vec<_> =
        verdicts.iter().filter(|v| v.outcome == Outcome::CannotTell && !takes_runs(v)).collect();
    open.sort_by_key(|verdict| std::cmp::Reverse(verdict.level));
    if open.is_empty() {
        return;
    }
    out.push('\n');
    line(out, 4, "cannot be told, for want of:");
    let mut missing: Vec<&str> = Vec::new();
    for verdict in &open {
        if !missing.contains(&&*verdict.message) {
            missing.push(&verdict.message);
        }
    }
    for missing in missing {
        line(out, 6, missing);
        let mut told: Vec<&str> = Vec::new();
        let mine = open.iter().filter(|verdict| verdict.message == missing);
        for verdict in mine.clone() {
            if told.contains(&verdict.rule) {
                continue;
            }
            told.push(verdict.rule);
            let sides: Vec<_> =
                mine.clone().filter(|one| one.rule == verdict.rule).map(|one| one.side.name()).collect();
            let (sides, title, citation) = (sides.join(" and "), verdict.title, &verdict.citation);
            line(out, 8, &format!("{}, {sides}: {title} ({citation})", verdict.rule));
        }
    }
}

fn verdicts(out: &mut String, verdicts: &[VerdictRecord], word: &str) {
    let broken = findings(verdicts);
    for (number, verdict) in broken.iter().enumerate() {
        out.push('\n');
        let (level, outcome, side) = (verdict.level.name(), verdict.outcome.word(), verdict.side.name());
        line(out, 4, &format!("{} ({level}): {outcome} by the {side}: {}", verdict.rule, verdict.title));
        line(out, 6, &evidence(word, &verdict.lines, &verdict.message));
        line(out, 6, &verdict.citation);
        if let Some(same) = same_deed(&broken, number) {
            line(out, 6, &same);
        }
        if let Some(aside) = set_aside(verdict) {
            line(out, 6, &aside);
        }
    }
    undecided(out, verdicts);
    if verdicts.iter().any(takes_runs) {
        out.push('\n');
        for side in Side::BOTH {
            let ids: Vec<_> =
                verdicts.iter().filter(|v| v.side == side && takes_runs(v)).map(|v| v.rule).collect();
            if !ids.is_empty() {
                line(
                    out,
                    4,
                    &format!("only several runs tell of the {} (`probe`): {}", side.name(), ids.join(", ")),
                );
            }
        }
    }
    policies(out, verdicts);
    let kept: Vec<_> = verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Pass).collect();
    if !kept.is_empty() {
        out.push('\n');
        for side in Side::BOTH {
            let ids: Vec<_> = kept.iter().filter(|verdict| verdict.side == side).map(|v| v.rule).collect();
            if !ids.is_empty() {
                line(out, 4, &format!("kept by the {}: {}", side.name(), ids.join(", ")));
            }
        }
    }
}

/// The ladder, one row per message.
pub(super) fn draw(out: &mut String, ladder: &Ladder) {
    let width = ladder.rows.iter().map(|row| row.place.to_string().len()).max().unwrap_or_default();
    let mut connection = if ladder.endpoints.len() > 1 { None } else { Some(0) };
    for row in &ladder.rows {
        if Some(row.connection) != connection {
            connection = Some(row.connection);
            let to = ladder.endpoints.get(row.connection).and_then(Option::as_ref);
            let to = to.map(|to| format!(" to {to}")).unwrap_or_default();
            line(out, 2, &format!("connection {}{to}", row.connection.saturating_add(1)));
        }
        draw_row(out, row, width);
    }
}

fn draw_row(out: &mut String, row: &Row, width: usize) {
    let number = format!("{:>width$}", row.place);
    let below = width.saturating_add(30);
    match &row.kind {
        RowKind::Band(_, text) if text.is_empty() => {}
        RowKind::Unread { .. } | RowKind::Foreign { .. } => {
            line(out, 2, &format!("{number}  {}", row.sentence))
        }
        RowKind::Band(_, text) => line(out, 2, &format!("{number}  ------ {text}")),
        RowKind::Message { from, client_hop, server_hop, change, early, malformed } => {
            let layer = match row.layer {
                Layer::Clear => "clear",
                Layer::Tls => "TLS  ",
            };
            let (sent, got) = match from {
                Side::Client => (client_hop, server_hop),
                Side::Server => (server_hop, client_hop),
            };
            let to = from.other().name();
            let who = match change {
                Change::Forged => format!("middle -> {to}"),
                _ => format!("{} -> {to}", from.name()),
            };
            let mut lines = sent.as_ref().or(got.as_ref()).map(lines).unwrap_or_default().into_iter();
            line(out, 2, &format!("{number}  {who:<16}  {layer}  {}", lines.next().unwrap_or_default()));
            for text in lines {
                line(out, below, &text);
            }
            match change {
                Change::None => {}
                Change::Altered(how) => {
                    line(out, below, &format!("^ the middle alters it, {how}; the {to} gets:"));
                    for text in got.as_ref().map(self::lines).unwrap_or_default() {
                        line(out, below, &text);
                    }
                }
                Change::Dropped => line(out, below, "^ the middle keeps it"),
                Change::Forged => {
                    line(out, below, &format!("^ the middle made it up, in the name of the {}", from.name()));
                }
            }
            if *early {
                line(out, below, "^ in the clear, before the handshake");
            }
            if let Some(problem) = malformed {
                line(out, below, &format!("^ {problem}"));
            }
            if row.exposes {
                line(out, below, "^ a secret, for everybody on the path to read");
            }
        }
    }
    for (side, note) in &row.notes {
        line(out, below, &format!("({} {note})", side.name()));
    }
}

fn lines(arrow: &Arrow) -> Vec<String> {
    let mut lines: Vec<String> =
        arrow.lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect()).collect();
    if arrow.more > 0 {
        lines.push(format!("({} more)", plural(arrow.more, "line")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_ranges_where_that_is_shorter() {
        assert_eq!(ranges(&[1]), "1");
        assert_eq!(ranges(&[1, 2, 4, 5, 6, u32::MAX]), "1, 2, 4-6, 4294967295");
    }

    #[test]
    fn a_line_stays_one_line_whatever_is_in_it() {
        let mut out = String::new();
        line(&mut out, 1, "a\nb\u{1b}[2J\u{202e}c");
        assert_eq!(out, " a\\x0Ab\\x1B[2J\\u{202e}c\n");
    }
}
