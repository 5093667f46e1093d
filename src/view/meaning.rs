//! What the words of a message are, one by one, each with where that stands.

use crate::base::{MASK, Protocol, Side, printable};
use crate::trace::{Event, EventKind, Trace};
use std::borrow::Cow;

/// So many words of a message are explained.
const WORDS: usize = 40;

/// What is known of words.
const TABLE: &str = include_str!("meaning.txt");

/// A word of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, safe to show.
    pub text: String,
    /// What it is, in at most 200 letters.
    pub means: Cow<'static, str>,
    /// Where that stands.
    pub source: &'static str,
}

/// The words of a message's first line. An event that is no line has none.
#[must_use]
pub fn words(trace: &Trace, event: &Event) -> Vec<Word> {
    let tokens = tokens(trace, event);
    let mut reader = Reader {
        protocol: trace.protocol(),
        from: event.from,
        step: matches!(event.kind, EventKind::AuthStep { .. }),
        verb: String::new(),
        bracket: None,
        list: None,
        text: false,
    };
    let mut words: Vec<Word> = Vec::new();
    for (number, token) in tokens.iter().enumerate().take(WORDS) {
        let (means, source) = reader.word(number, token, tokens.get(number.saturating_add(1)));
        // A text of many words is one thing.
        if reader.text
            && let Some(last) = words.last_mut().filter(|last| last.means == means)
        {
            last.text.push(' ');
            last.text.push_str(&token.text);
            continue;
        }
        words.push(Word { text: token.text.clone(), means, source });
    }
    words
}

struct Token {
    text: String,
    secret: bool,
}

/// The first line in words; what stands in quotes is one word, and a secret is dots.
fn tokens(trace: &Trace, event: &Event) -> Vec<Token> {
    let octets = trace.octets(event);
    let line = octets.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let hidden = |at: usize| {
        let place = event.span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        event.secrets.iter().any(|secret| (secret.start..secret.end).contains(&place))
    };
    let mut tokens = Vec::new();
    let (mut word, mut secret, mut quoted) = (Vec::new(), false, false);
    let mut end = |word: &mut Vec<u8>, secret: &mut bool| {
        if !word.is_empty() {
            let text = if *secret { MASK.to_owned() } else { printable(word) };
            tokens.push(Token { text, secret: *secret });
        }
        word.clear();
        *secret = false;
    };
    for (at, &octet) in line.iter().enumerate() {
        let dots = hidden(at);
        match octet {
            b' ' if !quoted && !dots => end(&mut word, &mut secret),
            b'\r' => {}
            _ => {
                quoted ^= octet == b'"' && !dots;
                secret |= dots;
                word.push(octet);
            }
        }
    }
    end(&mut word, &mut secret);
    tokens
}

/// Whose word one is, as far as the line is read.
struct Reader {
    protocol: Protocol,
    from: Side,
    /// A line within a SASL exchange.
    step: bool,
    /// The command or answer.
    verb: String,
    /// The code whose brackets are open.
    bracket: Option<String>,
    /// The capability whose values follow.
    list: Option<String>,
    /// What follows is for people.
    text: bool,
}

type Meaning = (Cow<'static, str>, &'static str);

impl Reader {
    fn word(&mut self, number: usize, token: &Token, next: Option<&Token>) -> Meaning {
        let (syntax, answers) = match self.protocol {
            Protocol::Imap => ("RFC 3501, section 4", "RFC 3501, section 7"),
            Protocol::Pop3 => ("RFC 1939, section 3", "RFC 1939, section 3"),
            Protocol::Acap => ("RFC 2244, section 2.6", "RFC 2244, section 6.1"),
        };
        if token.secret {
            return (
                "A secret, or a message that holds one. The page shows dots.".into(),
                "RFC 2595, section 6",
            );
        }
        let bare = token.text.trim_matches(|letter| matches!(letter, '(' | ')' | '[' | ']' | '"'));
        let upper = bare.to_ascii_uppercase();
        if self.step {
            return match upper.as_str() {
                "*" => ("The client gives the login up.".into(), "RFC 4422, section 3.5"),
                _ => ("What the mechanism sends, in base64.".into(), "RFC 4422, section 3"),
            };
        }
        let tagged = self.protocol != Protocol::Pop3;
        if number == 0 && tagged {
            return match (self.from, upper.as_str()) {
                (Side::Client, "DONE") => known("ic", "DONE").unwrap_or_default(),
                (Side::Server, "*") => {
                    ("No answer to a command: news or data.".into(), "RFC 3501, section 2.2.2")
                }
                (Side::Server, "+") => {
                    self.text = true;
                    (
                        "The server waits for the rest.".into(),
                        if self.protocol == Protocol::Imap {
                            "RFC 3501, section 7.5"
                        } else {
                            "RFC 2244, section 2.3"
                        },
                    )
                }
                (Side::Client, _) => {
                    ("The tag: the answer to this command carries it too.".into(), "RFC 3501, section 2.2.1")
                }
                (Side::Server, _) => {
                    ("The tag of the command that this answers.".into(), "RFC 3501, section 2.2.2")
                }
            };
        }
        if self.text {
            return if self.verb.is_empty() {
                ("What the mechanism or the command needs next.".into(), answers)
            } else {
                ("Text for people; it means nothing to the program.".into(), answers)
            };
        }
        if self.from == Side::Client {
            self.command(number, tagged, &upper, syntax)
        } else {
            self.answer(token, &upper, next, syntax, answers)
        }
    }

    fn command(&mut self, number: usize, tagged: bool, upper: &str, syntax: &'static str) -> Meaning {
        if self.verb.is_empty() || self.verb == "UID" && number == 2 {
            upper.clone_into(&mut self.verb);
            let code = [self.letter(), "c"].concat();
            return known(&code, upper)
                .unwrap_or_else(|| ("A command that is not explained here.".into(), syntax));
        }
        let first = number == if tagged { 2 } else { 1 };
        let named = match (self.verb.as_str(), first) {
            ("AUTHENTICATE" | "AUTH", true) => known("*k", upper),
            ("LOGIN" | "USER" | "APOP", true) => {
                Some(("The name of who logs in.".into(), source(self.letter(), &self.verb)))
            }
            ("AUTHENTICATE" | "AUTH", false) => Some(match upper {
                "=" => ("An empty first answer of the mechanism.".into(), "RFC 4959, section 3"),
                _ => ("The mechanism's first answer, in base64.".into(), "RFC 4959, section 3"),
            }),
            _ => None,
        };
        named.unwrap_or_else(|| {
            let means = if upper.starts_with('{') && upper.ends_with('}') {
                "So many octets follow, whatever they are.".into()
            } else {
                ["What ", self.verb.as_str(), " is about."].concat().into()
            };
            (means, source(self.letter(), &self.verb))
        })
    }

    fn answer(
        &mut self,
        token: &Token,
        upper: &str,
        next: Option<&Token>,
        syntax: &'static str,
        answers: &'static str,
    ) -> Meaning {
        let number = !upper.is_empty() && upper.bytes().all(|octet| octet.is_ascii_digit());
        if self.verb.is_empty() {
            if number {
                return ("A number of a message, or of messages.".into(), answers);
            }
            upper.clone_into(&mut self.verb);
            if upper == "CAPABILITY" || upper == "ACAP" {
                self.list = Some(String::new());
            }
            // After a status comes a code in brackets, or a text.
            let status = matches!(upper, "OK" | "NO" | "BAD" | "BYE" | "PREAUTH" | "+OK" | "-ERR" | "ALERT");
            self.text = status && !next.is_some_and(|next| next.text.starts_with(['[', '(']));
            let code = [self.letter(), "s"].concat();
            return known(&code, upper)
                .or_else(|| known(&[self.letter(), "k"].concat(), upper))
                .unwrap_or_else(|| ("Data that is not explained here.".into(), answers));
        }
        let status = matches!(self.verb.as_str(), "OK" | "NO" | "BAD" | "BYE" | "PREAUTH" | "+OK" | "-ERR");
        let opens = status && self.bracket.is_none() && token.text.starts_with(['[', '(']);
        if opens {
            self.bracket = Some(upper.to_owned());
            if upper == "CAPABILITY" {
                self.list = Some(String::new());
            }
        }
        let closes = status && self.bracket.is_some() && token.text.ends_with([']', ')']);
        let means = if opens {
            known(&[self.letter(), "r"].concat(), upper)
                .unwrap_or_else(|| ("A code for programs, in brackets.".into(), answers))
        } else if self.list.is_some() {
            self.capability(upper, syntax)
        } else if let Some(code) = &self.bracket {
            (["What ", code.as_str(), " is about."].concat().into(), answers)
        } else {
            (["A part of ", self.verb.as_str(), "."].concat().into(), source(self.letter(), &self.verb))
        };
        if closes {
            (self.bracket, self.list, self.text) = (None, None, true);
        }
        means
    }

    /// An item of a list, or a value of the one before it.
    fn capability(&mut self, upper: &str, syntax: &'static str) -> Meaning {
        let key = [self.letter(), "k"].concat();
        if let Some(mechanism) = upper.strip_prefix("AUTH=") {
            return known("*k", mechanism)
                .map(|(means, source)| (["A login is offered: ", means.as_ref()].concat().into(), source))
                .unwrap_or_else(|| {
                    (
                        "A login by a mechanism that is not explained here is offered.".into(),
                        "RFC 3501, section 7.2.1",
                    )
                });
        }
        let listed = self.list.as_deref().is_some_and(|list| list == "SASL");
        let found = if listed { known("*k", upper) } else { None };
        if let Some(found) = found.or_else(|| known(&key, upper)).or_else(|| known("*k", upper)) {
            if !listed || known("*k", upper).is_none() {
                self.list = Some(upper.to_owned());
            }
            return found;
        }
        match self.list.as_deref() {
            Some(of @ ("IMPLEMENTATION" | "LOGIN-DELAY" | "EXPIRE" | "CONTEXTLIMIT" | "SASL")) => {
                (["What ", of, " says."].concat().into(), syntax)
            }
            _ => ("An extension that is not explained here.".into(), syntax),
        }
    }

    fn letter(&self) -> &'static str {
        match self.protocol {
            Protocol::Imap => "i",
            Protocol::Pop3 => "p",
            Protocol::Acap => "a",
        }
    }
}

/// A line of the table.
fn known(code: &str, word: &str) -> Option<Meaning> {
    TABLE.lines().find_map(|line| {
        let (head, rest) = line.split_once('|')?;
        let (means, source) = rest.split_once('|')?;
        (head.split_once(' ')? == (code, word)).then_some((Cow::Borrowed(means), source))
    })
}

/// Where a command or an answer stands.
fn source(letter: &str, verb: &str) -> &'static str {
    let of = |kind: &str| known(&[letter, kind].concat(), verb).map(|(_, source)| source);
    of("c").or_else(|| of("s")).unwrap_or(match letter {
        "p" => "RFC 1939, section 3",
        "a" => "RFC 2244, section 6",
        _ => "RFC 3501, section 9",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Setup, run};

    fn explained(protocol: Protocol, attack: &str) -> Vec<(String, String)> {
        let mut setup = Setup::new(protocol).unwrap();
        if !attack.is_empty() {
            setup.attack(attack).unwrap();
        }
        let mut all = Vec::new();
        for trace in &run(&setup).connections {
            for event in trace.events() {
                for word in words(trace, event) {
                    assert!(word.means.chars().count() <= 200 && !word.means.is_empty(), "{word:?}");
                    assert!(word.source.starts_with("RFC ") || word.source.starts_with("draft-"), "{word:?}");
                    all.push((word.text, word.means.into_owned()));
                }
            }
        }
        all
    }

    #[test]
    fn every_word_of_a_run_has_its_text_and_its_section() {
        for protocol in [Protocol::Imap, Protocol::Pop3, Protocol::Acap] {
            for attack in ["", "strip-capability"] {
                let all = explained(protocol, attack);
                assert!(all.len() > 15, "{}", all.len());
                let vague: Vec<_> = all.iter().filter(|(_, means)| means.contains("not explained")).collect();
                assert!(vague.is_empty(), "{protocol:?} {attack}: {vague:?}");
            }
        }
    }

    #[test]
    fn a_word_is_explained_by_where_it_stands() {
        let all = explained(Protocol::Imap, "strip-capability");
        let of = |text: &str| all.iter().find(|(word, _)| word == text).map(|(_, means)| means.as_str());
        assert_eq!(of("LOGIN"), Some("Logs in with name and password, both as plain words."));
        assert_eq!(of("*"), Some("No answer to a command: news or data."));
        assert!(of("STARTTLS").unwrap().contains("take this word out"), "{:?}", of("STARTTLS"));
        assert!(all.iter().any(|(word, means)| word == MASK && means.starts_with("A secret")));
        let none = all.iter().any(|(word, _)| word.contains("hunter"));
        assert!(!none);
    }

    #[test]
    fn the_table_is_in_order() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<&str> = line.split('|').collect();
            let [head, means, source] = parts.as_slice() else { panic!("{line}") };
            let (code, word) = head.split_once(' ').unwrap();
            assert!(code.len() == 2 && word == word.to_uppercase(), "{line}");
            assert!(means.ends_with('.') && means.len() <= 200, "{line}");
            assert!(source.starts_with("RFC ") || source.starts_with("draft-"), "{line}");
            let same = TABLE.lines().filter(|other| other.starts_with(&[head, "|"].concat())).count();
            assert_eq!(same, 1, "{head}");
        }
    }
}
