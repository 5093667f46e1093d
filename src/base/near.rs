//! What somebody probably meant who wrote a name that there is not.

/// So many names are proposed at most.
const PROPOSED: usize = 3;

/// Those of some names that look like a word, in any case of letters, the nearest first.
#[must_use]
pub fn near<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let farthest = (word.chars().count() / 3).clamp(1, 3);
    let mut found: Vec<_> = names
        .into_iter()
        .map(|name| (strsim::osa_distance(&word, &name.to_lowercase()), name))
        .filter(|(distance, name)| {
            *distance <= farthest || (word.len() > 3 && name.to_lowercase().contains(&word))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    // What is much farther than the nearest was not meant.
    let limit = found.first().map_or(0, |(nearest, _)| nearest.saturating_add(1));
    found
        .into_iter()
        .filter(|(distance, _)| *distance <= limit)
        .map(|(_, name)| name)
        .take(PROPOSED)
        .collect()
}

/// The end of a sentence about a name that there is not: what may have been meant, or nothing.
#[must_use]
pub fn meant<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    proposed(&near(word, names))
}

/// The same of names that were found before.
#[must_use]
pub fn proposed(near: &[&str]) -> String {
    match near {
        [] => String::new(),
        near => format!("; did you mean `{}`?", near.join("` or `")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_what_is_far_does_not_come() {
        let names = ["A12", "A16", "S-9051-login", "S-9051-logins", "strip-capability"];
        assert_eq!(near("a61", names), ["A16"]);
        assert_eq!(near("S-9051-logn", names), ["S-9051-login", "S-9051-logins"]);
        assert_eq!(near("capability", names), ["strip-capability"]);
        assert_eq!(meant("stripcapability", names), "; did you mean `strip-capability`?");
        assert_eq!(meant("tarot", names), "");
    }
}
