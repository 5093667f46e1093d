//! Reads and writes attacks as text.

use super::{Act, Custom, CustomRule, When};
use crate::base::Side;
use std::fmt;

/// A text of more octets than this is refused.
pub const TEXT_LIMIT: usize = 64 << 10;

/// More rules than this are refused.
pub const RULE_LIMIT: usize = 256;

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is the matter, in a sentence.
    pub message: String,
}

impl fmt::Display for CustomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for CustomError {}

const CONDITIONS: &str =
    "handshake, client, server, greeting, command, reply, lists, says, nth, message or do";
const ACTS: &str = "pass, drop, remove, offer, replace, instead, insert, add, answer, delay, close, certificate or self-signed";

pub(super) fn parse(text: &str) -> Result<Custom, CustomError> {
    let at = |line: usize, column: usize, message: String| CustomError {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
        message,
    };
    if text.len() > TEXT_LIMIT {
        return Err(at(1, 1, format!("The text has {} octets; {TEXT_LIMIT} are the most.", text.len())));
    }
    let mut rules = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let number = number.saturating_add(1);
        let words = words(line).map_err(|(column, message)| at(number, column, message))?;
        if words.is_empty() {
            continue;
        }
        if rules.len() >= RULE_LIMIT {
            return Err(at(number, 1, format!("This is one rule too many; {RULE_LIMIT} are the most.")));
        }
        let end = line.chars().count().saturating_add(1);
        let mut reader = Reader { words: words.into_iter(), end };
        rules.push(reader.rule().map_err(|(column, message)| at(number, column, message))?);
    }
    if rules.is_empty() {
        return Err(at(1, 1, "There is no rule in it.".to_owned()));
    }
    Ok(Custom { rules })
}

type Mistake = (usize, String);

/// A word of a line: its column from 1, whether it stood in quotes, its octets.
struct Word {
    column: usize,
    quoted: bool,
    octets: Vec<u8>,
}

impl Word {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.octets).into_owned()
    }
}

/// Cuts a line; `#` outside quotes begins a comment.
fn words(line: &str) -> Result<Vec<Word>, Mistake> {
    let mut words = Vec::new();
    let mut rest = line.chars().enumerate().map(|(at, c)| (at.saturating_add(1), c)).peekable();
    while let Some((column, c)) = rest.next() {
        match c {
            '#' => break,
            c if c.is_whitespace() => {}
            '"' => {
                let mut octets = Vec::new();
                loop {
                    match rest.next() {
                        None => return Err((column, "This quote is never closed.".to_owned())),
                        Some((_, '"')) => break,
                        Some((at, '\\')) => {
                            let mistake = || {
                                (at, "After \\ comes one of r n t \" \\ or x and two hex digits.".to_owned())
                            };
                            let digit = |rest: &mut dyn Iterator<Item = (usize, char)>| {
                                rest.next()
                                    .and_then(|(_, c)| c.to_digit(16))
                                    .and_then(|d| u8::try_from(d).ok())
                            };
                            octets.push(match rest.next().map(|(_, c)| c) {
                                Some('r') => b'\r',
                                Some('n') => b'\n',
                                Some('t') => b'\t',
                                Some('"') => b'"',
                                Some('\\') => b'\\',
                                Some('x') => {
                                    let high = digit(&mut rest).ok_or_else(mistake)?;
                                    let low = digit(&mut rest).ok_or_else(mistake)?;
                                    high.wrapping_shl(4) | low
                                }
                                _ => return Err(mistake()),
                            });
                        }
                        Some((_, c)) => octets.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    }
                }
                words.push(Word { column, quoted: true, octets });
            }
            c => {
                let mut text = c.to_string();
                while let Some((_, c)) = rest.next_if(|(_, c)| !c.is_whitespace() && !matches!(c, '"' | '#'))
                {
                    text.push(c);
                }
                words.push(Word { column, quoted: false, octets: text.into_bytes() });
            }
        }
    }
    Ok(words)
}

struct Reader {
    words: std::vec::IntoIter<Word>,
    /// The column behind the last character.
    end: usize,
}

impl Reader {
    fn next(&mut self, wanted: &str) -> Result<Word, Mistake> {
        let end = self.end;
        self.words.next().ok_or_else(|| (end, format!("The rule breaks off; {wanted} is missing.")))
    }

    fn keyword(&mut self, wanted: &str) -> Result<(usize, String), Mistake> {
        let word = self.next(wanted)?;
        if word.quoted {
            return Err((word.column, format!("Here stands a text; {wanted} is wanted.")));
        }
        Ok((word.column, word.text().to_lowercase()))
    }

    fn upper(&mut self, wanted: &str) -> Result<String, Mistake> {
        Ok(self.next(wanted)?.text().to_uppercase())
    }

    fn quoted(&mut self, wanted: &str) -> Result<Vec<u8>, Mistake> {
        let word = self.next(wanted)?;
        if word.quoted { Ok(word.octets) } else { Err((word.column, format!("{wanted} stands in quotes."))) }
    }

    fn number(&mut self) -> Result<u32, Mistake> {
        let word = self.next("a number")?;
        let number = word.text().parse().ok().filter(|number| *number > 0);
        number.ok_or_else(|| (word.column, "A number from 1 is wanted.".to_owned()))
    }

    fn host(&mut self) -> Result<String, Mistake> {
        Ok(String::from_utf8_lossy(&self.quoted("The host")?).into_owned())
    }

    fn rule(&mut self) -> Result<CustomRule, Mistake> {
        let (column, first) = self.keyword("`when`")?;
        if first != "when" {
            return Err((column, "A rule begins with `when`.".to_owned()));
        }
        let mut when = When::default();
        loop {
            let (column, word) = self.keyword("`do`")?;
            match word.as_str() {
                "handshake" => when.handshake = true,
                "client" => when.side = Some(Side::Client),
                "server" => when.side = Some(Side::Server),
                "greeting" => when.greeting = true,
                "command" => when.command = Some(self.upper("a command")?),
                "reply" => when.reply = Some(self.upper("a word")?),
                "lists" => when.lists = Some(self.upper("a capability")?),
                "says" => when.says = Some(self.quoted("A text")?),
                "nth" => when.nth = Some(self.number()?),
                "message" => when.message = Some(self.number()?),
                "do" => break,
                other => return Err((column, format!("`{other}` is no condition; use {CONDITIONS}."))),
            }
        }
        let (column, word) = self.keyword("what to do")?;
        let act = match word.as_str() {
            "pass" => Act::Pass,
            "drop" => Act::Drop,
            "remove" => Act::Remove(self.upper("a capability")?),
            "offer" => Act::Offer(self.next("an item")?.text()),
            "instead" => Act::Instead(self.quoted("The message")?),
            "replace" => {
                let old = self.quoted("The text to replace")?;
                Act::Replace(old, self.quoted("The text in its place")?)
            }
            "insert" => Act::Insert(self.quoted("The line")?),
            "add" => Act::Add(self.quoted("The line")?),
            "answer" => Act::Answer(self.quoted("The line")?),
            "delay" => Act::Delay,
            "close" => Act::Close,
            "certificate" => Act::Certificate(self.host()?),
            "self-signed" => Act::SelfSigned(self.host()?),
            other => return Err((column, format!("`{other}` is nothing to do; use {ACTS}."))),
        };
        let about = matches!(act, Act::Certificate(_) | Act::SelfSigned(_));
        let either = matches!(act, Act::Pass | Act::Drop);
        if when.handshake != about && !either {
            return Err((
                column,
                "A handshake takes pass, drop, certificate or self-signed, a message the others.".to_owned(),
            ));
        }
        match self.words.next() {
            Some(more) => Err((more.column, "The rule is complete; nothing belongs behind it.".to_owned())),
            None => Ok(CustomRule { when, act }),
        }
    }
}

/// A rule as text.
pub(super) fn write(rule: &CustomRule) -> String {
    let when = &rule.when;
    let mut words = vec!["when".to_owned()];
    words.extend(when.handshake.then(|| "handshake".to_owned()));
    words.extend(when.side.map(|side| side.name().to_owned()));
    words.extend(when.greeting.then(|| "greeting".to_owned()));
    words.extend(when.command.iter().map(|name| format!("command {}", quoted(name.as_bytes()))));
    words.extend(when.reply.iter().map(|word| format!("reply {}", quoted(word.as_bytes()))));
    words.extend(when.lists.iter().map(|word| format!("lists {}", quoted(word.as_bytes()))));
    words.extend(when.says.iter().map(|text| format!("says {}", quoted(text))));
    words.extend(when.nth.map(|nth| format!("nth {nth}")));
    words.extend(when.message.map(|number| format!("message {number}")));
    words.push("do".to_owned());
    words.push(match &rule.act {
        Act::Pass => "pass".to_owned(),
        Act::Drop => "drop".to_owned(),
        Act::Remove(word) => format!("remove {}", quoted(word.as_bytes())),
        Act::Offer(item) => format!("offer {}", quoted(item.as_bytes())),
        Act::Instead(text) => format!("instead {}", quoted(text)),
        Act::Replace(old, new) => format!("replace {} {}", quoted(old), quoted(new)),
        Act::Insert(line) => format!("insert {}", quoted(line)),
        Act::Add(line) => format!("add {}", quoted(line)),
        Act::Answer(line) => format!("answer {}", quoted(line)),
        Act::Delay => "delay".to_owned(),
        Act::Close => "close".to_owned(),
        Act::Certificate(host) => format!("certificate {}", quoted(host.as_bytes())),
        Act::SelfSigned(host) => format!("self-signed {}", quoted(host.as_bytes())),
    });
    words.join(" ")
}

fn quoted(octets: &[u8]) -> String {
    format!("\"{}\"", escaped(octets))
}

/// Octets as they stand between quotes; everything but plain visible ASCII is escaped.
#[must_use]
pub fn escaped(octets: &[u8]) -> String {
    let mut text = String::new();
    for &octet in octets {
        match octet {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            0x20..=0x7E => text.push(char::from(octet)),
            other => text.push_str(&format!("\\x{other:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str) -> (u32, u32) {
        let error = parse(text).unwrap_err();
        assert!(!error.message.is_empty());
        (error.line, error.column)
    }

    #[test]
    fn mistakes_have_their_place() {
        assert_eq!(mistake(""), (1, 1));
        assert_eq!(mistake("# only a remark\n"), (1, 1));
        assert_eq!(mistake("client do drop"), (1, 1));
        assert_eq!(mistake("when client do drop\nwhen server fly"), (2, 13));
        assert_eq!(mistake("when client do fly"), (1, 16));
        assert_eq!(mistake("when client do answer \"x"), (1, 23));
        assert_eq!(mistake("when client do answer \"a\\q\""), (1, 25));
        assert_eq!(mistake("when client nth zero do drop"), (1, 17));
        assert_eq!(mistake("when client do drop it"), (1, 21));
        assert_eq!(mistake("when client"), (1, 12));
        assert_eq!(mistake("when client do certificate \"x\""), (1, 16));
        assert_eq!(mistake("when handshake do answer \"x\""), (1, 19));
        assert_eq!(mistake(&"x".repeat(TEXT_LIMIT + 1)), (1, 1));
        let many = "when client do drop\n".repeat(RULE_LIMIT + 1);
        assert_eq!(mistake(&many), (u32::try_from(RULE_LIMIT).unwrap() + 1, 1));
    }

    #[test]
    fn what_is_written_reads_as_the_same() {
        let text = "when client command \"AUTHENTICATE PLAIN\" nth 2 do answer \"{tag} NO \\x1b[31m\\\\\\\"\" # why\n\
                    when server greeting says \"hi\" message 3 do replace \"a\" \"\\r\\n\\xFF\"\n\
                    when lists STARTTLS do remove STARTTLS\nwhen reply ok do delay\nwhen do pass\n\
                    when handshake nth 1 do certificate \"evil.example\"\nwhen handshake do self-signed \"b\"\n\
                    when server lists * do offer AUTH=Login\nwhen message 2 do instead \"x\"\n";
        let custom = parse(text).unwrap();
        assert_eq!(parse(&custom.text()).unwrap(), custom);
        assert_eq!(custom.rules.len(), 9);
    }
}
