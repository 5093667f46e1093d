//! The attacks in the page: what stands on the path, what is decided by hand, what is written as text. All three are a
//! setup's attacks and its one written attack; nothing here has a second form of them.

pub mod gate;
pub mod held;
pub mod palette;
mod preview;
pub mod written;

use super::session::Session;
use crate::attack::{Act, Custom, CustomRule, Met, When};
use crate::sim::Setup;

/// A change of what is on the path.
#[derive(Clone, Debug)]
pub enum Path {
    /// One more attack, behind the others.
    Add(&'static str),
    /// One attack less.
    Remove(&'static str),
    /// One place nearer to the client.
    Nearer(&'static str),
    /// One place farther from the client.
    Farther(&'static str),
    /// A rule of the written attack: comes if it is not there, and goes if it is.
    Toggle(CustomRule),
    /// The written attack without a rule, by its place from 0.
    Strike(usize),
    /// Another written attack, or none.
    Written(Option<Custom>),
    /// The run halts at this message or handshake, or at none.
    Hold(Option<u32>),
    /// What becomes of the held one.
    Decide(Deed),
}

/// What becomes of a held message or handshake.
#[derive(Clone, Debug)]
pub enum Deed {
    /// It goes on, and the next one is held.
    Release,
    /// It goes on, and nothing is held any more.
    RunOn,
    /// This, and the next one is held.
    Do(Act),
}

/// The written attack, where a change names an attack.
pub const OWN: &str = "own";

/// Swaps somebody on the path with the neighbour, and says who stands where then.
fn moved(setup: &mut Setup, id: &str, nearer: bool) -> Option<String> {
    let own = setup.custom.is_some().then(|| setup.custom_place());
    let (title, place) = if id == OWN {
        let place = own?;
        let to = if nearer { place.checked_sub(1)? } else { place.checked_add(1)? };
        if to > setup.attacks.len() {
            return None;
        }
        setup.custom_at = (to < setup.attacks.len()).then_some(to);
        ("Your own", to)
    } else {
        let at = setup.attacks.iter().position(|(attack, _)| attack.id == id)?;
        let title = setup.attacks.get(at).map_or("", |(attack, _)| attack.title);
        let place = at.saturating_add(usize::from(own.is_some_and(|own| own <= at)));
        if nearer && own == Some(at) || !nearer && own == at.checked_add(1) {
            let to = if nearer { at.saturating_add(1) } else { at };
            setup.custom_at = (to < setup.attacks.len()).then_some(to);
        } else {
            let to = if nearer { at.checked_sub(1)? } else { at.saturating_add(1) };
            if to >= setup.attacks.len() {
                return None;
            }
            setup.attacks.swap(at, to);
        }
        (title, if nearer { place.saturating_sub(1) } else { place.saturating_add(1) })
    };
    Some(format!("{title} is number {} on the path now", place.saturating_add(1)))
}

impl Path {
    /// Makes the change, and says it in a sentence.
    pub fn done(self, setup: &mut Setup, session: &Session) -> Option<String> {
        match self {
            Self::Add(id) => {
                let known = setup.attack(id);
                debug_assert!(known.is_ok(), "{known:?}");
                None
            }
            Self::Remove(id) => {
                let at = setup.attacks.iter().position(|(attack, _)| attack.id == id)?;
                setup.attacks.remove(at);
                if let Some(place) = setup.custom_at.filter(|place| *place > at) {
                    setup.custom_at = Some(place.saturating_sub(1));
                }
                None
            }
            Self::Nearer(id) => moved(setup, id, true),
            Self::Farther(id) => moved(setup, id, false),
            Self::Toggle(rule) => {
                let mut custom = setup.custom.take().unwrap_or_default();
                match custom.rules.iter().position(|known| *known == rule) {
                    Some(at) => drop(custom.rules.remove(at)),
                    None => custom.rules.push(rule),
                }
                setup.custom = kept(custom);
                None
            }
            Self::Strike(at) => {
                let mut custom = setup.custom.take().unwrap_or_default();
                if at < custom.rules.len() {
                    custom.rules.remove(at);
                }
                setup.custom = kept(custom);
                None
            }
            Self::Written(custom) => {
                setup.custom = custom.and_then(kept);
                None
            }
            Self::Hold(at) => {
                setup.hold = at;
                None
            }
            Self::Decide(deed) => {
                let met = session.held()?;
                let next = setup.hold.map(|hold| hold.saturating_add(1));
                setup.hold = if matches!(deed, Deed::RunOn) { None } else { next };
                if let Deed::Do(act) = deed {
                    let mut custom = setup.custom.take().unwrap_or_default();
                    decide(&mut custom, met, act);
                    setup.custom = kept(custom);
                }
                None
            }
        }
    }
}

/// An attack without a rule is none.
fn kept(custom: Custom) -> Option<Custom> {
    Some(custom).filter(|custom| !custom.rules.is_empty())
}

/// A rule about one message or handshake, in front of the others and in place of an earlier one about the same.
fn decide(custom: &mut Custom, met: &Met, act: Act) {
    let when = if met.handshake {
        When { handshake: true, nth: Some(met.number), ..When::default() }
    } else {
        When { message: Some(met.number), ..When::default() }
    };
    custom.rules.retain(|rule| rule.when != when);
    let by_hand = |rule: &CustomRule| {
        rule.when == When { message: rule.when.message, ..When::default() } && rule.when.message.is_some()
            || rule.when == When { handshake: true, nth: rule.when.nth, ..When::default() }
                && rule.when.nth.is_some()
    };
    let behind = custom.rules.iter().take_while(|rule| by_hand(rule)).count();
    custom.rules.insert(behind, CustomRule { when, act });
}

/// The how manieth that is to be held so that the run halts at a place, or at the first behind it.
#[must_use]
pub fn stop_at(session: &Session, place: u32) -> Option<u32> {
    let at = session.met.iter().position(|met| met.place >= place)?;
    u32::try_from(at).ok()?.checked_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;
    use crate::spec::RuleSet;

    fn played(setup: &Setup) -> Session {
        Session::simulate(setup, RuleSet::Today)
    }

    #[test]
    fn what_is_decided_by_hand_is_a_written_attack_that_does_the_same() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        let honest = played(&setup);
        assert!(honest.held().is_none() && honest.met.len() > 4);
        setup.hold = Some(1);
        let session = played(&setup);
        assert!(session.held().is_some_and(|met| met.number == 1 && !met.handshake));
        assert!(session.rows.len() < honest.rows.len());
        Path::Decide(Deed::Do(Act::Remove("STARTTLS".to_owned()))).done(&mut setup, &session);
        let session = played(&setup);
        assert_eq!(session.held().map(|met| met.number), Some(2));
        Path::Decide(Deed::RunOn).done(&mut setup, &session);
        assert_eq!(setup.custom.as_ref().unwrap().text(), "when message 1 do remove \"STARTTLS\"\n");
        let over = played(&setup);
        assert!(over.held().is_none());
        // Another word about the same message takes the place of the first.
        setup.hold = Some(1);
        let session = played(&setup);
        Path::Decide(Deed::Do(Act::Drop)).done(&mut setup, &session);
        assert_eq!(setup.custom.as_ref().unwrap().text(), "when message 1 do drop\n");
    }

    #[test]
    fn a_handshake_is_held_as_well() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.set_text("client.tls=required").unwrap();
        let honest = played(&setup);
        let at = honest.met.iter().position(|met| met.handshake).unwrap();
        setup.hold = u32::try_from(at + 1).ok();
        let session = played(&setup);
        assert!(session.held().is_some_and(|met| met.handshake));
        Path::Decide(Deed::Do(Act::SelfSigned("mail.example.test".to_owned()))).done(&mut setup, &session);
        let text = setup.custom.as_ref().unwrap().text();
        assert_eq!(text, "when handshake nth 1 do self-signed \"mail.example.test\"\n");
    }

    #[test]
    fn the_order_on_the_path_is_changed_and_told() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        let session = played(&setup);
        for id in ["strip-capability", "fail-starttls"] {
            Path::Add(id).done(&mut setup, &session);
        }
        let said = Path::Nearer("fail-starttls").done(&mut setup, &session);
        assert_eq!(said.as_deref(), Some("Refuse STARTTLS is number 1 on the path now"));
        assert!(Path::Nearer("fail-starttls").done(&mut setup, &session).is_none());
        let order: Vec<_> = setup.attacks.iter().map(|(attack, _)| attack.id).collect();
        assert_eq!(order, ["fail-starttls", "strip-capability"]);
        Path::Remove("fail-starttls").done(&mut setup, &session);
        assert_eq!(setup.attacks.len(), 1);
    }

    #[test]
    fn the_written_attack_has_its_place_among_the_others() {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        let session = played(&setup);
        for id in ["strip-capability", "fail-starttls"] {
            Path::Add(id).done(&mut setup, &session);
        }
        setup.custom = Custom::parse("when greeting do pass").ok();
        assert_eq!(setup.custom_place(), 2);
        let said = Path::Nearer(OWN).done(&mut setup, &session);
        assert_eq!(said.as_deref(), Some("Your own is number 2 on the path now"));
        // Its neighbours go past it.
        Path::Nearer("fail-starttls").done(&mut setup, &session);
        assert_eq!(setup.custom_place(), 2);
        Path::Nearer(OWN).done(&mut setup, &session);
        let said = Path::Farther("strip-capability").done(&mut setup, &session);
        assert_eq!(said.as_deref(), Some("Strip the offer is number 2 on the path now"));
        assert_eq!(setup.custom_place(), 0);
        assert!(Path::Nearer(OWN).done(&mut setup, &session).is_none());
        Path::Farther(OWN).done(&mut setup, &session);
        Path::Remove("strip-capability").done(&mut setup, &session);
        assert_eq!((setup.attacks.len(), setup.custom_place()), (1, 0));
    }
}
