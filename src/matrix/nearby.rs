//! What it takes for an attack that failed to succeed after all: another of its variants, or another profile of a party.
//! For somebody who tried it once and saw nothing happen.

use crate::base::Side;
use crate::sim::{self, Setup};

/// Single changes, as the command line writes them, by each of which the setup's only attack succeeds: the first of each
/// kind. None where it succeeds as it is, or does not stand alone.
#[must_use]
pub fn nearby(setup: &Setup) -> Vec<String> {
    let [(attack, values)] = setup.attacks.as_slice() else { return Vec::new() };
    let succeeds = |setup: &Setup| {
        let run = sim::run(setup);
        !(attack.success.find)(&run.connections, &run.planted).is_empty()
    };
    if setup.custom.is_some() || succeeds(setup) {
        return Vec::new();
    }
    let with = |change: &dyn Fn(&mut Setup) -> bool| {
        let mut changed = setup.clone();
        change(&mut changed) && succeeds(&changed)
    };
    let others = attack.switches.iter().flat_map(|switch| {
        switch.values.iter().filter(|value| **value != values.get(switch)).map(move |value| (switch, value))
    });
    let variant = others
        .map(|(switch, value)| format!("middle.{}={value}", switch.id))
        .find(|text| with(&|setup| setup.set_text(text).is_ok()))
        .map(|text| format!("--set {text}"));
    let party = |side: Side| {
        let profiles = (setup.protocol.profiles)(side).iter();
        let found =
            profiles.map(|profile| &*profile.id).find(|id| with(&|setup| setup.profile(side, id).is_ok()));
        found.map(|id| format!("--{} {id}", side.name()))
    };
    variant.into_iter().chain(party(Side::Server)).chain(party(Side::Client)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attack_that_failed_says_what_it_takes() {
        let of = |words: &str| nearby(&Setup::from_words(words).unwrap());
        let strip = of("pop3 attack=strip-capability");
        assert!(strip.contains(&"--server open".to_owned()), "{strip:?}");
        assert!(strip.contains(&"--set middle.logins=answered".to_owned()), "{strip:?}");
        for told in &strip {
            let change = told.strip_prefix("--set ").map(str::to_owned);
            let change = change.unwrap_or_else(|| told.trim_start_matches("--").replace(' ', "="));
            assert_eq!(of(&format!("pop3 attack=strip-capability {change}")), [""; 0], "{told}");
        }
        assert_eq!(of("imap attack=strip-capability"), [""; 0], "it succeeds as it is");
        assert_eq!(of("imap"), [""; 0]);
    }
}
