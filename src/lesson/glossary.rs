//! The words that a newcomer may not know, in one place for all screens. A text in which one of them stands offers its
//! meaning there.

use std::sync::LazyLock;

/// A word and what it means.
#[derive(Debug)]
pub struct Entry {
    /// The word, and the other forms in which it stands in texts.
    pub names: Vec<&'static str>,
    /// What it means, in fewer than forty words.
    pub meaning: &'static str,
}

impl Entry {
    /// The word itself.
    #[must_use]
    pub fn term(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }
}

/// All words, in the order of the alphabet.
#[must_use]
pub fn all() -> &'static [Entry] {
    static READ: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        let lines = include_str!("content/glossary.txt").lines();
        let entries = lines.filter_map(|line| {
            let (names, meaning) = line.split_once(": ")?;
            Some(Entry { names: names.split(" / ").collect(), meaning })
        });
        entries.collect()
    });
    &READ
}

/// Cuts a text at the words of the glossary, each of which counts once: `used` has those that stood before.
#[must_use]
pub fn cut<'a>(text: &'a str, used: &mut Vec<&'static str>) -> Vec<(&'a str, Option<&'static Entry>)> {
    let mut cut = Vec::new();
    let (mut from, mut at) = (0, 0);
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let word_before = text.get(..at).is_some_and(|before| before.ends_with(is_word));
        let found = (!word_before).then(|| longest(rest)).flatten();
        match found.filter(|(entry, _)| !used.contains(&entry.term())) {
            Some((entry, length)) => {
                cut.extend(
                    text.get(from..at).filter(|before| !before.is_empty()).map(|before| (before, None)),
                );
                cut.extend(rest.get(..length).map(|word| (word, Some(entry))));
                used.push(entry.term());
                at = at.saturating_add(length);
                from = at;
            }
            None => at = at.saturating_add(rest.chars().next().map_or(1, char::len_utf8)),
        }
    }
    cut.extend(text.get(from..).filter(|rest| !rest.is_empty()).map(|rest| (rest, None)));
    cut
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '-' || letter == '_'
}

/// The longest name that a text begins with, as a whole word. Names with a capital keep their case.
fn longest(text: &str) -> Option<(&'static Entry, usize)> {
    let mut best: Option<(&'static Entry, usize)> = None;
    for entry in all() {
        for name in &entry.names {
            let Some(head) = text.get(..name.len()) else { continue };
            let exact = name.chars().any(char::is_uppercase);
            let same = if exact { head == *name } else { head.eq_ignore_ascii_case(name) };
            let whole = !text.get(name.len()..).is_some_and(|rest| rest.starts_with(is_word));
            if same && whole && best.is_none_or(|(_, length)| length < name.len()) {
                best = Some((entry, name.len()));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_explained_in_fewer_than_forty_words() {
        let terms: Vec<_> = all().iter().map(Entry::term).collect();
        assert!(terms.is_sorted_by_key(|term| term.to_lowercase()), "{terms:?}");
        let lines = include_str!("content/glossary.txt").lines().count();
        assert!(all().len() == lines && lines >= 30, "each line is an entry");
        for entry in all() {
            let words = entry.meaning.split_whitespace().count();
            assert!((5..40).contains(&words), "{}: {words} words", entry.term());
            assert!(entry.meaning.ends_with('.'), "{}", entry.term());
        }
    }

    #[test]
    fn a_text_is_cut_at_whole_words_once() {
        let mut used = Vec::new();
        let words = cut("A tag, tags and tagged; TLS over TLS.", &mut used);
        let found: Vec<_> = words.iter().filter_map(|(word, entry)| entry.map(|_| *word)).collect();
        assert_eq!(found, ["tag", "TLS"]);
        assert_eq!(
            words.iter().map(|(word, _)| *word).collect::<String>(),
            "A tag, tags and tagged; TLS over TLS."
        );
        assert_eq!(cut("TLS", &mut used), cut("TLS", &mut vec!["TLS"]));
    }

    impl PartialEq for Entry {
        fn eq(&self, other: &Self) -> bool {
            self.term() == other.term()
        }
    }
}
