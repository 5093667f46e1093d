//! Reads the words of a command one by one: atoms, strings, numbers, sequence sets, dates (RFC 9051 section 9).

use super::{Fault, FaultKind};
use crate::proto::imap::grammar;

/// Ranges in one sequence set.
pub const RANGE_LIMIT: usize = 1000;
/// Items of any parenthesised list.
pub const LIST_LIMIT: usize = 100;

/// A set of message numbers or UIDs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceSet {
    /// `$`: what the last SEARCH saved (RFC 5182).
    Saved,
    /// Ranges, each with its ends in either order; `None` stands for `*`, the highest there is.
    Ranges(Vec<(Option<u32>, Option<u32>)>),
}

impl SequenceSet {
    /// Whether a number is in the set where `highest` is the highest in use. `$` holds what it is told by the caller.
    #[must_use]
    pub fn holds(&self, number: u32, highest: u32) -> bool {
        match self {
            Self::Saved => false,
            Self::Ranges(ranges) => ranges.iter().any(|(from, to)| {
                let (from, to) = (from.unwrap_or(highest), to.unwrap_or(highest));
                (from.min(to)..=from.max(to)).contains(&number)
            }),
        }
    }

    /// The highest number that is named outright.
    #[must_use]
    pub fn highest_named(&self) -> u32 {
        match self {
            Self::Saved => 0,
            Self::Ranges(ranges) => ranges.iter().flat_map(|(a, b)| [*a, *b]).flatten().max().unwrap_or(0),
        }
    }
}

/// A day: year, month from 1, day from 1. Days compare as they follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// The year, four digits.
    pub year: u16,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, 1 to 31.
    pub day: u8,
}

/// The months as dates write them.
pub const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The octets of one command and how far they were read.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// A reader of a command without its line ending, from a place on.
    #[must_use]
    pub fn new(octets: &'a [u8], at: usize) -> Self {
        Self { octets, at: at.min(octets.len()) }
    }

    /// A fault at the next octet.
    #[must_use]
    pub fn fault(&self, kind: FaultKind) -> Fault {
        Fault { kind, at: self.at }
    }

    /// A fault: something else was expected here.
    #[must_use]
    pub fn expected(&self, what: &'static str) -> Fault {
        self.fault(FaultKind::Expected(what))
    }

    fn rest(&self) -> &'a [u8] {
        self.octets.get(self.at..).unwrap_or_default()
    }

    /// The next octet.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    /// Whether everything was read.
    #[must_use]
    pub fn at_end(&self) -> bool {
        self.at >= self.octets.len()
    }

    /// Takes an octet if it comes next.
    pub fn eat(&mut self, octet: u8) -> bool {
        let found = self.peek() == Some(octet);
        self.at += usize::from(found);
        found
    }

    /// Takes an octet that must come next.
    ///
    /// # Errors
    /// When it does not.
    pub fn need(&mut self, octet: u8, what: &'static str) -> Result<(), Fault> {
        if self.eat(octet) { Ok(()) } else { Err(self.expected(what)) }
    }

    /// Takes the one space between two arguments.
    ///
    /// # Errors
    /// When there is none.
    pub fn space(&mut self) -> Result<(), Fault> {
        self.need(b' ', "a space and a further argument")
    }

    /// The command must end here.
    ///
    /// # Errors
    /// When it goes on.
    pub fn end(&self) -> Result<(), Fault> {
        if self.at_end() { Ok(()) } else { Err(self.fault(FaultKind::Surplus)) }
    }

    fn while_octets(&mut self, fits: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|&o| !fits(o)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// `atom`, without regard to case: in upper case.
    ///
    /// # Errors
    /// When none comes next.
    pub fn word(&mut self, what: &'static str) -> Result<String, Fault> {
        let start = self.clone();
        let word = self.while_octets(is_atom_char);
        if word.is_empty() {
            return Err(start.expected(what));
        }
        Ok(grammar::upper(word))
    }

    /// Takes a word if it comes next and a separator or the end follows it.
    pub fn eat_word(&mut self, wanted: &str) -> bool {
        let mut ahead = self.clone();
        let found = ahead.while_octets(is_atom_char).eq_ignore_ascii_case(wanted.as_bytes());
        if found {
            *self = ahead;
        }
        found
    }

    /// `astring`: an atom, a quoted string or a literal.
    ///
    /// # Errors
    /// When none comes next.
    pub fn astring(&mut self, what: &'static str) -> Result<Vec<u8>, Fault> {
        match self.peek() {
            Some(b'"' | b'{') => self.string(what),
            _ => {
                let start = self.clone();
                let atom = self.while_octets(grammar::is_astring_char);
                if atom.is_empty() { Err(start.expected(what)) } else { Ok(atom.to_vec()) }
            }
        }
    }

    /// `string`: quoted or a literal.
    ///
    /// # Errors
    /// When none comes next, or when it is not well formed.
    pub fn string(&mut self, what: &'static str) -> Result<Vec<u8>, Fault> {
        let quoted = self.peek() == Some(b'"');
        let found = match self.peek() {
            Some(b'"' | b'{') => grammar::astring(self.octets, self.at),
            _ => None,
        };
        let Some((part, end)) = found else { return Err(self.expected(what)) };
        let octets = self.octets.get(part).unwrap_or_default();
        if octets.contains(&0) {
            return Err(self.fault(FaultKind::Nul));
        }
        self.at = end;
        Ok(if quoted { grammar::unquoted(octets) } else { octets.to_vec() })
    }

    /// A literal that may hold any octet: a message. Also `literal8` without its tilde's meaning.
    ///
    /// # Errors
    /// When none comes next.
    pub fn literal(&mut self, what: &'static str) -> Result<Vec<u8>, Fault> {
        self.eat(b'~');
        let found = if self.peek() == Some(b'{') { grammar::astring(self.octets, self.at) } else { None };
        let Some((part, end)) = found else { return Err(self.expected(what)) };
        self.at = end;
        Ok(self.octets.get(part).unwrap_or_default().to_vec())
    }

    /// `list-mailbox`: like an astring, but `%` and `*` are allowed.
    ///
    /// # Errors
    /// When none comes next.
    pub fn pattern(&mut self) -> Result<Vec<u8>, Fault> {
        match self.peek() {
            Some(b'"' | b'{') => self.string("a mailbox pattern"),
            _ => {
                let start = self.clone();
                let fits = |o| grammar::is_astring_char(o) || matches!(o, b'%' | b'*');
                let atom = self.while_octets(fits);
                if atom.is_empty() { Err(start.expected("a mailbox pattern")) } else { Ok(atom.to_vec()) }
            }
        }
    }

    /// `number64`, up to 2^63-1.
    ///
    /// # Errors
    /// When none comes next or it is too large.
    pub fn number(&mut self) -> Result<u64, Fault> {
        let start = self.clone();
        let digits = self.while_octets(|o| o.is_ascii_digit());
        let text = std::str::from_utf8(digits).unwrap_or_default();
        match text.parse::<u64>() {
            Ok(number) if number <= i64::MAX.unsigned_abs() => Ok(number),
            _ => Err(start.expected("a number")),
        }
    }

    fn sequence_number(&mut self) -> Result<Option<u32>, Fault> {
        if self.eat(b'*') {
            return Ok(None);
        }
        let start = self.clone();
        match u32::try_from(self.number()?) {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(start.expected("a message number from 1 to 4294967295")),
        }
    }

    /// `sequence-set`, `$` included.
    ///
    /// # Errors
    /// When none comes next, or when it has more than [`RANGE_LIMIT`] ranges.
    pub fn sequence_set(&mut self) -> Result<SequenceSet, Fault> {
        if self.eat(b'$') {
            return Ok(SequenceSet::Saved);
        }
        let mut ranges = Vec::new();
        loop {
            let from = self.sequence_number()?;
            let to = if self.eat(b':') { self.sequence_number()? } else { from };
            ranges.push((from, to));
            if ranges.len() > RANGE_LIMIT {
                return Err(self.fault(FaultKind::TooMany("ranges")));
            }
            if !self.eat(b',') {
                return Ok(SequenceSet::Ranges(ranges));
            }
        }
    }

    /// A flag: `\Seen` or a keyword. System flags get their usual case.
    ///
    /// # Errors
    /// When none comes next.
    pub fn flag(&mut self) -> Result<String, Fault> {
        let start = self.clone();
        let system = self.eat(b'\\');
        let name = self.while_octets(is_atom_char);
        if name.is_empty() {
            return Err(start.expected("a flag"));
        }
        let name = String::from_utf8_lossy(name).into_owned();
        if !system {
            return Ok(name);
        }
        let known = ["Answered", "Deleted", "Draft", "Flagged", "Seen"];
        match known.into_iter().find(|known| known.eq_ignore_ascii_case(&name)) {
            Some(known) => Ok(format!("\\{known}")),
            None => Err(start.expected("a flag that a client may set")),
        }
    }

    /// Items in parentheses with spaces between them, at least `least` of them.
    ///
    /// # Errors
    /// When an item is wrong, when there are too few, or more than [`LIST_LIMIT`].
    pub fn list<T>(
        &mut self,
        least: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        self.need(b'(', "a list in parentheses")?;
        let mut items = Vec::new();
        while self.peek() != Some(b')') {
            if !items.is_empty() {
                self.space()?;
            }
            items.push(item(self)?);
            if items.len() > LIST_LIMIT {
                return Err(self.fault(FaultKind::TooMany("items of a list")));
            }
        }
        if items.len() < least {
            return Err(self.expected("an item of the list"));
        }
        self.need(b')', "the end of the list")?;
        Ok(items)
    }

    /// `date`: `1-Feb-1994`, also in quotes.
    ///
    /// # Errors
    /// When none comes next.
    pub fn date(&mut self) -> Result<Day, Fault> {
        let start = self.clone();
        let quoted = self.eat(b'"');
        let text = self.while_octets(|o| o.is_ascii_alphanumeric() || o == b'-');
        let day = day(text).filter(|_| !quoted || self.eat(b'"'));
        day.ok_or_else(|| start.expected("a date such as 1-Feb-1994"))
    }

    /// `date-time`: `"17-Jul-1996 02:44:25 -0700"`, a space in place of a leading zero of the day. Gives the day and
    /// the text as it was written.
    ///
    /// # Errors
    /// When none comes next.
    pub fn date_time(&mut self) -> Result<(Day, String), Fault> {
        let start = self.clone();
        let wrong = start.expected("a date and time such as \"17-Jul-1996 02:44:25 -0700\"");
        let text = self.string("a date and time").map_err(|_| wrong)?;
        let text = String::from_utf8(text).map_err(|_| wrong)?;
        let mut words = text.trim_start().split(' ');
        let (date, time, zone) = (words.next(), words.next(), words.next());
        let day = day(date.unwrap_or_default().as_bytes());
        let shape = |text: Option<&str>, shape: &str| {
            text.is_some_and(|text| {
                text.len() == shape.len()
                    && text.bytes().zip(shape.bytes()).all(|(o, wanted)| match wanted {
                        b'0' => o.is_ascii_digit(),
                        b'+' => matches!(o, b'+' | b'-'),
                        other => o == other,
                    })
            })
        };
        let fits =
            text.len() == 26 && shape(time, "00:00:00") && shape(zone, "+0000") && words.next().is_none();
        match day {
            Some(day) if fits => Ok((day, text)),
            _ => Err(wrong),
        }
    }
}

/// `ATOM-CHAR`.
#[must_use]
pub fn is_atom_char(octet: u8) -> bool {
    grammar::is_astring_char(octet) && octet != b']'
}

fn day(text: &[u8]) -> Option<Day> {
    let mut parts = text.split(|&o| o == b'-');
    let number = |part: &[u8]| std::str::from_utf8(part).ok()?.parse::<u16>().ok();
    let day = u8::try_from(number(parts.next()?)?).ok().filter(|day| (1..=31).contains(day))?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|name| month.eq_ignore_ascii_case(name.as_bytes()))?;
    let year = parts.next().filter(|year| year.len() == 4).and_then(number)?;
    let month = u8::try_from(month).ok()?.checked_add(1)?;
    parts.next().is_none().then_some(Day { year, month, day })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_they_name_and_star_is_the_highest() {
        let set = Reader::new(b"2,7:5,9:*", 0).sequence_set().unwrap();
        let held: Vec<u32> = (1..=12).filter(|&n| set.holds(n, 10)).collect();
        assert_eq!(held, [2, 5, 6, 7, 9, 10]);
        assert_eq!(set.highest_named(), 9);
        for wrong in ["0", "1:", "4294967296", ",1", "a"] {
            assert!(Reader::new(wrong.as_bytes(), 0).sequence_set().is_err(), "{wrong}");
        }
        let many = "1,".repeat(RANGE_LIMIT) + "1";
        let fault = Reader::new(many.as_bytes(), 0).sequence_set().unwrap_err();
        assert_eq!(fault.kind, FaultKind::TooMany("ranges"));
    }

    #[test]
    fn dates_have_one_form() {
        let day = Day { year: 1996, month: 7, day: 7 };
        assert_eq!(Reader::new(b"7-jul-1996", 0).date(), Ok(day));
        assert_eq!(Reader::new(b"\" 7-Jul-1996 02:44:25 -0700\"", 0).date_time().unwrap().0, day);
        for wrong in ["32-Jul-1996", "7-Jux-1996", "7-Jul-96", "7-Jul-1996-1", "\"7-Jul-1996"] {
            assert!(Reader::new(wrong.as_bytes(), 0).date().is_err(), "{wrong}");
        }
        assert!(Reader::new(b"\"07-Jul-1996 2:44:25 -0700\"", 0).date_time().is_err());
    }

    #[test]
    fn lists_are_bounded_and_closed() {
        let list = |text: &str| Reader::new(text.as_bytes(), 0).list(1, |reader| reader.flag());
        assert_eq!(list("(\\seen $Junk)").unwrap(), ["\\Seen", "$Junk"]);
        assert!(
            list("()").is_err()
                && list("(a").is_err()
                && list("(a b").is_err()
                && list("(\\Recent)").is_err()
        );
        assert!(list(&format!("({})", vec!["a"; LIST_LIMIT + 1].join(" "))).is_err());
    }
}
