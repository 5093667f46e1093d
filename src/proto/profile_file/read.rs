//! The reader of profile files. It goes on behind a mistake, so that one reading shows them all.

use super::{Problem, ProfileError, ProfileFile, switches, switches_of};
use crate::base::{Protocol, Side, near, order, stays_visible};

/// A file of more octets than this is not read.
pub const SIZE_LIMIT: usize = 64 << 10;

/// More mistakes than this are not listed.
const ERROR_LIMIT: usize = 20;

/// The entries that are not switches, with the longest value of each, in characters.
const HEAD: &[(&str, usize)] = &[("side", 10), ("protocols", 40), ("id", 40), ("title", 60), ("about", 300)];

/// The sides, by name.
const SIDES: &[&str] = &["client", "server"];

/// One `NAME = VALUE`.
struct Pair<'a> {
    line: usize,
    name: &'a str,
    name_column: usize,
    value: &'a str,
    value_column: usize,
}

struct Reader {
    errors: Vec<ProfileError>,
}

/// Reads a file.
///
/// # Errors
/// Every mistake in it, in order; at most 20.
pub fn read(octets: &[u8]) -> Result<ProfileFile, Vec<ProfileError>> {
    let at_start = |problem| vec![ProfileError { line: 1, column: 1, problem }];
    if octets.len() > SIZE_LIMIT {
        return Err(at_start(Problem::TooLarge { limit: SIZE_LIMIT }));
    }
    let text = std::str::from_utf8(octets).map_err(|error| {
        let before = octets.get(..error.valid_up_to()).unwrap_or_default();
        let line_start = before.iter().rposition(|&o| o == b'\n').map_or(0, |at| at.saturating_add(1));
        let in_line = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default());
        let line = before.iter().filter(|&&o| o == b'\n').count().saturating_add(1);
        vec![ProfileError {
            line,
            column: in_line.chars().count().saturating_add(1),
            problem: Problem::NotText,
        }]
    })?;
    let mut reader = Reader { errors: Vec::new() };
    // Editors of some systems put a mark before the text.
    let pairs = reader.pairs(text.strip_prefix('\u{feff}').unwrap_or(text));
    let file = reader.file(&pairs);
    let mut errors = reader.errors;
    order::sort_by_key(&mut errors, |error| (error.line, error.column));
    errors.truncate(ERROR_LIMIT);
    match (file, errors.is_empty()) {
        (Some(file), true) => Ok(file),
        _ => Err(errors),
    }
}

/// The column of a part of a line, in characters from 1.
fn column(line: &str, part: &str) -> usize {
    let before = part.as_ptr().addr().saturating_sub(line.as_ptr().addr());
    line.get(..before).unwrap_or_default().chars().count().saturating_add(1)
}

impl Reader {
    fn complain(&mut self, line: usize, column: usize, problem: Problem) {
        self.errors.push(ProfileError { line, column, problem });
    }

    fn pairs<'a>(&mut self, text: &'a str) -> Vec<Pair<'a>> {
        let mut pairs: Vec<Pair<'a>> = Vec::new();
        for (number, whole) in text.lines().enumerate() {
            let line = number.saturating_add(1);
            let content = whole.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if let Some((at, _)) = whole.chars().enumerate().find(|(_, c)| *c != '\t' && !stays_visible(*c)) {
                self.complain(line, at.saturating_add(1), Problem::Invisible);
                continue;
            }
            let Some((name, value)) = content.split_once('=') else {
                self.complain(line, column(whole, content), Problem::NotAPair);
                continue;
            };
            let (name, value) = (name.trim_end(), value.trim_start());
            if name.is_empty() {
                self.complain(line, column(whole, content), Problem::NotAPair);
            } else if value.is_empty() {
                let end = whole.chars().count().saturating_add(1);
                self.complain(line, end, Problem::NoValue { name: name.to_owned() });
            } else if let Some(before) = pairs.iter().find(|pair| pair.name == name) {
                let problem = Problem::Twice { name: name.to_owned(), line: before.line };
                self.complain(line, column(whole, name), problem);
            } else {
                let (name_column, value_column) = (column(whole, name), column(whole, value));
                pairs.push(Pair { line, name, name_column, value, value_column });
            }
        }
        pairs
    }

    fn file(&mut self, pairs: &[Pair<'_>]) -> Option<ProfileFile> {
        for (name, limit) in HEAD {
            for pair in pairs.iter().filter(|pair| pair.name == *name) {
                if pair.value.chars().count() > *limit {
                    self.complain(pair.line, pair.value_column, Problem::TooLong { name, limit: *limit });
                }
            }
        }
        let given = |name| pairs.iter().find(|pair| pair.name == name);
        let mut file = ProfileFile::new(self.side(given("side"))?);
        if let Some(pair) = given("protocols") {
            file.protocols = self.protocols(pair);
        }
        if let Some(pair) = given("id") {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            if !pair.value.chars().all(fits) || !pair.value.starts_with(|c: char| c.is_ascii_alphabetic()) {
                self.complain(pair.line, pair.value_column, Problem::Id);
            }
            pair.value.clone_into(&mut file.id);
        }
        for (name, text) in [("title", &mut file.title), ("about", &mut file.about)] {
            if let Some(pair) = given(name) {
                pair.value.clone_into(text);
            }
        }
        for pair in pairs.iter().filter(|pair| HEAD.iter().all(|(name, _)| *name != pair.name)) {
            self.switch(&mut file, pair);
        }
        Some(file)
    }

    fn side(&mut self, pair: Option<&Pair<'_>>) -> Option<Side> {
        let Some(pair) = pair else {
            self.complain(1, 1, Problem::Missing { name: "side", values: SIDES });
            return None;
        };
        let side = Side::BOTH.into_iter().find(|side| side.name() == pair.value);
        if side.is_none() {
            self.no_such_value(pair, pair.value, pair.value_column, SIDES.to_vec());
        }
        side
    }

    fn protocols(&mut self, pair: &Pair<'_>) -> Vec<Protocol> {
        let mut found = Vec::new();
        for word in pair.value.split(',').map(str::trim) {
            match Protocol::ALL.into_iter().find(|protocol| protocol.id().eq_ignore_ascii_case(word)) {
                Some(protocol) => found.push(protocol),
                None => {
                    let at = pair.value_column.saturating_add(column(pair.value, word)).saturating_sub(1);
                    self.no_such_value(pair, word, at, Protocol::ALL.map(Protocol::id).to_vec());
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn no_such_value(&mut self, pair: &Pair<'_>, value: &str, column: usize, values: Vec<&'static str>) {
        let near = near(value, values.iter().copied());
        let problem = Problem::Value { name: pair.name.to_owned(), value: value.to_owned(), values, near };
        self.complain(pair.line, column, problem);
    }

    fn switch(&mut self, file: &mut ProfileFile, pair: &Pair<'_>) {
        let (scope, id) = match pair.name.split_once('.') {
            Some((word, id)) => match Protocol::ALL.into_iter().find(|protocol| protocol.id() == word) {
                Some(protocol) => (Some(protocol), id),
                None => (None, pair.name),
            },
            None => (None, pair.name),
        };
        let speaks = |protocol: &Protocol| {
            file.protocols.contains(protocol) && scope.is_none_or(|only| only == *protocol)
        };
        let about: Vec<_> = Protocol::ALL.into_iter().filter(speaks).collect();
        let mine = switches_of(&about, file.side);
        if !mine.iter().any(|switch| switch.id == id) {
            let problem = unknown(file.side, &about, pair.name, id);
            self.complain(pair.line, pair.name_column, problem);
            return;
        }
        if file.set(scope, id, pair.value).is_err() {
            // Of a switch that protocols have with different values, those that all take.
            let lists = about.iter().filter_map(|protocol| {
                switches(*protocol, file.side)
                    .iter()
                    .find(|switch| switch.id == id)
                    .map(|switch| switch.values)
            });
            let values =
                lists.reduce(
                    |common, other| {
                        if common.iter().all(|value| other.contains(value)) { common } else { other }
                    },
                );
            self.no_such_value(pair, pair.value, pair.value_column, values.unwrap_or_default().to_vec());
        }
    }
}

/// Why nothing of this name can be set by a profile of this side for these protocols.
fn unknown(side: Side, about: &[Protocol], name: &str, id: &str) -> Problem {
    let having = |side: Side| -> Vec<Protocol> {
        let has = |protocol: &Protocol| switches(*protocol, side).iter().any(|switch| switch.id == id);
        Protocol::ALL.into_iter().filter(has).collect()
    };
    let elsewhere = having(side);
    if !elsewhere.is_empty() {
        return Problem::OtherProtocol { name: id.to_owned(), protocols: elsewhere };
    }
    if !having(side.other()).is_empty() {
        return Problem::OtherSide { name: id.to_owned(), owner: side.other().name(), side: side.name() };
    }
    let ids = switches_of(about, side).into_iter().map(|switch| switch.id);
    let heads = HEAD.iter().map(|(name, _)| *name);
    // Somebody may have written the name as the command line has it.
    let bare = id.rsplit('.').next().unwrap_or(id);
    Problem::Unknown { name: name.to_owned(), near: near(bare, ids.chain(heads)) }
}
