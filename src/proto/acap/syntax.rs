//! ACAP's formal syntax, strictly: whole messages to values and back (RFC 2244 section 8). The server's machine reads
//! with it; the observer, which has to make sense of anything, reads with [`super::grammar`].

use crate::wire;
use std::fmt;

/// Lists and conditions stand inside each other at most so deep.
pub const DEPTH_LIMIT: usize = 32;

/// A tag has at most so many octets.
const TAG_LIMIT: usize = 32;
/// An atom has at most so many octets.
const ATOM_LIMIT: usize = 1024;
/// A quoted string has at most so many octets between its quotes.
const QUOTED_LIMIT: usize = 1024;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The message does not begin with a tag, `*` or `+`.
    Tag,
    /// A tag, an atom or a quoted string is too long.
    TooLong,
    /// One space has to stand here, and does not.
    Space,
    /// A value has to begin here, and none does.
    Value,
    /// An octet that a quoted string cannot hold: NUL, CR, LF.
    Character,
    /// A backslash in front of something else than a quote or a backslash.
    Escape,
    /// A quoted string without its end.
    Unclosed,
    /// A list without its end.
    OpenList,
    /// A number of 32 bits or more.
    Number,
    /// A literal without its octets.
    Literal,
    /// Lists inside each other, deeper than [`DEPTH_LIMIT`].
    Depth,
    /// The message does not end in CR LF where its line ends.
    End,
    /// A word is no command.
    Command,
    /// Arguments that the command does not take.
    Arguments,
}

/// Something that the syntax does not allow, with its octet from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The octet.
    pub at: usize,
    /// What is wrong.
    pub kind: Kind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            Kind::Tag => "a tag has to stand here",
            Kind::TooLong => "this is too long",
            Kind::Space => "one space has to stand here",
            Kind::Value => "a word, a string or a list has to stand here",
            Kind::Character => "no quoted string can hold this",
            Kind::Escape => "a backslash stands in front of quotes and backslashes only",
            Kind::Unclosed => "the string has no end",
            Kind::OpenList => "the list has no end",
            Kind::Number => "the number is too large",
            Kind::Literal => "the literal is not complete",
            Kind::Depth => "this is nested too deeply",
            Kind::End => "the line has to end here",
            Kind::Command => "this is no command",
            Kind::Arguments => "the command does not take this",
        };
        write!(f, "octet {}: {what}", self.at)
    }
}

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `"x"`
    Quoted,
    /// `{1}` or, with a plus, `{1+}`, and the octets.
    Literal {
        /// The sender does not wait for leave; clients only.
        plus: bool,
    },
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A word; case does not matter.
    Atom(String),
    /// A number.
    Number(u32),
    /// A string.
    Text(Vec<u8>, Form),
    /// Values in parentheses. `glued`: no space in front, as metadata behind an attribute has it.
    List {
        /// The values, with the octet at which each begins.
        items: Vec<Value>,
        /// Without a space in front.
        glued: bool,
    },
}

/// A value and the octet at which it begins.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its first octet.
    pub at: usize,
    /// What it is.
    pub item: Item,
}

/// Where it stands does not make a value another one.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.item == other.item
    }
}
impl Eq for Value {}

impl Value {
    /// A string's octets.
    #[must_use]
    pub fn text(&self) -> Option<&[u8]> {
        match &self.item {
            Item::Text(octets, _) => Some(octets),
            _ => None,
        }
    }

    /// Whether it is an atom that reads like a word, which is in upper case.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        matches!(&self.item, Item::Atom(atom) if atom.eq_ignore_ascii_case(word))
    }
}

/// How a message begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// The client's tag.
    Tag(String),
    /// `*`: untagged.
    Star,
    /// `+`: the server asks for more.
    Plus,
}

/// A whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How it begins.
    pub lead: Lead,
    /// What follows.
    pub values: Vec<Value>,
}

fn is_atom_char(octet: u8) -> bool {
    matches!(octet, b'!' | 0x23..=0x27 | 0x2A..=0x5B | 0x5D..=0x7A | 0x7C..=0x7E)
}

struct Reader<'a> {
    octets: &'a [u8],
    at: usize,
}

/// Reads a message with its literals and its line ending.
///
/// # Errors
/// The first fault.
pub fn read(octets: &[u8]) -> Result<Message, Fault> {
    let mut reader = Reader { octets, at: 0 };
    let lead = reader.lead()?;
    let mut values = Vec::new();
    while reader.peek() != Some(b'\r') {
        reader.space()?;
        values.push(reader.value(0, false)?);
        while reader.peek() == Some(b'(') {
            values.push(reader.value(0, true)?);
        }
    }
    if octets.get(reader.at..) == Some(b"\r\n") {
        Ok(Message { lead, values })
    } else {
        Err(reader.fault(Kind::End))
    }
}

/// Reads an answer to a challenge: one string on a line of its own.
///
/// # Errors
/// The first fault; the unquoted `*` that gives up is one.
pub fn read_answer(octets: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut reader = Reader { octets, at: 0 };
    let Item::Text(text, _) = reader.value(0, false)?.item else {
        return Err(Fault { at: 0, kind: Kind::Value });
    };
    if octets.get(reader.at..) == Some(b"\r\n") { Ok(text) } else { Err(reader.fault(Kind::End)) }
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    fn fault(&self, kind: Kind) -> Fault {
        Fault { at: self.at, kind }
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn space(&mut self) -> Result<(), Fault> {
        if self.peek() != Some(b' ') {
            return Err(self.fault(if self.peek().is_none() { Kind::End } else { Kind::Space }));
        }
        self.step();
        Ok(())
    }

    /// The longest run of octets that fit.
    fn run(&mut self, limit: usize, fits: impl Fn(u8) -> bool) -> Result<String, Fault> {
        let start = self.at;
        while self.peek().is_some_and(&fits) {
            self.step();
        }
        if self.at.saturating_sub(start) > limit {
            return Err(Fault { at: start.saturating_add(limit), kind: Kind::TooLong });
        }
        Ok(String::from_utf8_lossy(self.octets.get(start..self.at).unwrap_or_default()).into_owned())
    }

    fn lead(&mut self) -> Result<Lead, Fault> {
        match self.peek() {
            Some(b'*') => {
                self.step();
                Ok(Lead::Star)
            }
            Some(b'+') => {
                self.step();
                Ok(Lead::Plus)
            }
            _ => {
                let tag =
                    self.run(TAG_LIMIT, |octet| is_atom_char(octet) && !matches!(octet, b'*' | b'+'))?;
                if tag.is_empty() { Err(self.fault(Kind::Tag)) } else { Ok(Lead::Tag(tag)) }
            }
        }
    }

    fn value(&mut self, depth: usize, glued: bool) -> Result<Value, Fault> {
        let at = self.at;
        let item = match self.peek() {
            Some(b'"') => self.quoted()?,
            Some(b'{') => self.literal()?,
            Some(b'(') => self.list(depth, glued)?,
            Some(octet) if octet.is_ascii_digit() => {
                let digits = self.run(usize::MAX, |octet| octet.is_ascii_digit())?;
                Item::Number(digits.parse().map_err(|_| Fault { at, kind: Kind::Number })?)
            }
            Some(octet) if octet.is_ascii_alphabetic() => Item::Atom(self.run(ATOM_LIMIT, is_atom_char)?),
            _ => return Err(self.fault(Kind::Value)),
        };
        Ok(Value { at, item })
    }

    fn quoted(&mut self) -> Result<Item, Fault> {
        self.step();
        let start = self.at;
        let mut text = Vec::new();
        loop {
            let octet = self.peek().ok_or(self.fault(Kind::Unclosed))?;
            if octet != b'"' && self.at.saturating_sub(start) >= QUOTED_LIMIT {
                return Err(self.fault(Kind::TooLong));
            }
            match octet {
                b'"' => break,
                0 | b'\r' | b'\n' => return Err(self.fault(Kind::Character)),
                b'\\' => {
                    self.step();
                    match self.peek() {
                        Some(octet @ (b'"' | b'\\')) => text.push(octet),
                        _ => return Err(self.fault(Kind::Escape)),
                    }
                }
                _ => text.push(octet),
            }
            self.step();
        }
        self.step();
        Ok(Item::Text(text, Form::Quoted))
    }

    fn literal(&mut self) -> Result<Item, Fault> {
        let fault = self.fault(Kind::Literal);
        let line = wire::line(self.octets, self.at, 0)
            .filter(|line| line.ending == wire::Ending::CrLf)
            .ok_or(fault)?;
        let announcement = self.octets.get(line.text.clone()).unwrap_or_default();
        let announced = wire::literal(announcement).filter(|found| found.announced_in == announcement.len());
        let announced = announced.ok_or(fault)?;
        let length = u32::try_from(announced.octets).map_err(|_| self.fault(Kind::Number))?;
        let start = line.end();
        let end = start.saturating_add(length as usize);
        let text = self.octets.get(start..end).ok_or(fault)?.to_vec();
        self.at = end;
        Ok(Item::Text(text, Form::Literal { plus: !announced.synchronizing }))
    }

    fn list(&mut self, depth: usize, glued: bool) -> Result<Item, Fault> {
        if depth >= DEPTH_LIMIT {
            return Err(self.fault(Kind::Depth));
        }
        self.step();
        let mut items: Vec<Value> = Vec::new();
        loop {
            match self.peek() {
                Some(b')') => break,
                None | Some(b'\r' | b'\n') => return Err(self.fault(Kind::OpenList)),
                Some(b'(') if !items.is_empty() => items.push(self.value(depth.saturating_add(1), true)?),
                _ => {
                    if !items.is_empty() {
                        self.space()?;
                    }
                    items.push(self.value(depth.saturating_add(1), false)?);
                }
            }
        }
        self.step();
        Ok(Item::List { items, glued })
    }
}

/// Writes a message.
#[must_use]
pub fn write(message: &Message) -> Vec<u8> {
    let mut octets = match &message.lead {
        Lead::Tag(tag) => tag.clone().into_bytes(),
        Lead::Star => b"*".to_vec(),
        Lead::Plus => b"+".to_vec(),
    };
    for value in &message.values {
        write_value(value, false, &mut octets);
    }
    octets.extend_from_slice(b"\r\n");
    octets
}

fn write_value(value: &Value, first: bool, to: &mut Vec<u8>) {
    if !first && !matches!(value.item, Item::List { glued: true, .. }) {
        to.push(b' ');
    }
    match &value.item {
        Item::Atom(atom) => to.extend_from_slice(atom.as_bytes()),
        Item::Number(number) => to.extend_from_slice(number.to_string().as_bytes()),
        Item::Text(text, Form::Quoted) => to.extend(crate::proto::quoted(text)),
        Item::Text(text, Form::Literal { plus }) => {
            let plus = if *plus { "+" } else { "" };
            to.extend_from_slice(format!("{{{}{plus}}}\r\n", text.len()).as_bytes());
            to.extend_from_slice(text);
        }
        Item::List { items, .. } => {
            to.push(b'(');
            for (number, item) in items.iter().enumerate() {
                write_value(item, number == 0, to);
            }
            to.push(b')');
        }
    }
}

/// A string in the form that can hold it.
#[must_use]
pub fn string(octets: &[u8]) -> Vec<u8> {
    let fits = octets.len() <= QUOTED_LIMIT / 2 && !octets.iter().any(|o| matches!(o, 0 | b'\r' | b'\n'));
    let form = if fits { Form::Quoted } else { Form::Literal { plus: false } };
    let mut written = Vec::new();
    write_value(&Value { at: 0, item: Item::Text(octets.to_vec(), form) }, true, &mut written);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_octet() {
        let deep = format!("a X {}\r\n", "(".repeat(DEPTH_LIMIT + 1));
        let long_tag = format!("{} NOOP\r\n", "t".repeat(33));
        let long_atom = format!("a {}\r\n", "x".repeat(1025));
        let long_string = format!("a X \"{}\"\r\n", "x".repeat(1025));
        let table: [(&[u8], usize, Kind); 25] = [
            (b"", 0, Kind::Tag),
            (b"\r\n", 0, Kind::Tag),
            (b" NOOP\r\n", 0, Kind::Tag),
            (b"(a) NOOP\r\n", 0, Kind::Tag),
            (long_tag.as_bytes(), 32, Kind::TooLong),
            (b"a*b NOOP\r\n", 1, Kind::Space),
            (b"a  NOOP\r\n", 2, Kind::Value),
            (b"a NOOP \r\n", 7, Kind::Value),
            (b"a NOOP", 6, Kind::End),
            (b"a NOOP\r", 6, Kind::End),
            (b"a NOOP\n", 6, Kind::Space),
            (b"a NOOP\r\nb", 6, Kind::End),
            (long_atom.as_bytes(), 2 + 1024, Kind::TooLong),
            (b"a X \"b", 6, Kind::Unclosed),
            (b"a X \"b\r\n", 6, Kind::Character),
            (b"a X \"\0\"\r\n", 5, Kind::Character),
            (b"a X \"\\x\"\r\n", 6, Kind::Escape),
            (long_string.as_bytes(), 5 + 1024, Kind::TooLong),
            (b"a X \"b\"\"c\"\r\n", 7, Kind::Space),
            (b"a X (b\r\n", 6, Kind::OpenList),
            (b"a X b)\r\n", 5, Kind::Space),
            (b"a X 4294967296\r\n", 4, Kind::Number),
            (b"a X {3}\r\nab", 4, Kind::Literal),
            (b"a X {3\r\nab\r\n", 4, Kind::Literal),
            (deep.as_bytes(), 4 + DEPTH_LIMIT, Kind::Depth),
        ];
        for (octets, at, kind) in table {
            let fault = Fault { at, kind };
            assert_eq!(read(octets), Err(fault), "{}", String::from_utf8_lossy(octets));
            assert!(fault.to_string().starts_with(&format!("octet {at}: ")));
        }
    }

    #[test]
    fn answers_to_a_challenge_are_one_string() {
        assert_eq!(read_answer(b"\"tim b913\"\r\n"), Ok(b"tim b913".to_vec()));
        assert_eq!(read_answer(b"{3+}\r\n\0a\0\r\n"), Ok(b"\0a\0".to_vec()));
        for wrong in [&b"*\r\n"[..], b"tim\r\n", b"\"a\" \"b\"\r\n", b"\"a\"", b"\r\n", b"(\"a\")\r\n"] {
            assert!(read_answer(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_string_is_written_in_a_form_that_can_hold_it() {
        assert_eq!(string(b"say \"x\""), b"\"say \\\"x\\\"\"");
        assert_eq!(string(b"a\r\nb"), b"{4}\r\na\r\nb");
        assert!(string(&[b'x'; 2000]).starts_with(b"{2000}\r\n"));
    }
}
