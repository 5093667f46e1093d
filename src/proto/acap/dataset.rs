//! A small dataset, so that there is something to look for and to change: the address book of one account
//! (RFC 2244 sections 3 and 6.4 to 6.6).

use super::command::{Criteria, Key, Search, Store};
use super::syntax::string;
use crate::base::order;
use crate::proto::Account;
use std::collections::BTreeMap;

/// So many entries fit.
const ENTRY_LIMIT: usize = 100;

/// Entries by name, each with its attributes by name. `entry` and `modtime` are among them.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    path: String,
    user: String,
    entries: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    /// The moment of the last change, as the digits behind the second.
    moment: u32,
}

/// Why a command on the dataset fails, as its response code; `None` says nothing more.
pub type Failure = Option<String>;

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The lines behind the tag: ENTRY for each entry, and MODTIME.
    pub lines: Vec<Vec<u8>>,
    /// The response code of the final answer.
    pub code: Option<String>,
}

impl Dataset {
    /// The account's address book. `stamp` makes the moments.
    #[must_use]
    pub fn new(account: &Account, stamp: u32) -> Self {
        let secret = account.message.lines().last().unwrap_or_default();
        let mut made = Self {
            path: format!("/addressbook/user/{}/", account.user),
            user: account.user.to_string(),
            entries: BTreeMap::new(),
            moment: stamp % 900_000,
        };
        for (name, attributes) in [
            ("friday", [("CommonName", "Ana"), ("Email", "ana@example.test"), ("Comment", secret)]),
            ("list", [("CommonName", "Walkers"), ("Email", "walkers@example.test"), ("Comment", "Sundays")]),
        ] {
            let attributes = attributes
                .map(|(name, value)| (format!("addressbook.{name}"), Some(value.as_bytes().to_vec())));
            made.change(name, &attributes);
        }
        made
    }

    fn time(&self) -> String {
        format!("20261121120000{:06}", self.moment)
    }

    fn change(&mut self, name: &str, attributes: &[(String, Option<Vec<u8>>)]) {
        self.moment = self.moment.saturating_add(1);
        let time = self.time().into_bytes();
        let entry = self.entries.entry(name.to_owned()).or_default();
        entry.insert("entry".to_owned(), name.as_bytes().to_vec());
        for (attribute, value) in attributes {
            match value {
                Some(value) => entry.insert(attribute.clone(), value.clone()),
                None => entry.remove(attribute),
            };
        }
        entry.insert("modtime".to_owned(), time);
    }

    /// The path with `~` written out.
    fn resolved(&self, path: &str) -> String {
        path.replacen("/~/", &format!("/user/{}/", self.user), 1)
    }

    /// Whether a path is this dataset's, and if not, why a command on it fails.
    fn here(&self, path: &str) -> Result<(), Failure> {
        if path == self.path || path.trim_end_matches('/') == self.path.trim_end_matches('/') {
            return Ok(());
        }
        let quoted = |text: &str| String::from_utf8_lossy(&string(text.as_bytes())).into_owned();
        if path.starts_with("/addressbook/site/") {
            // What the whole site shares is on another server.
            return Err(Some(format!("REFER {}", quoted(&format!("acap://acap.example.test{path}")))));
        }
        Err(Some(format!("NOEXIST {}", quoted(path))))
    }

    /// Looks for entries.
    ///
    /// # Errors
    /// Why that fails.
    pub fn search(&self, search: &Search) -> Result<Found, Failure> {
        self.here(&self.resolved(&search.dataset))?;
        let mut matching: Vec<_> =
            self.entries.iter().filter(|(_, entry)| matches(&search.criteria, entry)).collect();
        for (attribute, fold, reversed) in search.order.iter().rev() {
            let folded = |entry: &BTreeMap<String, Vec<u8>>| {
                let value = entry.get(attribute).cloned();
                if *fold { value.map(|value| value.to_ascii_uppercase()) } else { value }
            };
            order::sort_by(&mut matching, |(_, a), (_, b)| {
                let order = folded(a).cmp(&folded(b));
                if *reversed { order.reverse() } else { order }
            });
        }
        let number = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        if search.hard_limit.is_some_and(|limit| matching.len() > number(limit)) {
            return Err(Some("WAYTOOMANY".to_owned()));
        }
        let beyond = search.limit.filter(|(limit, _)| matching.len() > number(*limit));
        let shown = beyond.map_or(matching.len(), |(_, shown)| number(shown));
        let mut lines = Vec::new();
        let wanted = search.wanted.as_deref();
        // RFC 2244 section 6.4.1: without RETURN no entries are told.
        let shown = if wanted.is_some() { shown } else { 0 };
        for (name, entry) in matching.iter().take(shown) {
            // With DEPTH the whole path is told.
            let name = if search.depth.is_some() { [&*self.path, name].concat() } else { (*name).clone() };
            let mut line = [b"ENTRY ".as_slice(), &string(name.as_bytes())].concat();
            for wanted in wanted.unwrap_or_default() {
                line.push(b' ');
                line.extend(value(entry, wanted));
            }
            lines.push(line);
        }
        lines.push(format!("MODTIME \"{}\"", self.time()).into_bytes());
        Ok(Found { lines, code: beyond.map(|_| format!("TOOMANY {}", matching.len())) })
    }

    /// Changes entries, all or none.
    ///
    /// # Errors
    /// Why that fails.
    pub fn store(&mut self, stores: &[Store]) -> Result<(), Failure> {
        let mut names = Vec::with_capacity(stores.len());
        for store in stores {
            let path = self.resolved(&store.path);
            let (dataset, name) = path.rsplit_once('/').ok_or(None)?;
            self.here(&[dataset, "/"].concat()).map_err(|failure| match failure {
                // Nobody else's entries are changed here, whether they exist or not.
                Some(code) if code.starts_with("NOEXIST") => {
                    let path =
                        String::from_utf8_lossy(&string([dataset, "/"].concat().as_bytes())).into_owned();
                    Some(format!("PERMISSION ({path})"))
                }
                other => other,
            })?;
            let entry = self.entries.get(name);
            // The moment of a change is ours to say, and a name belongs to its path.
            let ours = |(name, value): &(String, Option<Vec<u8>>)| {
                name == "modtime" || (name == "entry" && value.is_some())
            };
            if name.is_empty() || name.starts_with('.') || store.several || store.attributes.iter().any(ours)
            {
                return Err(None);
            }
            let modtime = entry.and_then(|entry| entry.get("modtime"));
            if let (Some(since), Some(modtime)) = (&store.unchanged_since, modtime)
                && modtime.as_slice() > since.as_bytes()
            {
                let path = String::from_utf8_lossy(&string(path.as_bytes())).into_owned();
                return Err(Some(format!("MODIFIED {path}")));
            }
            names.push(name.to_owned());
        }
        if self.entries.len().saturating_add(stores.len()) > ENTRY_LIMIT {
            return Err(Some("QUOTA".to_owned()));
        }
        for (store, name) in stores.iter().zip(names) {
            // An entry whose name is taken away is gone (RFC 2244 section 6.5.1).
            if store.attributes.iter().any(|(attribute, value)| attribute == "entry" && value.is_none()) {
                self.entries.remove(&name);
                self.moment = self.moment.saturating_add(1);
            } else {
                self.change(&name, &store.attributes);
            }
        }
        Ok(())
    }
}

/// One attribute's value as a search returns it; for a name that ends in `*`, a list of names and values.
fn value(entry: &BTreeMap<String, Vec<u8>>, wanted: &str) -> Vec<u8> {
    let Some(prefix) = wanted.strip_suffix('*') else {
        return entry.get(wanted).map_or_else(|| b"NIL".to_vec(), |value| string(value));
    };
    let pairs: Vec<_> = entry
        .iter()
        .filter(|(name, _)| name.starts_with(prefix))
        .map(|(name, value)| [b"(", string(name.as_bytes()).as_slice(), b" ", &string(value), b")"].concat())
        .collect();
    [b"(", pairs.join(&b' ').as_slice(), b")"].concat()
}

fn matches(criteria: &Criteria, entry: &BTreeMap<String, Vec<u8>>) -> bool {
    let compare = |key: &Key, holds: fn(&[u8], &[u8]) -> bool| {
        let folded = |octets: &[u8]| if key.fold { octets.to_ascii_uppercase() } else { octets.to_vec() };
        match (entry.get(&key.attribute), &key.value) {
            (Some(has), Some(wanted)) => holds(&folded(has), &folded(wanted)),
            (None, None) => true,
            _ => false,
        }
    };
    match criteria {
        Criteria::All => true,
        Criteria::Equal(key) => compare(key, |has, wanted| has == wanted),
        Criteria::Compare(key) => compare(key, |has, wanted| has >= wanted),
        Criteria::CompareStrict(key) => compare(key, |has, wanted| has > wanted),
        Criteria::Prefix(key) => compare(key, |has, wanted| has.starts_with(wanted)),
        Criteria::Substring(key) => compare(key, |has, wanted| memchr::memmem::find(has, wanted).is_some()),
        Criteria::Not(inner) => !matches(inner, entry),
        Criteria::Or(a, b) => matches(a, entry) || matches(b, entry),
        Criteria::And(a, b) => matches(a, entry) && matches(b, entry),
    }
}

#[cfg(test)]
mod tests {
    use super::super::command::{Command, command};
    use super::super::syntax::read;
    use super::*;
    use crate::sim::default_account;

    fn run(dataset: &mut Dataset, line: &str) -> Result<Found, Failure> {
        let line = format!("a {line}\r\n");
        match command(&read(line.as_bytes()).unwrap().values, line.len()).unwrap() {
            Command::Search(search) => dataset.search(&search),
            Command::Store(stores) => {
                dataset.store(&stores).map(|()| Found { lines: Vec::new(), code: None })
            }
            other => panic!("{other:?}"),
        }
    }

    fn names(found: Result<Found, Failure>) -> String {
        let lines = found.unwrap().lines;
        let entries = lines.iter().filter_map(|line| line.strip_prefix(b"ENTRY ".as_slice()));
        entries.map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect()
    }

    #[test]
    fn searches_match_compare_and_return_as_asked() {
        let mut book = Dataset::new(&default_account(), 7);
        let mut find = |text: &str| names(run(&mut book, &format!("SEARCH \"/addressbook/~/\" {text}")));
        assert_eq!(find("ALL"), "", "nothing is to be returned");
        assert_eq!(find("RETURN () ALL"), "\"friday\"\n\"list\"\n");
        assert_eq!(find("RETURN () SORT (\"addressbook.Email\" \"-i;octet\") ALL"), "\"list\"\n\"friday\"\n");
        assert_eq!(
            find(
                "RETURN (\"addressbook.Email\" \"addressbook.None\") PREFIX \"addressbook.CommonName\" \"i;octet\" \"A\""
            ),
            "\"friday\" \"ana@example.test\" NIL\n"
        );
        assert_eq!(find("RETURN () EQUAL \"entry\" \"i;octet\" \"LIST\""), "");
        assert_eq!(
            find("RETURN () DEPTH 1 EQUAL \"entry\" \"+i;ascii-casemap\" \"LIST\""),
            "\"/addressbook/user/tim/list\"\n"
        );
        assert_eq!(
            find("RETURN () NOT OR EQUAL \"entry\" \"i;octet\" \"list\" EQUAL \"nothing\" \"i;octet\" \"\""),
            "\"friday\"\n"
        );
        assert_eq!(
            find(
                "RETURN () AND SUBSTRING \"addressbook.Email\" \"i;octet\" \"@\" EQUAL \"none\" \"i;octet\" NIL"
            ),
            "\"friday\"\n\"list\"\n"
        );
        assert_eq!(find("RETURN () COMPARESTRICT \"entry\" \"i;octet\" \"friday\""), "\"list\"\n");
        assert_eq!(find("RETURN () LIMIT 1 1 COMPARE \"entry\" \"i;octet\" \"friday\""), "\"friday\"\n");
        let all = find("RETURN (\"addressbook.*\") EQUAL \"entry\" \"i;octet\" \"list\"");
        assert!(
            all.starts_with("\"list\" ((\"addressbook.Comment\" \"Sundays\") (\"addressbook.CommonName\""),
            "{all}"
        );
    }

    #[test]
    fn limits_and_other_places_have_their_codes() {
        let mut book = Dataset::new(&default_account(), 7);
        let mut code = |line: &str| match run(&mut book, line) {
            Ok(found) => found.code.unwrap_or_default(),
            Err(failure) => failure.unwrap_or_else(|| "fails".to_owned()),
        };
        assert_eq!(code("SEARCH \"/addressbook/~/\" LIMIT 1 0 ALL"), "TOOMANY 2");
        assert_eq!(code("SEARCH \"/addressbook/~/\" HARDLIMIT 1 ALL"), "WAYTOOMANY");
        assert_eq!(code("SEARCH \"/folder/\" ALL"), "NOEXIST \"/folder/\"");
        assert_eq!(
            code("SEARCH \"/addressbook/site/all/\" ALL"),
            "REFER \"acap://acap.example.test/addressbook/site/all/\""
        );
        assert_eq!(
            code("STORE (\"/addressbook/user/ana/x\" \"a\" \"1\")"),
            "PERMISSION (\"/addressbook/user/ana/\")"
        );
        assert_eq!(code("STORE (\"/addressbook/~/new\" NOCREATE \"modtime\" \"1\")"), "fails");
        assert_eq!(
            code("STORE (\"/addressbook/~/list\" UNCHANGEDSINCE \"19990101000000\" \"a\" \"1\")"),
            "MODIFIED \"/addressbook/user/tim/list\""
        );
    }

    #[test]
    fn a_store_changes_all_or_nothing_and_is_found_again() {
        let mut book = Dataset::new(&default_account(), 7);
        let before = run(&mut book, "SEARCH \"/addressbook/~/\" ALL").unwrap();
        let half = "STORE (\"/addressbook/~/one\" \"a\" \"1\") (\"/addressbook/user/ana/two\" \"a\" \"1\")";
        assert!(run(&mut book, half).is_err());
        assert_eq!(run(&mut book, "SEARCH \"/addressbook/~/\" ALL").unwrap(), before);
        let set = "STORE (\"/addressbook/~/one\" \"a\" {3+}\r\nx\r\n \"b\" (\"value\" \"2\")) (\"/addressbook/~/list\" \"entry\" NIL)";
        run(&mut book, set).unwrap();
        let found = names(run(&mut book, "SEARCH \"/addressbook/~/\" RETURN (\"a\" \"b\") ALL"));
        assert_eq!(found, "\"friday\" NIL NIL\n\"one\" {3}\r\nx\r\n \"2\"\n");
        for number in 0..ENTRY_LIMIT {
            let _ = run(&mut book, &format!("STORE (\"/addressbook/~/n{number}\" \"a\" \"1\")"));
        }
        assert_eq!(
            run(&mut book, "STORE (\"/addressbook/~/more\" \"a\" \"1\")"),
            Err(Some("QUOTA".to_owned()))
        );
    }
}
