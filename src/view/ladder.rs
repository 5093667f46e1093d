//! The sequence ladder: one row per message or mark, in order of time, as values that any face can draw.

use super::Aside;
use crate::base::{Endpoint, Hop, Layer, MASK, Origin, Side, order};
use crate::trace::{Acts, Ending, Event, EventId, EventKind, Note, Trace, Who};
use std::rc::Rc;

/// At most this many lines of one message stand in its row.
const LINES_SHOWN: usize = 8;

/// The whole diagram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    /// Whether there is a lane for the middle.
    pub middle: bool,
    /// Where each connection went, where known.
    pub endpoints: Vec<Option<Endpoint>>,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The place that verdicts point at: an input line, a frame, or the event's number in a simulation.
    pub place: u32,
    /// The connection, from 0.
    pub connection: usize,
    /// Whether it travels inside TLS.
    pub layer: Layer,
    /// What it is.
    pub kind: RowKind,
    /// What a party says of itself at this point.
    pub notes: Vec<(Side, String)>,
    /// Inside TLS, but somebody in between can read it all the same.
    pub open: bool,
    /// It shows a secret to somebody in between.
    pub exposes: bool,
    /// The row read aloud.
    pub sentence: String,
}

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// A message between the ends.
    Message {
        /// Who sent it, or in whose name the middle did.
        from: Side,
        /// On the client's hop.
        client_hop: Option<Arrow>,
        /// On the server's hop; never there without a middle lane.
        server_hop: Option<Arrow>,
        /// What the middle did to it.
        change: Change,
        /// Octets in the clear after STARTTLS or its answer and before the handshake.
        early: bool,
        /// The grammar does not allow it.
        malformed: Option<String>,
    },
    /// A change of ground, across all lanes.
    Band(Band, String),
    /// A line of the recording that was not understood.
    Unread {
        /// What it says.
        text: Vec<Piece>,
        /// Why nothing was read from it.
        why: Rc<str>,
    },
    /// Lines that follow each other and are of a protocol that is not covered.
    Foreign {
        /// Which one.
        protocol: Rc<str>,
        /// The last of the lines.
        last: u32,
        /// The first few.
        lines: Vec<Vec<Piece>>,
        /// How many more there are.
        more: usize,
    },
}

impl RowKind {
    /// Whether it is no part of the session: stepping passes it over.
    #[must_use]
    pub fn aside(&self) -> bool {
        matches!(self, Self::Unread { .. } | Self::Foreign { .. })
    }
}

/// A change of ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// From here on TLS protects the session.
    TlsUp,
    /// From here on a layer ends at the middle, which reads and writes inside it.
    TlsAtMiddle,
    /// A handshake begins whose result the source does not show.
    TlsBegan,
    /// The handshake failed.
    TlsFailed,
    /// The layer ends and the connection goes on.
    TlsEnded,
    /// The client asks the resolver.
    Lookup,
    /// The connection ends.
    Closed,
}

/// A message on one hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The event that was seen there, in its connection's trace.
    pub event: EventId,
    /// Whether it travels inside TLS there.
    pub layer: Layer,
    /// Its lines in pieces.
    pub lines: Vec<Vec<Piece>>,
    /// How many more lines there are.
    pub more: usize,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text, safe to show.
    pub text: String,
    /// How it is marked.
    pub mark: Mark,
}

/// How a piece of text is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Not at all.
    Plain,
    /// A secret, shown as dots.
    Secret,
    /// The middle took it out on the way.
    Removed,
    /// The middle put it in.
    Added,
}

/// What the middle did to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// Altered it; says how in a few words.
    Altered(String),
    /// Kept it from its receiver.
    Dropped,
    /// Made it up.
    Forged,
}

/// Draws the connections of one run or of one imported session, and the lines in between that are no part of it.
#[must_use]
pub fn ladder(connections: &[Trace], aside: &[Aside]) -> Ladder {
    let mut pencil = Pencil::new(connections);
    while pencil.draw(usize::MAX) {}
    pencil.finish(aside)
}

/// Draws a ladder piece by piece, for a face that has to do something else in between.
#[derive(Debug)]
pub struct Pencil<'a> {
    connections: &'a [Trace],
    /// The connection that is drawn.
    connection: usize,
    /// Its events by their place, from which on they are not drawn yet.
    events: Vec<&'a Event>,
    at: usize,
    rows: Vec<Row>,
}

impl<'a> Pencil<'a> {
    /// Nothing is drawn yet.
    #[must_use]
    pub fn new(connections: &'a [Trace]) -> Self {
        Self { connections, connection: 0, events: Vec::new(), at: 0, rows: Vec::new() }
    }

    /// Draws so many more rows; whether there are any left.
    pub fn draw(&mut self, rows: usize) -> bool {
        let Some(trace) = self.connections.get(self.connection) else { return false };
        if self.events.is_empty() {
            self.events.extend(trace.events());
            order::sort_by_key(&mut self.events, |event| event.places.0);
        }
        for _ in 0..rows {
            let rest = self.events.get(self.at..).unwrap_or_default();
            let Some(events) = rest.chunk_by(|a, b| a.places.0 == b.places.0).next() else { break };
            let place = events.first().map_or(0, |event| event.places.0);
            self.at = self.at.saturating_add(events.len());
            self.rows.extend(row(trace, self.connection, place, events));
        }
        if self.at >= self.events.len() {
            self.connection = self.connection.saturating_add(1);
            self.events.clear();
            self.at = 0;
        }
        self.connection < self.connections.len()
    }

    /// The ladder as far as it is drawn, and the lines in between that are no part of it.
    #[must_use]
    pub fn finish(self, aside: &[Aside]) -> Ladder {
        let Self { connections, mut rows, .. } = self;
        if !aside.is_empty() {
            rows.extend(
                aside.chunk_by(|a, b| a.foreign.is_some() && a.foreign == b.foreign).filter_map(aside_row),
            );
            order::sort_by_key(&mut rows, |row| row.place);
        }
        let middle = connections.iter().any(Trace::two_hops);
        let endpoints =
            connections.iter().map(|trace| trace.peer().map(|peer| peer.endpoint.clone())).collect();
        Ladder { middle, endpoints, rows }
    }
}

/// The row of a line that was not understood, or of several that are not covered.
fn aside_row(aside: &[Aside]) -> Option<Row> {
    let (first, last) = (aside.first()?, aside.last()?);
    let said = first.spoken();
    let (kind, sentence) = match &first.foreign {
        None => (
            RowKind::Unread { text: first.text.clone(), why: first.why.clone() },
            format!("Not understood, {}: {said}", first.why),
        ),
        Some(protocol) => (
            RowKind::Foreign {
                protocol: protocol.clone(),
                last: last.line,
                lines: aside.iter().take(LINES_SHOWN).map(|line| line.text.clone()).collect(),
                more: aside.len().saturating_sub(LINES_SHOWN),
            },
            format!("{protocol} is not covered, lines {} to {}: {said}", first.line, last.line),
        ),
    };
    let (place, layer, notes) = (first.line, Layer::Clear, Vec::new());
    Some(Row { place, connection: 0, layer, kind, notes, open: false, exposes: false, sentence })
}

fn row(trace: &Trace, connection: usize, place: u32, events: &[&Event]) -> Option<Row> {
    let notes: Vec<_> = events
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::Note(note) => note_text(note).map(|text| (event.from, text)),
            _ => None,
        })
        .collect();
    let message = |hop| {
        let on_hop = events.iter().copied().filter(|e| e.hop == hop && !e.span.is_empty());
        on_hop
            .filter(|e| !matches!(e.kind, EventKind::LeftOver))
            .max_by_key(|e| (e.span.len(), !e.secrets.is_empty()))
    };
    let (client, server) = (message(Hop::Client), message(Hop::Server));
    let open = events.iter().any(|event| event.layer == Layer::Tls && trace.open_to_attacker(event));
    let exposes = events.iter().any(|event| {
        (event.layer == Layer::Clear || trace.open_to_attacker(event)) && shows_credential(event)
    });
    let mut row = Row {
        place,
        connection,
        layer: events.first().map_or(Layer::Clear, |event| event.layer),
        kind: band(trace, events)
            .map_or(RowKind::Band(Band::Closed, String::new()), |(band, text)| RowKind::Band(band, text)),
        notes,
        open,
        exposes,
        sentence: String::new(),
    };
    if let Some(event) = client.or(server) {
        row.layer = event.layer;
        let (mut left, mut right) = (client.map(|e| arrow(trace, e)), server.map(|e| arrow(trace, e)));
        let change = compare(trace, client, server, &mut left, &mut right);
        row.kind = RowKind::Message {
            from: event.from,
            client_hop: left,
            server_hop: right,
            change,
            early: events.iter().any(|event| matches!(event.kind, EventKind::LeftOver)),
            malformed: events.iter().find_map(|event| match event.kind {
                EventKind::Malformed(problem) => Some(problem.to_string()),
                _ => None,
            }),
        };
    } else if matches!(&row.kind, RowKind::Band(_, text) if text.is_empty()) && row.notes.is_empty() {
        return None;
    }
    row.sentence = sentence(&row);
    Some(row)
}

fn band(trace: &Trace, events: &[&Event]) -> Option<(Band, String)> {
    let mut found = None;
    for event in events {
        match &event.kind {
            EventKind::TlsUp(facts) => {
                let version = facts.version.map_or("TLS", |version| version.name());
                let mut text = version.replacen("TLSv", "TLS ", 1);
                if let Some(cipher) = &facts.cipher {
                    text = format!("{text} · {cipher}");
                }
                let checked = facts.verification.as_ref().is_none_or(|v| v.name_matched.is_some());
                match facts.reference() {
                    Some(_) if facts.certificate.is_none() => text.push_str(" · no certificate"),
                    Some(name) if checked => text.push_str(&format!(" · certificate checked for {name}")),
                    Some(_) => text.push_str(" · certificate checked for no name"),
                    None => {}
                }
                let band = if facts.ends_at_middle { Band::TlsAtMiddle } else { Band::TlsUp };
                return Some((band, text));
            }
            EventKind::TlsFailed(failure) => {
                return Some((Band::TlsFailed, format!("TLS handshake failed: {failure}")));
            }
            EventKind::TlsBegan => {
                let text = if trace.leg(Side::Client).sees_inside_tls() {
                    "TLS begins; what goes through it is in this recording"
                } else {
                    "TLS handshake begins; its result is not recorded"
                };
                found = Some((Band::TlsBegan, text.to_owned()));
            }
            EventKind::TlsEnded(ending) => {
                found = Some((Band::TlsEnded, ended(event.from, *ending)));
            }
            EventKind::Lookup(lookup) => {
                found = Some((Band::Lookup, lookup.to_string()));
            }
            EventKind::Closed if !matches!(found, Some((Band::TlsBegan | Band::Lookup, _))) => {
                let cut = matches!(found, Some((Band::TlsEnded, _)))
                    && events.iter().any(|e| matches!(e.kind, EventKind::TlsEnded(Ending::Cut)));
                let how = if cut { " without ending TLS" } else { "" };
                let text = format!("{} closes the connection{how}", capital(event.from.name()));
                found = Some((Band::Closed, text));
            }
            _ => {}
        }
    }
    found
}

fn ended(by: Side, ending: Ending) -> String {
    format!("{} ends TLS: {ending}", capital(by.name()))
}

/// A secret that is one for certain; what nobody understood is hidden too, but may be anything.
fn shows_credential(event: &Event) -> bool {
    match &event.kind {
        EventKind::Command(command) => command.credential.is_some(),
        EventKind::AuthStep { credential, .. } => credential.is_some(),
        _ => false,
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn note_text(note: Note) -> Option<String> {
    Some(match note {
        Note::SetTo(what) => what.words().to_owned(),
        Note::CapabilitiesDropped => "forgets the capabilities it learned before TLS".to_owned(),
        Note::CapabilitiesKept => "keeps the capabilities it learned before TLS".to_owned(),
        Note::WarnedUser => "warns its user: this session is not private".to_owned(),
        Note::UserNotWarned => "goes on without TLS and tells nobody".to_owned(),
        Note::ResultIgnored => "goes on as if TLS were up".to_owned(),
        Note::AskedUser(doubt) => format!("asks its user: {doubt}?"),
        Note::UserAgreed => "is told by its user to go on".to_owned(),
        Note::UserDeclined => "is told by its user to stop".to_owned(),
        Note::CertificatePinned => "keeps the certificate for later sessions".to_owned(),
        Note::KeptIncomplete => "takes what was cut off for complete".to_owned(),
        Note::Refused(refusal) => format!("stops: {refusal}"),
        Note::Acts(Acts::Capabilities, _) | Note::Identity(Who::Owner) => return None,
        Note::Acts(acts, _) => acts.words().to_owned(),
        Note::Identity(who) => format!("gives this session to {}", who.word()),
        Note::NameKept => "keeps the user name from before TLS".to_owned(),
        Note::Attacker => "is the attacker, on a connection of his own".to_owned(),
        Note::Crashed => "breaks down".to_owned(),
        Note::Reset => "forgets the user before".to_owned(),
        Note::Kept(what) => format!("keeps {} of the user before", what.words()),
        Note::Policy(_) | Note::ResultChecked | Note::State(_) | Note::Stage(_) => return None,
    })
}

fn arrow(trace: &Trace, event: &Event) -> Arrow {
    let mut lines = vec![Vec::new()];
    for (text, secret) in trace.pieces(event) {
        if secret {
            push(&mut lines, MASK.to_owned(), Mark::Secret);
            continue;
        }
        for (number, part) in text.split("\\x0D\\x0A").enumerate() {
            if number > 0 {
                lines.push(Vec::new());
            }
            push(&mut lines, part.to_owned(), Mark::Plain);
        }
    }
    // The dot that ends an answer of several lines is no line that anybody has to look for.
    let whole = lines.len().saturating_sub(LINES_SHOWN);
    let only_dot =
        whole == 1 && lines.last().is_some_and(|line| matches!(line.as_slice(), [dot] if dot.text == "."));
    let more = if only_dot { 0 } else { whole };
    lines.truncate(LINES_SHOWN.saturating_add(usize::from(only_dot)));
    Arrow { event: event.id, layer: event.layer, lines, more }
}

fn push(lines: &mut [Vec<Piece>], text: String, mark: Mark) {
    if !text.is_empty()
        && let Some(line) = lines.last_mut()
    {
        line.push(Piece { text, mark });
    }
}

/// Says what the middle did, and marks the words on the hop where they were and where they went.
fn compare(
    trace: &Trace,
    client: Option<&Event>,
    server: Option<&Event>,
    left: &mut Option<Arrow>,
    right: &mut Option<Arrow>,
) -> Change {
    if !trace.two_hops() {
        return Change::None;
    }
    match (client, server) {
        (Some(c), Some(s)) if trace.octets(c) != trace.octets(s) => {
            let (Some(left), Some(right)) = (left, right) else { return Change::None };
            let (removed, added) = match c.from {
                Side::Client => mark_words(left, right),
                Side::Server => mark_words(right, left),
            };
            Change::Altered(match (removed, added) {
                (n, 0) => format!("{n} {} removed here", words(n)),
                (0, n) => format!("{n} {} added here", words(n)),
                (n, m) => format!("{n} {} replaced by {m}", words(n)),
            })
        }
        (Some(event), None) | (None, Some(event)) => {
            if event.origin == Origin::Added {
                Change::Forged
            } else if event.hop == Hop::next_to(event.from) {
                Change::Dropped
            } else {
                Change::None
            }
        }
        _ => Change::None,
    }
}

fn words(n: usize) -> &'static str {
    if n == 1 { "word" } else { "words" }
}

/// Splits both messages into words, marks what only the first has as removed and what only the second has as added.
fn mark_words(before: &mut Arrow, after: &mut Arrow) -> (usize, usize) {
    let (old, new) = (tokens(before), tokens(after));
    let common = longest_common(&old, &new);
    let removed = remark(before, &old, &common.0, Mark::Removed);
    let added = remark(after, &new, &common.1, Mark::Added);
    (removed, added)
}

/// Words of an arrow with the line that each stands in; secrets are one word each.
fn tokens(arrow: &Arrow) -> Vec<(usize, Piece)> {
    let mut tokens = Vec::new();
    for (number, line) in arrow.lines.iter().enumerate() {
        for piece in line {
            if piece.mark == Mark::Secret {
                tokens.push((number, piece.clone()));
                continue;
            }
            for word in piece.text.split_inclusive(' ') {
                tokens.push((number, Piece { text: word.to_owned(), mark: piece.mark }));
            }
        }
    }
    tokens
}

/// Which tokens both have in common, by the longest common subsequence; words count as equal without the space.
fn longest_common(a: &[(usize, Piece)], b: &[(usize, Piece)]) -> (Vec<bool>, Vec<bool>) {
    let same = |x: &(usize, Piece), y: &(usize, Piece)| x.1.text.trim_end() == y.1.text.trim_end();
    let width = b.len().saturating_add(1);
    let mut table = vec![0_u32; width.saturating_mul(a.len().saturating_add(1))];
    let at = |i: usize, j: usize| i.saturating_mul(width).saturating_add(j);
    let read = |table: &[u32], i: usize, j: usize| table.get(at(i, j)).copied().unwrap_or(0);
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let longest = if same(x, y) {
                read(&table, i.saturating_add(1), j.saturating_add(1)).saturating_add(1)
            } else {
                read(&table, i.saturating_add(1), j).max(read(&table, i, j.saturating_add(1)))
            };
            if let Some(cell) = table.get_mut(at(i, j)) {
                *cell = longest;
            }
        }
    }
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if same(x, y) {
            if let (Some(x), Some(y)) = (in_a.get_mut(i), in_b.get_mut(j)) {
                (*x, *y) = (true, true);
            }
            i = i.saturating_add(1);
            j = j.saturating_add(1);
        } else if read(&table, i.saturating_add(1), j) >= read(&table, i, j.saturating_add(1)) {
            i = i.saturating_add(1);
        } else {
            j = j.saturating_add(1);
        }
    }
    (in_a, in_b)
}

fn remark(arrow: &mut Arrow, tokens: &[(usize, Piece)], common: &[bool], mark: Mark) -> usize {
    for line in &mut arrow.lines {
        line.clear();
    }
    let mut marked = 0;
    for ((number, token), &common) in tokens.iter().zip(common) {
        let Some(line) = arrow.lines.get_mut(*number) else { continue };
        let word = token.text.trim_end();
        let spaces = token.text.get(word.len()..).unwrap_or_default();
        let mark = if common { token.mark } else { mark };
        marked += usize::from(!common);
        line.push(Piece { text: word.to_owned(), mark });
        if !spaces.is_empty() {
            line.push(Piece { text: spaces.to_owned(), mark: Mark::Plain });
        }
    }
    for line in &mut arrow.lines {
        *line = merged(line);
    }
    marked
}

/// Neighbouring pieces of the same mark become one.
fn merged(line: &[Piece]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for piece in line {
        match pieces.last_mut() {
            Some(last) if last.mark == piece.mark && piece.mark == Mark::Plain => {
                last.text.push_str(&piece.text)
            }
            _ => pieces.push(piece.clone()),
        }
    }
    pieces
}

fn spoken(arrow: &Arrow) -> String {
    arrow.lines.first().map(|line| read_aloud(line)).unwrap_or_default()
}

/// A line as a reader hears it.
pub(super) fn read_aloud(line: &[Piece]) -> String {
    line.iter()
        .map(|piece| if piece.mark == Mark::Secret { "(secret)" } else { piece.text.as_str() })
        .collect()
}

fn sentence(row: &Row) -> String {
    let protection = match row.layer {
        Layer::Clear => "in the clear",
        Layer::Tls => "inside TLS",
    };
    let mut text = match &row.kind {
        RowKind::Band(_, text) => text.clone(),
        // Their sentence is made with the row.
        RowKind::Unread { .. } | RowKind::Foreign { .. } => row.sentence.clone(),
        RowKind::Message { from, client_hop, server_hop, change, .. } => {
            let (sent, got) = match from {
                Side::Client => (client_hop, server_hop),
                Side::Server => (server_hop, client_hop),
            };
            let to = from.other().name();
            let from = capital(from.name());
            let said = sent.as_ref().or(got.as_ref()).map(spoken).unwrap_or_default();
            match change {
                Change::None => format!("{from} to {to}, {protection}: {said}"),
                Change::Altered(how) => {
                    let seen = got.as_ref().map(spoken).unwrap_or_default();
                    format!(
                        "{from} to {to}, {protection}: {said}. The middle alters it, {how}; {to} gets: {seen}"
                    )
                }
                Change::Dropped => format!("{from} to {to}, {protection}: {said}. The middle keeps it"),
                Change::Forged => format!(
                    "The middle to {to}, in the name of the {}, {protection}: {said}",
                    from.to_lowercase()
                ),
            }
        }
    };
    for (side, note) in &row.notes {
        text.push_str(&format!(". {} {note}", capital(side.name())));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;
    use crate::sim::{Setup, run};

    /// The ladder as text, for people who read snapshots.
    fn drawn(ladder: &Ladder) -> String {
        ladder.rows.iter().map(|row| format!("{:>2} {}\n", row.place, row.sentence)).collect()
    }

    #[test]
    fn the_strip_reads_aloud() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.attack("strip-capability").unwrap();
        insta::assert_snapshot!(drawn(&ladder(&run(&setup).connections, &[])));
    }

    #[test]
    fn the_upgrade_reads_aloud() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.profile(Side::Client, "private").unwrap();
        insta::assert_snapshot!(drawn(&ladder(&run(&setup).connections, &[])));
    }

    #[test]
    fn a_ladder_drawn_in_pieces_is_the_same() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.attack("strip-capability").unwrap();
        let connections = [run(&setup).connections, run(&setup).connections].concat();
        let whole = ladder(&connections, &[]);
        for piece in [1, 3] {
            let mut pencil = Pencil::new(&connections);
            let mut pieces = 1;
            while pencil.draw(piece) {
                pieces += 1;
            }
            assert!(pieces * piece >= whole.rows.len() && pieces > 2, "{pieces}");
            assert_eq!(pencil.finish(&[]), whole);
        }
    }

    #[test]
    fn lines_that_were_not_understood_stand_between_their_neighbours() {
        let trace = crate::testing::read_imap("S: * OK hi\nC: a NOOP\nS: a OK done");
        let places: Vec<_> = trace.events().iter().map(|event| event.places.0).collect();
        let smtp: Option<Rc<str>> = Some("SMTP".into());
        let last = places.last().copied().unwrap();
        let mut aside = vec![Aside::new(0, b"noise", "no mark".into(), None)];
        aside.push(Aside::new(places[0], b"more noise", "no mark".into(), None));
        aside.extend((1..=12).map(|n| Aside::new(last + n, b"250 OK", "not covered".into(), smtp.clone())));
        let ladder = ladder(&[trace], &aside);
        assert!(ladder.rows.is_sorted_by_key(|row| row.place));
        let kinds: Vec<_> = ladder.rows.iter().map(|row| row.kind.aside()).collect();
        assert_eq!(kinds, [true, false, true, false, false, true]);
        let RowKind::Foreign { lines, more, .. } = &ladder.rows[5].kind else { panic!("not grouped") };
        assert_eq!((lines.len(), *more), (8, 4));
        assert_eq!(ladder.rows[0].sentence, "Not understood, no mark: noise");
    }

    #[test]
    fn what_was_taken_out_is_marked_where_it_was() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.attack("strip-capability").unwrap();
        let ladder = ladder(&run(&setup).connections, &[]);
        let removed: Vec<_> = ladder
            .rows
            .iter()
            .filter_map(|row| match &row.kind {
                RowKind::Message { server_hop: Some(arrow), change: Change::Altered(how), .. } => {
                    let marked = arrow.lines.iter().flatten().filter(|piece| piece.mark == Mark::Removed);
                    Some((how.clone(), marked.map(|piece| piece.text.clone()).collect::<Vec<_>>()))
                }
                _ => None,
            })
            .collect();
        let words = vec!["STARTTLS".to_owned(), "LOGINDISABLED".to_owned()];
        assert_eq!(removed, [("2 words removed here".to_owned(), words)]);
    }
}
