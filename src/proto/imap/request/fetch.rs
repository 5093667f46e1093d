//! What FETCH asks for (RFC 9051 section 6.4.5).

use super::{Fault, FaultKind, LIST_LIMIT, Reader, SequenceSet};
use crate::proto::imap::grammar;

/// FETCH and UID FETCH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The numbers are UIDs.
    pub uid: bool,
    /// Which messages.
    pub set: SequenceSet,
    /// What of them.
    pub items: Vec<Item>,
    /// Only those that changed since (RFC 7162).
    pub changed_since: Option<u64>,
    /// The UIDs of those that are gone since are wanted too.
    pub vanished: bool,
}

/// One item of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `FLAGS`
    Flags,
    /// `UID`
    Uid,
    /// `INTERNALDATE`
    InternalDate,
    /// `RFC822.SIZE`
    Size,
    /// `ENVELOPE`
    Envelope,
    /// `BODY` and `BODYSTRUCTURE`: with the extension data or without.
    Structure {
        /// `BODYSTRUCTURE`
        extended: bool,
    },
    /// `MODSEQ` (RFC 7162).
    ModSeq,
    /// `BODY[section]<partial>` and the old `RFC822` forms.
    Body {
        /// `BODY.PEEK` and `RFC822.HEADER` leave `\Seen` alone.
        peek: bool,
        /// Which part.
        section: Section,
        /// From which octet, and how many at most.
        partial: Option<(u32, u32)>,
        /// The name that the answer has.
        name: String,
    },
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Part numbers in front of it. A message that is no multipart has the part 1, its text.
    pub part: Vec<u32>,
    /// What of that.
    pub what: SectionPart,
}

/// What of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionPart {
    /// All of it.
    All,
    /// The header.
    Header,
    /// Some fields, or all but these; in upper case.
    Fields {
        /// All but these.
        not: bool,
        /// The names.
        names: Vec<Vec<u8>>,
    },
    /// The text behind the header.
    Text,
    /// The MIME header of a part.
    Mime,
}

pub(super) fn fetch(r: &mut Reader<'_>, uid: bool) -> Result<Fetch, Fault> {
    r.space()?;
    let set = r.sequence_set()?;
    r.space()?;
    let items = if r.peek() == Some(b'(') {
        r.list(1, item)?
    } else if r.eat_word("ALL") {
        vec![Item::Flags, Item::InternalDate, Item::Size, Item::Envelope]
    } else if r.eat_word("FAST") {
        vec![Item::Flags, Item::InternalDate, Item::Size]
    } else if r.eat_word("FULL") {
        let body = Item::Structure { extended: false };
        vec![Item::Flags, Item::InternalDate, Item::Size, Item::Envelope, body]
    } else {
        vec![item(r)?]
    };
    let (mut changed_since, mut vanished) = (None, false);
    if !r.at_end() {
        r.space()?;
        r.list(1, |r| {
            let start = r.clone();
            match r.word("CHANGEDSINCE")?.as_str() {
                "CHANGEDSINCE" => {
                    r.space()?;
                    changed_since = Some(r.number()?);
                }
                "VANISHED" => vanished = true,
                _ => return Err(start.expected("CHANGEDSINCE or VANISHED")),
            }
            Ok(())
        })?;
    }
    Ok(Fetch { uid, set, items, changed_since, vanished })
}

pub(super) fn item(r: &mut Reader<'_>) -> Result<Item, Fault> {
    let start = r.clone();
    let whole = |what, peek, name: &str| Item::Body {
        peek,
        section: Section { part: Vec::new(), what },
        partial: None,
        name: name.to_owned(),
    };
    let word = item_word(r)?;
    Ok(match word.as_str() {
        "FLAGS" => Item::Flags,
        "UID" => Item::Uid,
        "INTERNALDATE" => Item::InternalDate,
        "RFC822.SIZE" => Item::Size,
        "ENVELOPE" => Item::Envelope,
        "BODYSTRUCTURE" => Item::Structure { extended: true },
        "MODSEQ" => Item::ModSeq,
        "RFC822" => whole(SectionPart::All, false, "RFC822"),
        "RFC822.HEADER" => whole(SectionPart::Header, true, "RFC822.HEADER"),
        "RFC822.TEXT" => whole(SectionPart::Text, false, "RFC822.TEXT"),
        "BODY" if r.peek() != Some(b'[') => Item::Structure { extended: false },
        "BODY" | "BODY.PEEK" => body(r, word == "BODY.PEEK")?,
        _ => return Err(start.expected("a data item of FETCH")),
    })
}

/// The brackets of a section end a word here, though an atom may hold the opening one.
fn item_word(r: &mut Reader<'_>) -> Result<String, Fault> {
    let start = r.clone();
    let mut word = String::new();
    while let Some(octet) = r.peek().filter(|o| o.is_ascii_alphanumeric() || *o == b'.') {
        r.eat(octet);
        word.push(char::from(octet.to_ascii_uppercase()));
    }
    if word.is_empty() { Err(start.expected("a data item of FETCH")) } else { Ok(word) }
}

fn body(r: &mut Reader<'_>, peek: bool) -> Result<Item, Fault> {
    r.need(b'[', "a section")?;
    let mut name = String::from("BODY[");
    let mut part = Vec::new();
    while r.peek().is_some_and(|o| o.is_ascii_digit()) {
        let start = r.clone();
        let number = u32::try_from(r.number()?).ok().filter(|number| *number > 0);
        let number = number.ok_or_else(|| start.expected("a part's number"))?;
        if part.len() >= LIST_LIMIT {
            return Err(r.fault(FaultKind::TooMany("part numbers")));
        }
        if !part.is_empty() {
            name.push('.');
        }
        name.push_str(&number.to_string());
        part.push(number);
        if !r.eat(b'.') {
            break;
        }
    }
    let what = if r.peek() == Some(b']') {
        SectionPart::All
    } else {
        let start = r.clone();
        let word = item_word_with_dash(r)?;
        if !part.is_empty() {
            name.push('.');
        }
        name.push_str(&word);
        match word.as_str() {
            "HEADER" => SectionPart::Header,
            "TEXT" => SectionPart::Text,
            "MIME" if !part.is_empty() => SectionPart::Mime,
            "HEADER.FIELDS" | "HEADER.FIELDS.NOT" => {
                r.space()?;
                let names = r.list(1, |r| r.astring("a field's name"))?;
                let names: Vec<_> = names.iter().map(|name| name.to_ascii_uppercase()).collect();
                let written: Vec<_> = names.iter().map(|name| field_name(name)).collect();
                name.push_str(&format!(" ({})", written.join(" ")));
                SectionPart::Fields { not: word == "HEADER.FIELDS.NOT", names }
            }
            _ => return Err(start.expected("a section")),
        }
    };
    r.need(b']', "the end of the section")?;
    name.push(']');
    let mut partial = None;
    if r.eat(b'<') {
        let start = r.clone();
        let number = |r: &mut Reader<'_>| u32::try_from(r.number()?).map_err(|_| start.expected("a number"));
        let from = number(r)?;
        r.need(b'.', "a dot and a number of octets")?;
        let length = number(r)?;
        r.need(b'>', "the end of the range")?;
        if length == 0 {
            return Err(start.expected("a number of octets from 1"));
        }
        name.push_str(&format!("<{from}>"));
        partial = Some((from, length));
    }
    Ok(Item::Body { peek, section: Section { part, what }, partial, name })
}

/// A field's name as the answer repeats it.
fn field_name(name: &[u8]) -> String {
    if !name.is_empty() && name.iter().all(|&o| grammar::is_astring_char(o)) {
        String::from_utf8_lossy(name).into_owned()
    } else {
        String::from_utf8_lossy(&crate::proto::quoted(name)).into_owned()
    }
}

fn item_word_with_dash(r: &mut Reader<'_>) -> Result<String, Fault> {
    let start = r.clone();
    item_word(r).map_err(|_| start.expected("a section"))
}

#[cfg(test)]
mod tests {
    use super::super::{Request, read};
    use super::*;

    fn items(text: &str) -> Result<Vec<Item>, Fault> {
        match read(format!("a FETCH 1 {text}").as_bytes()).1? {
            Request::Fetch(fetch) => Ok(fetch.items),
            other => panic!("{other:?}"),
        }
    }

    fn name(text: &str) -> String {
        match items(text).unwrap().remove(0) {
            Item::Body { name, .. } => name,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn items_macros_and_sections() {
        assert_eq!(items("FAST").unwrap(), [Item::Flags, Item::InternalDate, Item::Size]);
        assert_eq!(items("(flags body)").unwrap(), [Item::Flags, Item::Structure { extended: false }]);
        assert_eq!(name("BODY[]"), "BODY[]");
        assert_eq!(name("body.peek[1.2.mime]<5.10>"), "BODY[1.2.MIME]<5>");
        assert_eq!(name("BODY[HEADER.FIELDS (From \"to\")]"), "BODY[HEADER.FIELDS (FROM TO)]");
        assert_eq!(name("BODY.PEEK[1]"), "BODY[1]");
        for wrong in ["BODY[", "BODY[0]", "BODY[MIME]", "BODY[]<1>", "BODY[]<0.0>", "FROB", "()", "(FLAGS"] {
            assert!(items(wrong).is_err(), "{wrong}");
        }
    }
}
