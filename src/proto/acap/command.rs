//! ACAP's commands, as far as our server knows them, from the values of a message (RFC 2244 section 6).

use super::syntax::{DEPTH_LIMIT, Fault, Form, Item, Kind, Value};

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Nothing.
    Noop,
    /// Languages for texts, the preferred one first.
    Lang(Vec<String>),
    /// Goodbye.
    Logout,
    /// TLS.
    StartTls,
    /// A login.
    Authenticate {
        /// The mechanism.
        mechanism: Vec<u8>,
        /// The initial response.
        initial: Option<Vec<u8>>,
    },
    /// Entries are looked for.
    Search(Search),
    /// Entries are changed.
    Store(Vec<Store>),
    /// A command of RFC 2244 that our server does not have.
    Missing,
}

impl Command {
    /// The command's name; `None` for what the server does not have.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Noop => "NOOP",
            Self::Lang(_) => "LANG",
            Self::Logout => "LOGOUT",
            Self::StartTls => "STARTTLS",
            Self::Authenticate { .. } => "AUTHENTICATE",
            Self::Search(_) => "SEARCH",
            Self::Store(_) => "STORE",
            Self::Missing => return None,
        })
    }
}

/// SEARCH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Where.
    pub dataset: String,
    /// How deep; 0 is the whole tree.
    pub depth: Option<u32>,
    /// More matches than this are a failure.
    pub hard_limit: Option<u32>,
    /// More matches than the first number give the second number of them.
    pub limit: Option<(u32, u32)>,
    /// The attributes that are wanted; a name may end in `*`. `None`: the entries are not wanted at all.
    pub wanted: Option<Vec<String>>,
    /// The order, most important first: attribute, whether case is folded, whether it is reversed.
    pub order: Vec<(String, bool, bool)>,
    /// What matches.
    pub criteria: Criteria,
}

/// What a search compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The attribute.
    pub attribute: String,
    /// Whether ASCII letters of either case are the same (`i;ascii-casemap`) or not (`i;octet`).
    pub fold: bool,
    /// The value; `None` is NIL.
    pub value: Option<Vec<u8>>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Criteria {
    /// Everything.
    All,
    /// The same value.
    Equal(Key),
    /// The value or one behind it.
    Compare(Key),
    /// A value behind it.
    CompareStrict(Key),
    /// It begins so.
    Prefix(Key),
    /// It holds this.
    Substring(Key),
    /// Not.
    Not(Box<Criteria>),
    /// Either.
    Or(Box<Criteria>, Box<Criteria>),
    /// Both.
    And(Box<Criteria>, Box<Criteria>),
}

/// One entry of STORE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The entry's path.
    pub path: String,
    /// The entry has to exist.
    pub no_create: bool,
    /// The entry must not have changed since.
    pub unchanged_since: Option<String>,
    /// Attributes and their new values; `None` takes the attribute away.
    pub attributes: Vec<(String, Option<Vec<u8>>)>,
    /// An attribute is to have several values, or rights, which our entries do not.
    pub several: bool,
}

/// Values that are taken one by one.
struct Cursor<'a> {
    values: &'a [Value],
    /// Behind the last one.
    end: usize,
}

impl<'a> Cursor<'a> {
    fn fault<T>(&self, kind: Kind) -> Result<T, Fault> {
        Err(Fault { at: self.values.first().map_or(self.end, |value| value.at), kind })
    }

    fn peek(&self) -> Option<&'a Value> {
        self.values.first()
    }

    fn next(&mut self) -> Option<&'a Value> {
        let (first, rest) = self.values.split_first()?;
        self.values = rest;
        Some(first)
    }

    fn octets(&mut self) -> Result<Vec<u8>, Fault> {
        match self.peek().and_then(Value::text) {
            Some(text) => {
                self.next();
                Ok(text.to_vec())
            }
            None => self.fault(Kind::Arguments),
        }
    }

    fn name(&mut self) -> Result<String, Fault> {
        let fault = self.fault::<()>(Kind::Arguments);
        String::from_utf8(self.octets()?)
            .or(Err(fault.err().unwrap_or(Fault { at: self.end, kind: Kind::Arguments })))
    }

    /// A string that can only be quoted.
    fn quoted(&mut self) -> Result<String, Fault> {
        match self.peek().map(|value| &value.item) {
            Some(Item::Text(_, Form::Quoted)) => self.name(),
            _ => self.fault(Kind::Arguments),
        }
    }

    fn number(&mut self) -> Result<u32, Fault> {
        match self.peek().map(|value| &value.item) {
            Some(Item::Number(number)) => {
                self.next();
                Ok(*number)
            }
            _ => self.fault(Kind::Arguments),
        }
    }

    fn list(&mut self) -> Result<Cursor<'a>, Fault> {
        match self.peek().map(|value| &value.item) {
            Some(Item::List { items, glued: false }) => {
                let at = self.next().map_or(self.end, |value| value.at);
                Ok(Cursor { values: items, end: at })
            }
            _ => self.fault(Kind::Arguments),
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let is = self.peek().is_some_and(|value| value.is(word));
        if is {
            self.next();
        }
        is
    }

    fn done<T>(&self, made: T) -> Result<T, Fault> {
        if self.values.is_empty() { Ok(made) } else { self.fault(Kind::Arguments) }
    }
}

/// What the values behind a tag command. `end`: where the message ends.
///
/// # Errors
/// The first value that no command, or not this one, takes. An unknown command is one.
pub fn command(values: &[Value], end: usize) -> Result<Command, Fault> {
    let mut cursor = Cursor { values, end };
    let Some(Item::Atom(name)) = cursor.peek().map(|value| &value.item) else {
        return cursor.fault(Kind::Command);
    };
    let name = name.to_ascii_uppercase();
    let unknown = cursor.fault(Kind::Command);
    cursor.next();
    match name.as_str() {
        "NOOP" => cursor.done(Command::Noop),
        "LOGOUT" => cursor.done(Command::Logout),
        "STARTTLS" => cursor.done(Command::StartTls),
        "LANG" => {
            let mut tags = Vec::new();
            while cursor.peek().is_some() {
                tags.push(cursor.quoted()?);
            }
            Ok(Command::Lang(tags))
        }
        "AUTHENTICATE" => {
            let mechanism = cursor.quoted()?.into_bytes();
            let initial = if cursor.peek().is_some() { Some(cursor.octets()?) } else { None };
            cursor.done(Command::Authenticate { mechanism, initial })
        }
        "SEARCH" => search(&mut cursor).map(Command::Search),
        "STORE" => {
            let mut entries = vec![store(cursor.list()?)?];
            while cursor.peek().is_some() {
                let again = cursor.fault(Kind::Arguments);
                let entry = store(cursor.list()?)?;
                if entries.iter().any(|known| known.path == entry.path) {
                    return again;
                }
                entries.push(entry);
            }
            Ok(Command::Store(entries))
        }
        "DELETEACL" | "DELETEDSINCE" | "FREECONTEXT" | "GETQUOTA" | "LISTRIGHTS" | "MYRIGHTS" | "SETACL"
        | "UPDATECONTEXT" => Ok(Command::Missing),
        _ => unknown,
    }
}

fn search(cursor: &mut Cursor<'_>) -> Result<Search, Fault> {
    let dataset = cursor.name()?;
    let (mut depth, mut hard_limit, mut limit, mut wanted, mut order) = (None, None, None, None, None);
    let mut inherits = false;
    loop {
        let again = cursor.fault(Kind::Arguments);
        if cursor.word("DEPTH") {
            if depth.replace(cursor.number()?).is_some() {
                return again;
            }
        } else if cursor.word("HARDLIMIT") {
            if hard_limit.replace(cursor.number()?).is_some() {
                return again;
            }
        } else if cursor.word("LIMIT") {
            if limit.replace((cursor.number()?, cursor.number()?)).is_some() {
                return again;
            }
        } else if cursor.word("NOINHERIT") {
            if std::mem::replace(&mut inherits, true) {
                return again;
            }
        } else if cursor.word("SORT") {
            let mut list = cursor.list()?;
            let mut pairs = Vec::new();
            while list.peek().is_some() || pairs.is_empty() {
                let attribute = list.name()?;
                let (fold, reversed) = comparator(&mut list)?;
                pairs.push((attribute, fold, reversed));
            }
            if order.replace(pairs).is_some() {
                return again;
            }
        } else if cursor.word("RETURN") {
            let mut list = cursor.list()?;
            let mut names = Vec::new();
            while list.peek().is_some() {
                names.push(list.name()?);
                // Our entries have values and nothing else to tell of.
                if matches!(list.peek().map(|value| &value.item), Some(Item::List { glued: true, .. })) {
                    list.next();
                }
            }
            if wanted.replace(names).is_some() {
                return again;
            }
        } else {
            break;
        }
    }
    let criteria = criteria(cursor, 0)?;
    let order = order.unwrap_or_default();
    cursor.done(Search { dataset, depth, hard_limit, limit, wanted, order, criteria })
}

fn criteria(cursor: &mut Cursor<'_>, depth: usize) -> Result<Criteria, Fault> {
    if depth >= DEPTH_LIMIT {
        return cursor.fault(Kind::Depth);
    }
    let deeper = depth.saturating_add(1);
    for (word, make) in [
        ("EQUAL", Criteria::Equal as fn(Key) -> Criteria),
        ("COMPARE", Criteria::Compare),
        ("COMPARESTRICT", Criteria::CompareStrict),
        ("PREFIX", Criteria::Prefix),
        ("SUBSTRING", Criteria::Substring),
    ] {
        if cursor.word(word) {
            return key(cursor, word == "EQUAL").map(make);
        }
    }
    if cursor.word("ALL") {
        Ok(Criteria::All)
    } else if cursor.word("NOT") {
        Ok(Criteria::Not(Box::new(criteria(cursor, deeper)?)))
    } else if cursor.word("OR") {
        let first = criteria(cursor, deeper)?;
        Ok(Criteria::Or(Box::new(first), Box::new(criteria(cursor, deeper)?)))
    } else if cursor.word("AND") {
        let first = criteria(cursor, deeper)?;
        Ok(Criteria::And(Box::new(first), Box::new(criteria(cursor, deeper)?)))
    } else {
        cursor.fault(Kind::Arguments)
    }
}

fn key(cursor: &mut Cursor<'_>, may_be_nil: bool) -> Result<Key, Fault> {
    let attribute = cursor.name()?;
    let (fold, _) = comparator(cursor)?;
    let value = if may_be_nil && cursor.word("NIL") { None } else { Some(cursor.octets()?) };
    Ok(Key { attribute, fold, value })
}

/// Whether a comparator folds ASCII letters, and whether it turns the order round. One that is not known is BAD
/// (RFC 2244 section 3.4).
fn comparator(cursor: &mut Cursor<'_>) -> Result<(bool, bool), Fault> {
    let unknown = cursor.fault(Kind::Arguments);
    let name = cursor.quoted()?;
    let (reversed, name) = match name.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, name.strip_prefix('+').unwrap_or(&name)),
    };
    match name {
        "i;octet" => Ok((false, reversed)),
        "i;ascii-casemap" => Ok((true, reversed)),
        _ => unknown,
    }
}

fn store(mut list: Cursor<'_>) -> Result<Store, Fault> {
    let path = list.name()?;
    let (mut no_create, mut unchanged_since) = (false, None);
    loop {
        let again = list.fault(Kind::Arguments);
        if list.word("NOCREATE") {
            if std::mem::replace(&mut no_create, true) {
                return again;
            }
        } else if list.word("UNCHANGEDSINCE") {
            if unchanged_since.replace(list.quoted()?).is_some() {
                return again;
            }
        } else {
            break;
        }
    }
    let mut several = false;
    let mut attributes: Vec<(String, Option<Vec<u8>>)> = Vec::new();
    while list.peek().is_some() {
        let again = list.fault(Kind::Arguments);
        let name = list.name()?;
        if attributes.iter().any(|(known, _)| *known == name) {
            return again;
        }
        let value = match list.list() {
            // `("value" x)`: one kind of metadata is written, the value.
            Ok(mut metadata) => {
                let mut value = None;
                while metadata.peek().is_some() {
                    let unknown = metadata.fault(Kind::Arguments);
                    match metadata.quoted()?.to_ascii_lowercase().as_str() {
                        "value" if metadata.list().is_err() => value = nil_or_octets(&mut metadata)?,
                        "value" => several = true,
                        "acl" => several |= metadata.next().is_some(),
                        _ => return unknown,
                    }
                }
                value
            }
            Err(_) => nil_or_octets(&mut list)?,
        };
        attributes.push((name, value));
    }
    Ok(Store { path, no_create, unchanged_since, attributes, several })
}

fn nil_or_octets(cursor: &mut Cursor<'_>) -> Result<Option<Vec<u8>>, Fault> {
    if cursor.word("NIL") || cursor.word("DEFAULT") { Ok(None) } else { cursor.octets().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::read;
    use super::*;

    fn parse(line: &str) -> Result<Command, Fault> {
        let line = format!("a {line}\r\n");
        command(&read(line.as_bytes())?.values, line.len() - 2)
    }

    #[test]
    fn commands_take_what_they_take_and_nothing_else() {
        assert_eq!(parse("noop"), Ok(Command::Noop));
        assert_eq!(
            parse("LANG \"fr-ca\" \"en\""),
            Ok(Command::Lang(vec!["fr-ca".to_owned(), "en".to_owned()]))
        );
        let at = |at, kind| Err(Fault { at, kind });
        for (line, expected) in [
            ("BLURDYBLOOP", at(2, Kind::Command)),
            ("\"NOOP\"", at(2, Kind::Command)),
            ("NOOP Hello", at(7, Kind::Arguments)),
            ("STARTTLS \"x\"", at(11, Kind::Arguments)),
            ("AUTHENTICATE", at(14, Kind::Arguments)),
            ("AUTHENTICATE PLAIN", at(15, Kind::Arguments)),
            ("AUTHENTICATE \"PLAIN\" \"a\" \"b\"", at(27, Kind::Arguments)),
            ("LANG en", at(7, Kind::Arguments)),
            ("SEARCH \"/x/\"", at(14, Kind::Arguments)),
            ("SEARCH \"/x/\" DEPTH 1 DEPTH 2 ALL", at(23, Kind::Arguments)),
            ("SEARCH \"/x/\" EQUAL \"entry\" \"en;primary\" \"x\"", at(29, Kind::Arguments)),
            ("SEARCH \"/x/\" PREFIX \"entry\" \"i;octet\" NIL", at(40, Kind::Arguments)),
            ("STORE \"/x/y\"", at(8, Kind::Arguments)),
            ("STORE (\"/x/y\" \"a\" \"1\" \"a\" \"2\")", at(24, Kind::Arguments)),
        ] {
            assert_eq!(parse(line), expected, "{line}");
        }
        let deep = "NOT ".repeat(DEPTH_LIMIT + 1);
        assert!(matches!(parse(&format!("SEARCH \"/x/\" {deep}ALL")), Err(Fault { kind: Kind::Depth, .. })));
    }
}
