//! What SEARCH asks for (RFC 9051 section 6.4.4).

use super::{Day, Fault, FaultKind, Reader, SequenceSet};

/// Keys of one search.
pub const KEY_LIMIT: usize = 200;
/// How deep keys may stand in each other.
pub const DEPTH_LIMIT: usize = 16;

/// SEARCH and UID SEARCH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The results are UIDs.
    pub uid: bool,
    /// The result options, in upper case; `None` without RETURN.
    pub returns: Option<Vec<String>>,
    /// The charset that the strings are in, in upper case.
    pub charset: Option<String>,
    /// What to look for.
    pub key: Key,
}

/// A condition on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// All of these.
    And(Vec<Key>),
    /// One of these.
    Or(Box<(Key, Key)>),
    /// Not this.
    Not(Box<Key>),
    /// Every message.
    All,
    /// It has a flag.
    Flag(String),
    /// Its number is in the set.
    Numbers(SequenceSet),
    /// Its UID is in the set.
    Uids(SequenceSet),
    /// It came before a day.
    Before(Day),
    /// It came on a day.
    On(Day),
    /// It was sent before a day.
    SentBefore(Day),
    /// It was sent on a day.
    SentOn(Day),
    /// It has more octets.
    Larger(u64),
    /// It has fewer octets.
    Smaller(u64),
    /// A header field holds a text.
    Header(Vec<u8>, Vec<u8>),
    /// The text behind the header holds a text.
    Body(Vec<u8>),
    /// All of it holds a text.
    Text(Vec<u8>),
    /// It changed since (RFC 7162).
    ModSeq(u64),
}

pub(super) fn search(r: &mut Reader<'_>, uid: bool) -> Result<Search, Fault> {
    r.space()?;
    let mut returns = None;
    let mut ahead = r.clone();
    if ahead.eat_word("RETURN") {
        ahead.space()?;
        let known = ["ALL", "COUNT", "MAX", "MIN", "SAVE", "UPDATE"];
        returns = Some(ahead.list(0, |r| {
            let start = r.clone();
            let option = r.word("a result option")?;
            if known.contains(&option.as_str()) { Ok(option) } else { Err(start.expected("a result option")) }
        })?);
        ahead.space()?;
        *r = ahead;
    }
    let mut charset = None;
    let mut ahead = r.clone();
    if ahead.eat_word("CHARSET") {
        ahead.space()?;
        charset = Some(crate::proto::imap::grammar::upper(&ahead.astring("a charset")?));
        ahead.space()?;
        *r = ahead;
    }
    let mut left = KEY_LIMIT;
    let mut keys = vec![key(r, DEPTH_LIMIT, &mut left)?];
    while !r.at_end() {
        r.space()?;
        keys.push(key(r, DEPTH_LIMIT, &mut left)?);
    }
    Ok(Search { uid, returns, charset, key: Key::And(keys) })
}

fn key(r: &mut Reader<'_>, depth: usize, left: &mut usize) -> Result<Key, Fault> {
    let Some(deeper) = depth.checked_sub(1) else {
        return Err(r.fault(FaultKind::TooMany("levels of keys")));
    };
    *left = left.checked_sub(1).ok_or_else(|| r.fault(FaultKind::TooMany("keys")))?;
    match r.peek() {
        Some(b'(') => {
            r.eat(b'(');
            let mut keys = vec![key(r, deeper, left)?];
            while !r.eat(b')') {
                r.space()?;
                keys.push(key(r, deeper, left)?);
            }
            return Ok(Key::And(keys));
        }
        Some(b'$' | b'*' | b'0'..=b'9') => return Ok(Key::Numbers(r.sequence_set()?)),
        _ => {}
    }
    let start = r.clone();
    let word = r.word("a search key")?;
    let flag = |name: &str| Key::Flag(format!("\\{name}"));
    let not = |key| Key::Not(Box::new(key));
    Ok(match word.as_str() {
        "ALL" | "OLD" => Key::All,
        "RECENT" | "NEW" => not(Key::All),
        "ANSWERED" => flag("Answered"),
        "DELETED" => flag("Deleted"),
        "DRAFT" => flag("Draft"),
        "FLAGGED" => flag("Flagged"),
        "SEEN" => flag("Seen"),
        "UNANSWERED" => not(flag("Answered")),
        "UNDELETED" => not(flag("Deleted")),
        "UNDRAFT" => not(flag("Draft")),
        "UNFLAGGED" => not(flag("Flagged")),
        "UNSEEN" => not(flag("Seen")),
        _ => {
            let argued = [
                "BCC",
                "BEFORE",
                "BODY",
                "CC",
                "FROM",
                "HEADER",
                "KEYWORD",
                "LARGER",
                "MODSEQ",
                "NOT",
                "ON",
                "OR",
                "SENTBEFORE",
                "SENTON",
                "SENTSINCE",
                "SINCE",
                "SMALLER",
                "SUBJECT",
                "TEXT",
                "TO",
                "UID",
                "UNKEYWORD",
            ];
            if !argued.contains(&word.as_str()) {
                return Err(start.expected("a search key"));
            }
            r.space()?;
            match word.as_str() {
                "NOT" => not(key(r, deeper, left)?),
                "OR" => {
                    let first = key(r, deeper, left)?;
                    r.space()?;
                    Key::Or(Box::new((first, key(r, deeper, left)?)))
                }
                "KEYWORD" => Key::Flag(r.flag()?),
                "UNKEYWORD" => not(Key::Flag(r.flag()?)),
                "BEFORE" => Key::Before(r.date()?),
                "ON" => Key::On(r.date()?),
                "SINCE" => not(Key::Before(r.date()?)),
                "SENTBEFORE" => Key::SentBefore(r.date()?),
                "SENTON" => Key::SentOn(r.date()?),
                "SENTSINCE" => not(Key::SentBefore(r.date()?)),
                "LARGER" => Key::Larger(r.number()?),
                "SMALLER" => Key::Smaller(r.number()?),
                "MODSEQ" => Key::ModSeq(r.number()?),
                "UID" => Key::Uids(r.sequence_set()?),
                "BODY" => Key::Body(r.astring("a text")?),
                "TEXT" => Key::Text(r.astring("a text")?),
                "HEADER" => {
                    let name = r.astring("a field's name")?;
                    r.space()?;
                    Key::Header(name, r.astring("a text")?)
                }
                field => Key::Header(field.as_bytes().to_vec(), r.astring("a text")?),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Request, read};
    use super::*;

    fn search(text: &str) -> Result<Search, Fault> {
        match read(format!("a SEARCH {text}").as_bytes()).1? {
            Request::Search(search) => Ok(search),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn keys_stand_in_each_other() {
        let found = search("RETURN (SAVE COUNT) CHARSET utf-8 OR SEEN (FROM \"x\" NOT 1:3) $").unwrap();
        assert_eq!(found.returns.unwrap(), ["SAVE", "COUNT"]);
        assert_eq!(found.charset.as_deref(), Some("UTF-8"));
        let Key::And(keys) = found.key else { panic!() };
        assert!(matches!(keys[0], Key::Or(_)) && keys[1] == Key::Numbers(SequenceSet::Saved));
        assert_eq!(search("RETURN () ALL").unwrap().returns, Some(Vec::new()));
        for wrong in
            ["", "FROB", "OR SEEN", "(SEEN", "()", "RETURN (X) ALL", "BEFORE x", "LARGER x", "RETURN ALL"]
        {
            assert!(search(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn depth_and_number_are_bounded() {
        assert!(search(&format!("{}ALL", "NOT ".repeat(DEPTH_LIMIT - 1))).is_ok());
        let deep = search(&format!("{}ALL", "NOT ".repeat(DEPTH_LIMIT))).unwrap_err();
        assert_eq!(deep.kind, FaultKind::TooMany("levels of keys"));
        let many = search(&vec!["ALL"; KEY_LIMIT + 1].join(" ")).unwrap_err();
        assert_eq!(many.kind, FaultKind::TooMany("keys"));
    }
}
