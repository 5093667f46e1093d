//! TCP connections: which segments belong together, and their octets in order with bounded memory.

use super::connection::{Connection, Kept, Seen};
use super::frames::Segment;
use super::keys::KeyLog;
use crate::base::Side;
use crate::import::Batch;
use crate::import::kit::recognise;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

/// Open connections beyond this many are handed out before their end, the longest idle one first.
pub(super) const OPEN_LIMIT: usize = 4096;
/// The same for the octets that open connections keep.
pub(super) const KEPT_LIMIT: usize = 64 << 20;
/// Octets behind a hole wait for it to be filled; not more than this in one direction.
const WAITING_LIMIT: usize = 1 << 20;
/// The peer has what the capture lacks: after so many more packets of the connection it will not come.
const PATIENCE: u32 = 64;
/// So many connections that are over are remembered, so that their late packets begin no new one.
const OVER_LIMIT: usize = 4096;

type Key = (SocketAddr, SocketAddr);

/// All connections of a capture.
#[derive(Debug)]
pub(super) struct Flows {
    pub keys: Arc<KeyLog>,
    /// Boxed, since entries move when others come and go.
    open: BTreeMap<Key, Box<Flow>>,
    /// Open connections by their last packet.
    recent: BTreeMap<u32, Key>,
    over: VecDeque<Key>,
    /// The same, to be looked up.
    known_over: BTreeSet<Key>,
    kept: usize,
    sessions: u32,
    pub counts: Counts,
}

/// What has to be said at the end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Connections of other protocols.
    pub other: u64,
    /// Connections that were handed out before their end.
    pub early: u64,
    /// Octets that the capture lacks.
    pub holes: u64,
}

#[derive(Debug)]
struct Flow {
    client: SocketAddr,
    connection: Connection,
    /// By side, client first.
    client_stream: Stream,
    server_stream: Stream,
    last: Seen,
    kept: usize,
}

/// One direction of a connection.
#[derive(Debug, Default)]
struct Stream {
    /// The sequence number of the first octet, once known.
    first: Option<u32>,
    /// How many octets were handed on.
    at: u64,
    /// Octets behind a hole, by their position.
    waiting: BTreeMap<u64, (Vec<u8>, usize)>,
    waiting_octets: usize,
    /// How many packets of the connection came since the hole opened.
    patience: u32,
    /// How far the peer says that it has come.
    acknowledged: u64,
    /// Where the side closed.
    fin: Option<u64>,
    closed: bool,
}

impl Flows {
    pub(super) fn new(keys: Arc<KeyLog>) -> Self {
        Self {
            keys,
            open: BTreeMap::new(),
            recent: BTreeMap::new(),
            over: VecDeque::new(),
            known_over: BTreeSet::new(),
            kept: 0,
            sessions: 0,
            counts: Counts::default(),
        }
    }

    /// Takes a segment in.
    pub(super) fn segment(&mut self, segment: &Segment<'_>, seen: Seen, out: &mut Batch) {
        let key =
            if segment.from <= segment.to { (segment.from, segment.to) } else { (segment.to, segment.from) };
        let opens = segment.syn && segment.acknowledged.is_none();
        if opens && self.open.get(&key).is_some_and(|flow| flow.is_other(segment)) {
            self.end(key, out);
        }
        if !self.open.contains_key(&key) {
            let nothing = segment.octets.is_empty() && segment.missing == 0 && !segment.syn;
            if nothing || (!segment.syn && self.known_over.contains(&key)) || segment.rst {
                return;
            }
            if self.open.len() >= OPEN_LIMIT {
                self.evict(out);
            }
            let flow = Flow::new(segment, seen, Arc::clone(&self.keys));
            self.recent.insert(seen.packet, key);
            self.open.insert(key, Box::new(flow));
        }
        let Some(flow) = self.open.get_mut(&key) else { return };
        self.recent.remove(&flow.last.packet);
        self.recent.insert(seen.packet, key);
        flow.last = seen;
        let before = flow.kept;
        self.counts.holes = self.counts.holes.saturating_add(flow.segment(segment, seen));
        self.kept = self.kept.saturating_sub(before).saturating_add(flow.kept);
        let over = segment.rst || (flow.client_stream.closed && flow.server_stream.closed);
        if over {
            self.end(key, out);
        }
        while self.kept > KEPT_LIMIT && !self.open.is_empty() {
            self.evict(out);
        }
    }

    /// The capture is over.
    pub(super) fn finish(&mut self, out: &mut Batch) {
        while let Some(&key) = self.recent.values().next() {
            self.end(key, out);
        }
    }

    fn evict(&mut self, out: &mut Batch) {
        let Some(&key) = self.recent.values().next() else { return };
        self.counts.early = self.counts.early.saturating_add(1);
        if let Some(flow) = self.open.get_mut(&key) {
            flow.connection.gap(Side::Client, flow.last);
        }
        self.end(key, out);
    }

    fn end(&mut self, key: Key, out: &mut Batch) {
        let Some(mut flow) = self.open.remove(&key) else { return };
        self.recent.remove(&flow.last.packet);
        self.kept = self.kept.saturating_sub(flow.kept);
        if self.known_over.insert(key) {
            self.over.push_back(key);
        }
        if self.over.len() > OVER_LIMIT
            && let Some(oldest) = self.over.pop_front()
        {
            self.known_over.remove(&oldest);
        }
        for side in Side::BOTH {
            self.counts.holes = self.counts.holes.saturating_add(flow.drain(side, flow.last, true));
        }
        let number = self.sessions.saturating_add(1);
        match flow.connection.end(number, flow.last, out) {
            Kept::Session => self.sessions = number,
            Kept::Other => self.counts.other = self.counts.other.saturating_add(1),
            Kept::Empty => {}
        }
    }
}

/// Who opened a connection whose beginning is not in the capture.
fn client_of(segment: &Segment<'_>) -> SocketAddr {
    let line = segment.octets.split(|&o| o == b'\n').next().unwrap_or_default().trim_ascii_end();
    let speaks = |side| recognise(side, line).is_some_and(|dialect| dialect.is_mail());
    let port = |address: SocketAddr| address.port();
    let known = |port: u16| matches!(port, 110 | 143 | 674 | 993 | 995);
    let by_port = match (known(port(segment.from)), known(port(segment.to))) {
        (true, false) => segment.to,
        (false, true) => segment.from,
        _ if port(segment.from) < port(segment.to) => segment.to,
        _ => segment.from,
    };
    match (speaks(Side::Client), speaks(Side::Server)) {
        (true, false) => segment.from,
        (false, true) => segment.to,
        _ if segment.octets.starts_with(&[0x16, 3]) && segment.octets.get(5) == Some(&1) => segment.from,
        _ => by_port,
    }
}

impl Flow {
    fn new(segment: &Segment<'_>, seen: Seen, keys: Arc<KeyLog>) -> Self {
        let client = match (segment.syn, segment.acknowledged) {
            (true, None) => segment.from,
            (true, Some(_)) => segment.to,
            (false, _) => client_of(segment),
        };
        let server = if client == segment.from { segment.to } else { segment.from };
        Self {
            client,
            connection: Connection::new(server.port(), keys, seen, segment.syn),
            client_stream: Stream::default(),
            server_stream: Stream::default(),
            last: seen,
            kept: 0,
        }
    }

    /// Whether a SYN opens another connection between the same ends.
    fn is_other(&self, segment: &Segment<'_>) -> bool {
        let same = segment.from == self.client
            && self.client_stream.first.is_none_or(|first| first == segment.sequence.wrapping_add(1));
        !same
    }

    fn stream(&mut self, side: Side) -> &mut Stream {
        match side {
            Side::Client => &mut self.client_stream,
            Side::Server => &mut self.server_stream,
        }
    }

    /// Returns how many octets turned out to be missing.
    fn segment(&mut self, segment: &Segment<'_>, seen: Seen) -> u64 {
        let side = if segment.from == self.client { Side::Client } else { Side::Server };
        let sequence = segment.sequence.wrapping_add(u32::from(segment.syn));
        if let Some(acknowledged) = segment.acknowledged {
            self.stream(side.other()).acknowledge(acknowledged);
        }
        let stream = self.stream(side);
        let first = *stream.first.get_or_insert(sequence);
        let position = stream.position(first, sequence);
        let mut missing = 0;
        if let Some(position) = position {
            if position == stream.at && stream.waiting.is_empty() && !segment.octets.is_empty() {
                // Most are in order and need not wait.
                missing = self.hand_on(side, position, segment.octets, segment.missing, seen);
            } else {
                stream.take(position, segment.octets, segment.missing);
            }
            let stream = self.stream(side);
            if segment.fin {
                let length = segment.octets.len().saturating_add(segment.missing) as u64;
                stream.fin = Some(position.saturating_add(length));
            }
        }
        for stream in [&mut self.client_stream, &mut self.server_stream] {
            stream.patience = if stream.waiting.is_empty() { 0 } else { stream.patience.saturating_add(1) };
        }
        missing = missing.saturating_add(self.drain(side, seen, segment.rst));
        missing = missing.saturating_add(self.drain(side.other(), seen, segment.rst));
        if segment.rst && !self.stream(side).closed {
            self.stream(side).closed = true;
            self.connection.closed(side, seen);
        }
        missing
    }

    /// Hands on what is new of octets that stand at or in front of what is awaited, behind which so many were cut off.
    /// Returns how many are missing.
    fn hand_on(&mut self, side: Side, position: u64, octets: &[u8], cut: usize, seen: Seen) -> u64 {
        let stream = self.stream(side);
        let end = position.saturating_add(octets.len() as u64);
        let old = usize::try_from(stream.at.saturating_sub(position)).unwrap_or(usize::MAX);
        let new = octets.get(old..).unwrap_or_default();
        stream.at = stream.at.max(end);
        let whole = end.saturating_add(cut as u64);
        let missing = whole.saturating_sub(stream.at);
        stream.at = stream.at.max(whole);
        if !new.is_empty() {
            self.kept = self.kept.saturating_add(new.len());
            self.connection.octets(side, new, seen);
        }
        if missing > 0 {
            self.connection.gap(side, seen);
        }
        missing
    }

    /// Hands on what is in order; with `all`, also what stands behind holes. Returns the octets that are missing.
    fn drain(&mut self, side: Side, seen: Seen, all: bool) -> u64 {
        let mut missing = 0_u64;
        loop {
            let stream = match side {
                Side::Client => &mut self.client_stream,
                Side::Server => &mut self.server_stream,
            };
            let Some(entry) = stream.waiting.first_entry() else { break };
            let position = *entry.key();
            if position > stream.at {
                let gone = stream.acknowledged >= position && stream.patience > PATIENCE;
                if !(all || gone || stream.waiting_octets > WAITING_LIMIT) {
                    break;
                }
                missing = missing.saturating_add(position.saturating_sub(stream.at));
                stream.at = position;
                self.connection.gap(side, seen);
                continue;
            }
            let (octets, cut) = entry.remove();
            stream.waiting_octets = stream.waiting_octets.saturating_sub(octets.len());
            missing = missing.saturating_add(self.hand_on(side, position, &octets, cut, seen));
        }
        let stream = self.stream(side);
        if !stream.closed && stream.fin.is_some_and(|fin| fin <= stream.at) {
            stream.closed = true;
            self.connection.closed(side, seen);
        }
        missing
    }
}

impl Stream {
    /// Where a sequence number stands in the stream; nothing for what lies before its start.
    fn position(&self, first: u32, sequence: u32) -> Option<u64> {
        // The distance from what was handed on, which is less than half of the number space.
        let here = first.wrapping_add(u32::try_from(self.at & 0xFFFF_FFFF).unwrap_or_default());
        let distance = i64::from(sequence.wrapping_sub(here).cast_signed());
        self.at.checked_add_signed(distance)
    }

    fn acknowledge(&mut self, number: u32) {
        let Some(first) = self.first else { return };
        if let Some(position) = self.position(first, number) {
            self.acknowledged = self.acknowledged.max(position);
        }
    }

    /// What came first stays; of two pieces at one place the longer is kept.
    fn take(&mut self, position: u64, octets: &[u8], cut: usize) {
        let end = position.saturating_add(octets.len() as u64).saturating_add(cut as u64);
        if end <= self.at || (octets.is_empty() && cut == 0) {
            return;
        }
        let known = self.waiting.get(&position).map_or(0, |(octets, _)| octets.len());
        if octets.len() > known || !self.waiting.contains_key(&position) {
            self.waiting_octets = self.waiting_octets.saturating_sub(known).saturating_add(octets.len());
            self.waiting.insert(position, (octets.to_vec(), cut));
        }
    }
}
