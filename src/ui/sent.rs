//! Links that bring a recording with them. One that is damaged says what is wrong with it and changes nothing.

use super::reading;
use super::route;
use super::session::{Session, Shared};
use super::state::{Reading, State};
use crate::link;
use crate::trace::Trace;
use std::rc::Rc;

/// What a recording is called that came with a link.
const NAME: &str = "The session of a link";

impl State {
    /// Opens the recording in what stands behind the `?` of a link. `false`: there is none in it.
    pub(super) fn receive(&mut self, query: &str) -> bool {
        let parts = route::parts(query);
        let Some((key, value)) = parts.iter().find(|(key, _)| matches!(*key, "z" | "t")) else {
            return false;
        };
        let packed = *key == "z";
        let text =
            if packed { link::unpack(value).map_err(|why| why.to_string()) } else { Ok(value.clone()) };
        let mut log = match text.and_then(|text| reading::text(NAME, text.into_bytes())) {
            Ok(log) => log,
            Err(why) => {
                let sentence = format!("This link cannot be opened: {why}. Nothing on the page was changed.");
                self.reading = Reading::Failed(sentence.into());
                return true;
            }
        };
        log.packed = packed.then(|| Rc::from(value.as_str()));
        let wish = route::wish(query, &self.setup);
        (self.rule_set, self.lens, self.assumed) = (wish.rule_set, wish.lens, wish.assumed);
        self.select = Rc::new(wish.select);
        self.reading = Reading::Idle;
        let holds = |place: u32| {
            let covered =
                |trace: &Trace| trace.events().iter().any(|e| (e.places.0..=e.places.1).contains(&place));
            log.parts.iter().position(|part| part.traces.iter().any(covered))
        };
        let number = wish.place.and_then(holds).unwrap_or_default();
        let Some(part) = log.parts.get(number) else { return true };
        let by = self.by_of_recordings();
        let session = Shared::new(Session::imported(part, by));
        self.open(Shared::new(log), number, session, by);
        self.put_aside(self.dated(wish.aside));
        self.sieve = wish.sieve.as_str().into();
        self.point(wish.verdict, wish.place, &wish.wrong);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Side;
    use crate::pipeline::{Hide, Outcome, Share};
    use crate::trace::Policy;

    const LOG: &str = "S: * OK ready\nC: a1 LOGIN joe swordfish\nS: a1 OK in\n";

    fn packed() -> String {
        let log = reading::text("a.log", LOG.into()).unwrap();
        Share::new(&log.parts[0].traces, Hide::ALL, false).packed().unwrap()
    }

    #[test]
    fn a_packed_session_opens_with_its_findings_and_stays_in_the_address() {
        let text = reading::text("a.log", LOG.into()).unwrap();
        let before = Session::imported(&text.parts[0], State::default().by());
        let hash = format!("#/?z={}&e=2", packed());
        let state = State::at(&hash);
        assert_eq!(state.reading, Reading::Idle);
        let outcomes = |session: &Session| -> Vec<_> {
            session.verdicts.iter().map(|v| (v.verdict.rule.id, v.verdict.side, v.verdict.outcome)).collect()
        };
        assert_eq!(outcomes(&state.session), outcomes(&before));
        assert_eq!(state.session.place(state.at), 2);
        assert_eq!(state.address(), hash);
    }

    #[test]
    fn what_is_assumed_of_the_ends_travels_with_the_link() {
        let assumed = "&as=tls-required&as=clear-text-refused";
        let hash = format!("#/?z={}{assumed}", packed());
        let state = State::at(&hash);
        assert_eq!(state.assumed.client, Some(Policy::TlsRequired));
        assert_eq!(state.assumed.server, Some(Policy::ClearTextRefused));
        assert_eq!(state.address(), hash);
        let outcome = |state: &State| {
            let mut verdicts = state.session.verdicts.iter();
            let found = verdicts.find(|v| (v.verdict.rule.id, v.verdict.side) == ("A02", Side::Client));
            found.map(|v| v.verdict.outcome)
        };
        assert_eq!(outcome(&state), Some(Outcome::Fail));
        let plain = State::at(&format!("#/?z={}", packed()));
        assert_eq!(outcome(&plain), Some(Outcome::CannotTell));
        let unknown = State::at(&format!("#/?z={}&as=nothing", packed()));
        assert!(matches!(&unknown.reading, Reading::Failed(why) if why.contains("no policy")));
    }

    #[test]
    fn text_in_a_link_opens_and_leaves_the_address() {
        let state = State::at("#t=S%3A%20*%20OK%20ready%0AC%3A%20a1%20NOOP%0AS%3A%20a1%20OK%20done%0A");
        assert!(state.log.is_some());
        assert!(!state.address().contains("OK"));
    }

    #[test]
    fn a_damaged_link_says_so_and_changes_nothing() {
        let packed = packed();
        for link in [&packed[..packed.len() - 4], "2.abc", "", "1.AAAA"] {
            let mut state = State::at(&format!("#/?z={}", self::packed()));
            let before = state.session.clone();
            state.receive(&format!("z={link}"));
            let Reading::Failed(why) = &state.reading else { panic!("{link}: {:?}", state.reading) };
            assert!(why.starts_with("This link cannot be opened: it"), "{why}");
            assert!(state.session == before && state.log.is_some());
        }
        let state = State::at("#t=nothing%20of%20the%20kind");
        assert!(matches!(state.reading, Reading::Failed(_)) && state.log.is_none());
    }
}
