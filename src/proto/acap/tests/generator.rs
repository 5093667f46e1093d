//! Lines made at random from the formal syntax of RFC 2244 section 8, rule by rule, and lines that differ from them in
//! one octet. Nobody else parses ACAP, so the grammar itself is the second opinion.

use super::super::{command, grammar, syntax};
use crate::base::Seed;
use crate::base::{Hop, Layer, Origin, Protocol, Side, Tick};
use crate::proto::{Recorder, Tap};
use crate::trace::{Carries, Class, Stamp};
use rand_core::RngCore;

/// Makes what the rules of the same names allow.
struct Maker(Box<dyn RngCore>);

impl Maker {
    fn new(seed: u64) -> Self {
        Self(Box::new(Seed(seed).generator(0xACA9)))
    }

    fn below(&mut self, n: u32) -> u32 {
        self.0.next_u32() % n
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    /// `least*most` of something, joined.
    fn many(
        &mut self,
        least: u32,
        most: u32,
        joint: &str,
        mut make: impl FnMut(&mut Self) -> String,
    ) -> String {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| make(self)).collect::<Vec<_>>().join(joint)
    }

    fn octets(&mut self, least: u32, most: u32, fits: fn(u8) -> bool) -> String {
        self.many(least, most, "", |maker| {
            loop {
                let octet = maker.below(128) as u8;
                if fits(octet) {
                    return char::from(octet).to_string();
                }
            }
        })
    }

    // Words.
    fn tag(&mut self) -> String {
        self.octets(1, 32, |o| matches!(o, 0x21 | 0x23..=0x27 | 0x2C..=0x5B | 0x5D..=0x7A | 0x7C..=0x7E))
    }

    fn atom(&mut self) -> String {
        self.octets(1, 1, |o| o.is_ascii_alphabetic())
            + &self.octets(
                0,
                9,
                |o| matches!(o, b'!' | 0x23..=0x27 | 0x2A..=0x5B | 0x5D..=0x7A | 0x7C..=0x7E),
            )
    }

    fn number(&mut self) -> String {
        let number = self.0.next_u32();
        self.pick(&[0, 1, 9, number, u32::MAX]).to_string()
    }

    /// `quoted`: safe characters, what UTF-8 has of them, and escaped quotes and backslashes.
    fn quoted(&mut self) -> String {
        let inside = self.many(0, 8, "", |maker| match maker.below(6) {
            0 => maker.pick(&["\\\"", "\\\\"]).to_owned(),
            1 => maker.pick(&["é", "語", "𝄞"]).to_owned(),
            _ => maker.octets(1, 1, |o| !matches!(o, 0 | b'\r' | b'\n' | b'"' | b'\\')),
        });
        format!("\"{inside}\"")
    }

    fn literal(&mut self) -> String {
        let text = self.many(0, 6, "", |maker| match maker.below(4) {
            0 => maker.pick(&["\r\n", "a1 STARTTLS\r\n", "\0", "{9+}", ")"]).to_owned(),
            _ => maker.octets(1, 1, |_| true),
        });
        let plus = self.pick(&["", "+"]);
        format!("{{{}{plus}}}\r\n{text}", text.len())
    }

    fn string(&mut self) -> String {
        if self.below(3) == 0 { self.literal() } else { self.quoted() }
    }

    fn case(&mut self, word: &str) -> String {
        word.chars().map(|c| if self.below(2) == 0 { c.to_ascii_lowercase() } else { c }).collect()
    }

    fn time(&mut self) -> String {
        format!("\"{}\"", self.pick(&["19951206103412", "20261121000059999", "00000101000000"]))
    }

    fn comparator(&mut self) -> String {
        format!("\"{}{}\"", self.pick(&["", "+", "-"]), self.pick(&["i;octet", "i;ascii-casemap"]))
    }

    /// A name: a string that is UTF-8.
    fn name(&mut self) -> String {
        loop {
            let string = self.string();
            if !string.contains('\0') {
                return string;
            }
        }
    }

    // Commands.
    fn criteria(&mut self, depth: u32) -> String {
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0 => self.case("ALL"),
            1 => {
                let value = if self.below(2) == 0 { self.case("NIL") } else { self.string() };
                format!("{} {} {} {value}", self.case("EQUAL"), self.name(), self.comparator())
            }
            word @ 2..=5 => {
                let word = ["COMPARE", "COMPARESTRICT", "PREFIX", "SUBSTRING"][word as usize - 2];
                format!("{} {} {} {}", self.case(word), self.name(), self.comparator(), self.string())
            }
            6 => format!("{} {}", self.case("NOT"), self.criteria(depth - 1)),
            word => {
                let word = if word == 7 { "OR" } else { "AND" };
                format!("{} {} {}", self.case(word), self.criteria(depth - 1), self.criteria(depth - 1))
            }
        }
    }

    fn metadata(&mut self) -> String {
        let types = self.many(0, 2, " ", |m| m.pick(&["\"value\"", "\"size\"", "\"myrights\""]).to_owned());
        let list = if types.is_empty() { types } else { format!("({types})") };
        self.name() + &list
    }

    fn search(&mut self) -> String {
        let mut text = format!("{} {}", self.case("SEARCH"), self.name());
        if self.below(2) == 0 {
            text += &format!(" {} {}", self.case("DEPTH"), self.number());
        }
        if self.below(3) == 0 {
            text += &format!(" LIMIT {} {}", self.number(), self.number());
        }
        if self.below(3) == 0 {
            text += " NOINHERIT";
        }
        if self.below(2) == 0 {
            text += &format!(" {} ({})", self.case("RETURN"), self.many(0, 3, " ", Self::metadata));
        }
        if self.below(3) == 0 {
            text += &format!(" SORT ({})", self.many(1, 2, " ", |m| m.name() + " " + &m.comparator()));
        }
        text + " " + &self.criteria(3)
    }

    fn store(&mut self) -> String {
        let entry = |maker: &mut Self| {
            let mut number = 0;
            // No path and no attribute twice.
            let mut unique = |maker: &mut Self| {
                number += 1;
                format!("\"/a/{number}/{}\"", maker.0.next_u64())
            };
            let mut text = format!("({}", unique(maker));
            if maker.below(3) == 0 {
                text += &format!(" UNCHANGEDSINCE {}", maker.time());
            }
            if maker.below(3) == 0 {
                text += " NOCREATE";
            }
            for _ in 0..maker.below(3) {
                let value = match maker.below(4) {
                    0 => maker.case("NIL"),
                    1 => "DEFAULT".to_owned(),
                    2 => format!("(\"value\" {})", maker.string()),
                    _ => maker.string(),
                };
                text += &format!(" {} {value}", unique(maker));
            }
            text + ")"
        };
        format!("{} {}", self.case("STORE"), self.many(1, 3, " ", entry))
    }

    fn command(&mut self) -> String {
        let words = match self.below(8) {
            0 => self.case("NOOP"),
            1 => self.case("LOGOUT"),
            2 => self.case("STARTTLS"),
            3 => format!(
                "LANG {}",
                self.many(1, 3, " ", |m| m.pick(&["\"en\"", "\"fr-ca\"", "\"i-default\""]).to_owned())
            ),
            4 => {
                let mechanism = self.pick(&["\"PLAIN\"", "\"CRAM-MD5\"", "\"x-new_1\""]);
                let initial = if self.below(2) == 0 { format!(" {}", self.string()) } else { String::new() };
                format!("{} {mechanism}{initial}", self.case("AUTHENTICATE"))
            }
            5 => self.store(),
            _ => self.search(),
        };
        format!("{} {words}\r\n", self.tag())
    }

    // Responses.
    fn extension_data(&mut self, depth: u32) -> String {
        self.many(1, 3, " ", |maker| match maker.below(if depth == 0 { 3 } else { 4 }) {
            0 => maker.atom(),
            1 => maker.string(),
            2 => maker.number(),
            _ => format!(
                "({})",
                if maker.below(4) == 0 { String::new() } else { maker.extension_data(depth - 1) }
            ),
        })
    }

    fn body(&mut self) -> String {
        let code = match self.below(4) {
            0 => String::new(),
            1 => format!("({}) ", self.pick(&["ENCRYPT-NEEDED", "TRANSITION-NEEDED", "AUTH-TOO-WEAK"])),
            2 => format!("(SASL {}) ", self.string()),
            _ => format!("({} {}) ", self.atom(), self.extension_data(2)),
        };
        code + &self.quoted()
    }

    fn response(&mut self) -> String {
        let tag = self.tag();
        let words = match self.below(8) {
            0 => {
                let item = |maker: &mut Self| {
                    let arguments = maker.many(0, 3, "", |m| " ".to_owned() + &m.string());
                    format!("({}{arguments})", maker.atom())
                };
                format!("* ACAP {}", self.many(1, 4, " ", item))
            }
            1 => format!("* {} {}", self.pick(&["OK", "NO", "BAD", "BYE", "ALERT"]), self.body()),
            2 => format!("+ {}", self.string()),
            3 => {
                let data = self.many(1, 3, " ", |maker| match maker.below(4) {
                    0 => "NIL".to_owned(),
                    1 => format!("({})", maker.many(1, 3, " ", Self::string)),
                    2 => format!("(({}))", maker.many(1, 3, " ", Self::string)),
                    _ => maker.string(),
                });
                format!("{tag} ENTRY {} {data}", self.name())
            }
            4 => format!("{tag} MODTIME {}", self.time()),
            5 => format!("{tag} REFER {} \"acap://x.test/y\"", self.name()),
            _ => format!("{tag} {} {}", self.pick(&["OK", "NO", "BAD"]), self.body()),
        };
        words + "\r\n"
    }
}

#[test]
fn commands_made_from_the_grammar_are_read_and_written_again() {
    let mut maker = Maker::new(1);
    for _ in 0..4000 {
        let line = maker.command();
        let read = syntax::read(line.as_bytes()).unwrap_or_else(|fault| panic!("{line:?}: {fault}"));
        assert_eq!(syntax::write(&read), line.as_bytes(), "{line:?}");
        let command = command::command(&read.values, line.len() - 2);
        assert!(command.is_ok(), "{line:?}: {}", command.unwrap_err());
        // The observer's reader comes to the same.
        let parsed = grammar::command(line.as_bytes()).unwrap_or_else(|| panic!("{line:?}"));
        let syntax::Lead::Tag(tag) = &read.lead else { panic!("{line:?}") };
        assert_eq!(&line.as_bytes()[parsed.tag], tag.as_bytes(), "{line:?}");
        assert!(read.values[0].is(&parsed.name), "{line:?} {}", parsed.name);
    }
}

#[test]
fn responses_made_from_the_grammar_are_read_and_written_again() {
    let mut maker = Maker::new(2);
    for _ in 0..4000 {
        let line = maker.response();
        let read = syntax::read(line.as_bytes()).unwrap_or_else(|fault| panic!("{line:?}: {fault}"));
        assert_eq!(syntax::write(&read), line.as_bytes(), "{line:?}");
        assert!(grammar::tokens(line.as_bytes()).is_some(), "{line:?}");
        if line.starts_with("* ACAP") {
            let items = grammar::greeting_items(line.as_bytes()).unwrap();
            assert_eq!(items.len(), read.values.len() - 1, "{line:?}");
        }
    }
}

#[test]
fn the_observer_takes_every_line_of_the_grammar_for_what_it_is() {
    let mut maker = Maker::new(3);
    for _ in 0..1000 {
        let (command, response) = (maker.command(), maker.response());
        let mut recorder =
            Recorder::new(crate::proto::find(Protocol::Acap).unwrap(), Carries::TRANSCRIPT, false);
        for (place, from, line) in [
            (1, Side::Server, "* ACAP (STARTTLS)\r\n"),
            (2, Side::Client, &command),
            (3, Side::Server, &response),
        ] {
            let stamp = Stamp { at: Tick(0), hop: Hop::Client, place };
            let tap =
                Tap::Octets { from, layer: Layer::Clear, origin: Origin::Genuine, octets: line.as_bytes() };
            recorder.tap(stamp, tap);
        }
        let trace = recorder.finish();
        let leg = trace.leg(Side::Client);
        assert_eq!(leg.commands().count(), 1, "{command:?}");
        // A tagged response answers nothing here, and data for nobody is no response.
        let odd: Vec<_> = leg.of(Class::Malformed).map(|event| event.places.0).collect();
        let data = ["ENTRY", "MODTIME", "REFER"].iter().any(|word| response.split(' ').nth(1) == Some(word));
        assert_eq!(odd, if data { vec![3] } else { vec![] }, "{command:?} {response:?}");
    }
}

#[test]
fn lines_that_differ_in_an_octet_are_read_as_they_are_or_refused_at_a_place() {
    let mut maker = Maker::new(4);
    let mut refused = 0;
    for number in 0..8000 {
        let line = if number % 2 == 0 { maker.command() } else { maker.response() };
        let mut octets = line.into_bytes();
        let at = maker.below(octets.len() as u32) as usize;
        match maker.below(3) {
            0 => {
                octets.remove(at);
            }
            1 => octets.insert(at, maker.pick(b" \"\\(){}\r\n\0*+0aA\xE9")),
            _ => octets[at] = maker.below(256) as u8,
        }
        match syntax::read(&octets) {
            Ok(read) => {
                let again = syntax::write(&read);
                // Numbers lose their leading zeros, nothing else changes.
                assert_eq!(syntax::read(&again), Ok(read), "{octets:?}");
            }
            Err(fault) => {
                refused += 1;
                assert!(fault.at <= octets.len(), "{octets:?} {fault}");
            }
        }
        let _ = (grammar::tokens(&octets), grammar::command(&octets), grammar::greeting_items(&octets));
    }
    assert!((2000..6000).contains(&refused), "{refused}");
}
