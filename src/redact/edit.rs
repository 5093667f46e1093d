//! Replacing ranges of a trace's tapes, with the announced lengths of literals kept true.

use crate::base::{Hop, Side};
use crate::trace::{EventKind, Seen, Span, Trace};
use crate::wire;
use std::collections::BTreeMap;

/// The ranges to be replaced, by tape: none overlaps another.
#[derive(Debug)]
pub struct Edits {
    tapes: [Tape; 4],
}

#[derive(Debug, Default)]
struct Tape {
    /// By start: the end, and what stands there instead.
    ranges: BTreeMap<u32, (u32, Vec<u8>)>,
    /// Where each report of the tap begins, and its place.
    places: Vec<(u32, u32)>,
}

/// The four tapes of a trace.
pub const TAPES: [(Hop, Side); 4] = [
    (Hop::Client, Side::Client),
    (Hop::Client, Side::Server),
    (Hop::Server, Side::Client),
    (Hop::Server, Side::Server),
];

fn index(hop: Hop, side: Side) -> usize {
    TAPES.iter().position(|tape| *tape == (hop, side)).unwrap_or_default()
}

impl Edits {
    /// No edit yet.
    #[must_use]
    pub fn new(trace: &Trace) -> Self {
        let mut edits = Self { tapes: Default::default() };
        for tapped in trace.tapped() {
            if let Seen::Octets { from, span, .. } = tapped.seen
                && let Some(tape) = edits.tapes.get_mut(index(tapped.stamp.hop, from))
            {
                tape.places.push((span.start, tapped.stamp.place));
            }
        }
        edits
    }

    /// The place of an octet.
    #[must_use]
    pub fn place(&self, hop: Hop, side: Side, at: u32) -> u32 {
        let places = self.tapes.get(index(hop, side)).map(|tape| tape.places.as_slice()).unwrap_or_default();
        let behind = places.partition_point(|(start, _)| *start <= at);
        places.get(behind.saturating_sub(1)).map_or(0, |(_, place)| *place)
    }

    /// Whether a range touches one that is replaced already.
    #[must_use]
    pub fn taken(&self, hop: Hop, side: Side, span: Span) -> bool {
        let Some(tape) = self.tapes.get(index(hop, side)) else { return true };
        tape.ranges.range(..span.end).next_back().is_some_and(|(_, (end, _))| *end > span.start)
    }

    /// The parts of a range that no edit touches.
    #[must_use]
    pub fn gaps(&self, hop: Hop, side: Side, span: Span) -> Vec<Span> {
        let Some(tape) = self.tapes.get(index(hop, side)) else { return Vec::new() };
        let before = tape.ranges.range(..span.start).next_back();
        let mut at = before.map_or(span.start, |(_, (end, _))| (*end).max(span.start));
        let mut gaps = Vec::new();
        for (start, (end, _)) in tape.ranges.range(span.start..span.end) {
            gaps.push(Span { start: at, end: *start });
            at = *end;
        }
        gaps.push(Span { start: at, end: span.end });
        gaps.retain(|gap| gap.start < gap.end);
        gaps
    }

    /// Replaces a range; false when another edit is there already.
    pub fn replace(&mut self, hop: Hop, side: Side, span: Span, by: Vec<u8>) -> bool {
        if span.is_empty() || self.taken(hop, side, span) {
            return false;
        }
        if let Some(tape) = self.tapes.get_mut(index(hop, side)) {
            tape.ranges.insert(span.start, (span.end, by));
        }
        true
    }

    /// By how many octets the edits within a range change its length.
    fn growth(&self, hop: Hop, side: Side, span: Span) -> i64 {
        let Some(tape) = self.tapes.get(index(hop, side)) else { return 0 };
        let within = tape.ranges.range(span.start..span.end).filter(|(_, (end, _))| *end <= span.end);
        within.fold(0_i64, |sum, (start, (end, by))| {
            let by = i64::try_from(by.len()).unwrap_or(i64::MAX);
            sum.saturating_add(by).saturating_sub(i64::from(end.saturating_sub(*start)))
        })
    }

    /// Makes the announcements of literals true again.
    pub fn announce(&mut self, trace: &Trace) {
        for event in trace.events() {
            let spoken = matches!(
                event.kind,
                EventKind::Command(_)
                    | EventKind::Reply(_)
                    | EventKind::Greeting(_)
                    | EventKind::AuthStep { .. }
            );
            if !spoken || event.span.is_empty() {
                continue;
            }
            let octets = trace.octets(event);
            let mut at = 0;
            while let Some(line) = wire::line(octets, at, 0) {
                at = line.end();
                let Some(literal) = octets.get(line.text.clone()).and_then(wire::literal) else { continue };
                let offset =
                    |at: usize| event.span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
                let end = at.saturating_add(usize::try_from(literal.octets).unwrap_or(usize::MAX));
                let content = Span { start: offset(at), end: offset(end.min(octets.len())) };
                let growth = self.growth(event.hop, event.from, content);
                if growth != 0 && end <= octets.len() {
                    let now = literal.octets.saturating_add_signed(growth);
                    let plus = if literal.synchronizing { "}" } else { "+}" };
                    let text = ["{", &now.to_string(), plus].concat().into_bytes();
                    let announced = line.text.end.saturating_sub(literal.announced_in);
                    let span = Span { start: offset(announced), end: offset(line.text.end) };
                    self.replace(event.hop, event.from, span, text);
                }
                at = end.min(octets.len());
            }
        }
    }
}

/// Hands out tapes with their edits made.
#[derive(Debug)]
pub struct Rewriter<'a> {
    trace: &'a Trace,
    edits: &'a Edits,
}

impl<'a> Rewriter<'a> {
    /// For a trace and its edits.
    #[must_use]
    pub fn new(trace: &'a Trace, edits: &'a Edits) -> Self {
        Self { trace, edits }
    }

    /// What stands in place of a range: an edit that begins in it belongs to it as a whole.
    #[must_use]
    pub fn octets(&self, hop: Hop, side: Side, span: Span) -> Vec<u8> {
        let Some(tape) = self.edits.tapes.get(index(hop, side)) else { return Vec::new() };
        let before = tape.ranges.range(..span.start).next_back();
        let mut at = before.map_or(span.start, |(_, (end, _))| (*end).max(span.start));
        let mut octets = Vec::new();
        for (start, (end, by)) in tape.ranges.range(span.start..span.end) {
            octets.extend_from_slice(self.trace.slice(hop, side, Span { start: at, end: *start }));
            octets.extend_from_slice(by);
            at = *end;
        }
        if at < span.end {
            octets.extend_from_slice(self.trace.slice(hop, side, Span { start: at, end: span.end }));
        }
        octets
    }

    /// Where an offset of the tape has moved to.
    #[must_use]
    pub fn moved(&self, hop: Hop, side: Side, at: u32) -> u32 {
        let growth = self.edits.growth(hop, side, Span { start: 0, end: at });
        u32::try_from(i64::from(at).saturating_add(growth)).unwrap_or_default()
    }
}
