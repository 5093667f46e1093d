//! A client of which nothing is known but its recordings. It says what it said as long as it hears what it heard;
//! where it hears something else, it tells whether that matters to it, or ends.

use super::evidence::Evidence;
use super::script::{ClientScript, Does, Heard};
use super::{Opened, Shared, open::Open};
use crate::base::{Endpoint, Hop, Layer, Origin, Side, Tick, order};
use crate::proto::{Input, Machine, Output, ProtocolRecord, Recorder, Tap};
use crate::tls::identity::Provenance;
use crate::tls::{ClientOffer, Offer, Reference};
use crate::trace::{Capabilities, Carries, GreetingStatus, Stamp, Status, Verb};
use std::collections::{BTreeSet, VecDeque};

/// Where one of the recordings stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct At {
    script: usize,
    step: usize,
}

pub(super) struct RecordedClient {
    record: &'static ProtocolRecord,
    scripts: Vec<ClientScript>,
    evidence: Evidence,
    /// The recordings that fit what has happened so far, the best first.
    alive: Vec<At>,
    recorder: Recorder,
    /// Events of its own recorder that it has seen.
    seen: usize,
    heard: VecDeque<Heard>,
    layer: Layer,
    /// It asks for TLS although it is not offered, to see what would come of that.
    asks_anyway: bool,
    /// What the last command was called.
    last: String,
    shared: Shared,
    over: bool,
}

impl RecordedClient {
    /// A client of some recordings, of which the first is the one that is played.
    pub(super) fn new(
        record: &'static ProtocolRecord,
        scripts: Vec<ClientScript>,
        evidence: Evidence,
        asks_anyway: bool,
        shared: Shared,
    ) -> Self {
        let first = scripts.first().map(|script| script.tls_first);
        let alive = scripts.iter().enumerate().filter(|(_, script)| Some(script.tls_first) == first);
        Self {
            record,
            alive: alive.map(|(script, _)| At { script, step: 0 }).collect(),
            scripts,
            evidence,
            recorder: Recorder::new(record, Carries::CAPTURE, false),
            seen: 0,
            heard: VecDeque::new(),
            layer: Layer::Clear,
            asks_anyway,
            last: String::new(),
            shared,
            over: false,
        }
    }

    fn does(&self, at: At) -> Option<&Does> {
        Some(&self.scripts.get(at.script)?.steps.get(at.step)?.does)
    }

    /// The recording that is followed, past what decides nothing.
    fn leader(&self) -> Option<At> {
        self.alive.first().copied()
    }

    fn skip_the_irrelevant(&mut self) {
        let mut alive = std::mem::take(&mut self.alive);
        for at in &mut alive {
            while matches!(self.does(*at), Some(Does::Hear(Heard::Other))) {
                at.step = at.step.saturating_add(1);
            }
        }
        self.alive = alive;
    }

    fn end(&mut self, open: Open) -> Vec<Output> {
        let recorded = self.leader().and_then(|at| {
            let script = self.scripts.get(at.script)?;
            let step = script.steps.get(at.step).or(script.steps.last())?;
            Some((at.script, step.places))
        });
        self.over = true;
        self.shared.open(Opened { open, recorded });
        Vec::new()
    }

    fn tap(&mut self, now: Tick, tap: Tap<'_>) {
        self.recorder.tap(Stamp { at: now, hop: Hop::Client, place: 1 }, tap);
    }

    fn hear(&mut self, now: Tick, octets: &[u8]) {
        let layer = self.layer;
        self.tap(now, Tap::Octets { from: Side::Server, layer, origin: Origin::Unknown, octets });
        let events = self.recorder.so_far().events();
        self.heard.extend(events.iter().skip(self.seen).filter_map(Heard::of));
        self.seen = events.len();
    }

    /// Goes on as far as what was heard permits.
    fn go_on(&mut self, now: Tick) -> Vec<Output> {
        let mut out = Vec::new();
        while !self.over {
            self.skip_the_irrelevant();
            let Some(leader) = self.leader() else { break };
            if let Some(heard) = self.heard.front().cloned() {
                match self.take(leader, &heard) {
                    Ok(()) => {}
                    Err(open) => {
                        out.extend(self.end(open));
                        break;
                    }
                }
                continue;
            }
            if self.lacks_list_in_greeting(leader) {
                if self.somebody_can_act() {
                    continue;
                }
                out.extend(self.end(Open::Greeting));
                break;
            }
            match self.does(leader).cloned() {
                Some(Does::Say { octets, verb, name, layer, .. }) => {
                    if layer != self.layer {
                        break;
                    }
                    self.all_saying(&name, verb);
                    self.tap(
                        now,
                        Tap::Octets { from: Side::Client, layer, origin: Origin::Unknown, octets: &octets },
                    );
                    self.seen = self.recorder.so_far().events().len();
                    if verb.is_some() {
                        self.last = name;
                    }
                    out.push(Output::Send(octets));
                }
                Some(Does::Tls) => {
                    self.all_doing(|does| matches!(does, Does::Tls));
                    self.tap(now, Tap::TlsBegan);
                    self.seen = self.recorder.so_far().events().len();
                    out.push(Output::StartTls(self.offer().into()));
                    break;
                }
                Some(Does::Close) => {
                    self.over = true;
                    out.push(Output::Close);
                }
                // It waits.
                Some(Does::Hear(_) | Does::TlsFails | Does::Closed) | None => break,
            }
        }
        self.shared.waits(!self.over && self.waits());
        out
    }

    /// Whether the greeting has come and the list that stood in it has not.
    fn lacks_list_in_greeting(&self, at: At) -> bool {
        let before = at.step.checked_sub(1).map(|step| At { step, ..at });
        matches!(self.does(at), Some(Does::Hear(Heard::List(_))))
            && before
                .and_then(|at| self.does(at))
                .is_some_and(|does| matches!(does, Does::Hear(Heard::Greeting(_))))
    }

    /// Follows a recording in which it goes on from here without more, if there is one.
    fn somebody_can_act(&mut self) -> bool {
        let waits = |at: &At| matches!(self.does(*at), Some(Does::Hear(_)) | None);
        let acts: Vec<At> = self.alive.iter().filter(|at| !waits(at)).copied().collect();
        let can = !acts.is_empty();
        if can {
            self.alive = acts;
        }
        can
    }

    /// Whether it needs an answer to go on.
    fn waits(&self) -> bool {
        let script = self.leader().and_then(|at| Some((at, self.scripts.get(at.script)?)));
        script.is_some_and(|(at, script)| {
            let unreadable = script.dark && script.begins_tls(0) && !script.begins_tls(at.step);
            let answers = |does: &Does| matches!(does, Does::Hear(Heard::Final(_) | Heard::Greeting(_)));
            !unreadable && script.rest(at.step).iter().any(|step| answers(&step.does))
        })
    }

    /// What it brings to a handshake: it shows the wire a handshake; whether it takes the certificate is another matter.
    fn offer(&self) -> Offer {
        let host = crate::sim::default_account().host.into_owned();
        let reference = Reference::new(&host, Provenance::Configured);
        Offer::Client(ClientOffer {
            checks: ClientOffer::careless(&host).checks,
            ..ClientOffer::good(reference)
        })
    }

    /// Keeps the recordings in which it says the same now.
    fn all_saying(&mut self, name: &str, verb: Option<Verb>) {
        let same = |does: &Does| matches!(does, Does::Say { name: other, .. } if other == name);
        let says = |at: &At| matches!(self.does(*at), Some(Does::Say { .. }));
        // The same client in the same place said something else.
        let speakers = self.alive.iter().copied().filter(says);
        let other = speakers.filter_map(|at| self.does(at)).any(|does| !same(does));
        if verb.is_some() && other {
            self.shared.loose();
        }
        self.all_doing(same);
    }

    fn all_doing(&mut self, same: impl Fn(&Does) -> bool) {
        let mut alive = std::mem::take(&mut self.alive);
        alive.retain(|at| self.does(*at).is_some_and(&same));
        for at in &mut alive {
            at.step = at.step.saturating_add(1);
        }
        self.alive = alive;
    }

    /// Takes in what it hears next.
    fn take(&mut self, leader: At, heard: &Heard) -> Result<(), Open> {
        let expects = |at: &At| match self.does(*at) {
            Some(Does::Hear(expected)) => Some(expected),
            _ => None,
        };
        // Behind the leave to begin TLS nothing may stand.
        if matches!(self.does(leader), Some(Does::Tls))
            && self.layer == Layer::Clear
            && !self.tls_first(leader)
        {
            return Err(Open::EarlyOctets);
        }
        let fits = |at: &&At| expects(at).is_some_and(|expected| self.same(**at, expected, heard));
        let exact: Vec<At> = self.alive.iter().filter(fits).copied().collect();
        if let Some(first) = exact.first().copied() {
            if let (Some(Heard::List(old)), Heard::List(new)) = (expects(&first), heard)
                && old.has("ID") != new.has("ID")
            {
                self.shared.loose();
            }
            self.alive = exact.into_iter().map(|at| At { step: at.step.saturating_add(1), ..at }).collect();
            self.heard.pop_front();
            return Ok(());
        }
        if *heard == Heard::Other {
            self.heard.pop_front();
            return Ok(());
        }
        let expected = expects(&leader).cloned();
        match (expected, heard) {
            (Some(Heard::List(old)), Heard::List(new)) => {
                self.compare(leader, &old, new)?;
                self.alive = vec![At { step: leader.step.saturating_add(1), ..leader }];
                self.heard.pop_front();
                Ok(())
            }
            // The list that it got is not there.
            (Some(Heard::List(_)), _) => {
                self.without_list(leader)?;
                self.alive = vec![At { step: leader.step.saturating_add(1), ..leader }];
                Ok(())
            }
            // One that it did not get.
            (_, Heard::List(new)) => {
                self.further_list(leader, new)?;
                self.alive = vec![leader];
                self.heard.pop_front();
                Ok(())
            }
            (_, Heard::Greeting(GreetingStatus::Preauth)) => Err(Open::Preauth),
            (_, Heard::Greeting(_)) => Err(Open::Greeting),
            (Some(Heard::Final(Status::Ok)), Heard::Final(_)) if self.asked_for_tls(leader) => {
                Err(Open::Refused)
            }
            (Some(_), Heard::Final(_)) => Err(Open::OtherAnswer(self.last.clone())),
            _ => Err(Open::Unasked),
        }
    }

    fn tls_first(&self, at: At) -> bool {
        self.scripts.get(at.script).is_some_and(|script| script.tls_first)
    }

    fn asked_for_tls(&self, at: At) -> bool {
        let script = self.scripts.get(at.script);
        let said = script.and_then(|script| script.steps.get(..at.step)).unwrap_or_default();
        let last = said.iter().rev().find_map(|step| match &step.does {
            Does::Say { verb, .. } => Some(*verb),
            _ => None,
        });
        last == Some(Some(Verb::StartTls))
    }

    /// Whether what it hears is what it heard, as far as it goes by it.
    fn same(&self, at: At, expected: &Heard, heard: &Heard) -> bool {
        match (expected, heard) {
            (Heard::List(old), Heard::List(new)) => {
                old.offers_starttls() == new.offers_starttls()
                    && old.login_disabled() == new.login_disabled()
                    && (!self.chooses_login(at) || ways(old) == ways(new))
            }
            (expected, heard) => expected == heard,
        }
    }

    /// Whether a list decides about a login outside TLS, or that there is none.
    fn chooses_login(&self, at: At) -> bool {
        self.scripts.get(at.script).is_some_and(|script| {
            self.layer == Layer::Clear && !script.begins_tls(at.step) && !script.has_logged_in(at.step)
        })
    }

    /// Whether another list matters to it.
    fn compare(&self, at: At, old: &Capabilities, new: &Capabilities) -> Result<(), Open> {
        let Some(script) = self.scripts.get(at.script) else { return Err(Open::TwoLists) };
        if self.layer == Layer::Tls || script.has_logged_in(at.step) {
            return Ok(());
        }
        let upgrades = script.asks_for_tls(at.step);
        match (old.offers_starttls(), new.offers_starttls()) {
            (true, false) if upgrades && !self.asks_anyway => return Err(Open::NotOffered),
            (false, true) if !upgrades => return Err(Open::NowOffered),
            _ => {}
        }
        if old.has("ID") != new.has("ID") {
            self.shared.loose();
        }
        match (old.login_disabled(), new.login_disabled()) {
            _ if upgrades && !script.begins_tls(at.step) => return Err(Open::LoginChanges),
            (true, false) if upgrades && !self.evidence.minds_no_ban() => {
                if !self.evidence.asks() {
                    return Err(Open::BanLifted);
                }
                self.shared.by_policy();
            }
            (false, true) if !upgrades && new.offers_starttls() => return Err(Open::BanAdded),
            (false, true) | (true, false) if !upgrades => return Err(Open::LoginChanges),
            _ => {}
        }
        // What it takes for a login outside TLS it takes from the list.
        if !upgrades && ways(old) != ways(new) {
            return Err(Open::LoginChanges);
        }
        Ok(())
    }

    fn without_list(&self, at: At) -> Result<(), Open> {
        let Some(script) = self.scripts.get(at.script) else { return Err(Open::TwoLists) };
        if self.layer == Layer::Tls || script.has_logged_in(at.step) {
            Ok(())
        } else if script.asks_for_tls(at.step) {
            if self.asks_anyway { Ok(()) } else { Err(Open::NotOffered) }
        } else {
            Err(Open::LoginChanges)
        }
    }

    fn further_list(&self, at: At, new: &Capabilities) -> Result<(), Open> {
        let Some(script) = self.scripts.get(at.script) else { return Err(Open::TwoLists) };
        if self.layer == Layer::Tls || script.has_logged_in(at.step) {
            return Ok(());
        }
        // It may do without asking, now that it was told.
        if matches!(self.does(at), Some(Does::Say { verb: Some(Verb::Capability), .. })) {
            self.shared.loose();
        }
        let other = script.list_after(at.step).or_else(|| script.list_before(at.step));
        match other {
            Some(other) => self.compare(at, other, new).map_err(|open| match open {
                Open::NotOffered | Open::NowOffered | Open::BanLifted => Open::TwoLists,
                other => other,
            }),
            None if script.asks_for_tls(at.step) => Ok(()),
            None => Err(Open::LoginChanges),
        }
    }
}

/// The ways to log in that a list names.
fn ways(list: &Capabilities) -> BTreeSet<&str> {
    order::collect(list.mechanisms().chain(list.items().filter(|item| matches!(*item, "USER" | "SASL-IR"))))
}

impl Machine for RecordedClient {
    fn step(&mut self, now: Tick, input: Input<'_>) -> Vec<Output> {
        if self.over {
            return Vec::new();
        }
        match input {
            Input::Start => {
                let tls_first = self.leader().is_some_and(|at| self.tls_first(at));
                let port = self.record.dialect.port(tls_first).unwrap_or_default();
                let host = crate::sim::default_account().host.into_owned();
                vec![Output::Connect(Endpoint { host, port, tls_first })]
            }
            Input::Connected => self.go_on(now),
            Input::Octets(octets) => {
                self.hear(now, octets);
                self.go_on(now)
            }
            Input::TlsDone(Ok(facts)) if facts.ends_at_middle => self.end(Open::Certificate),
            Input::TlsDone(Ok(facts)) => {
                if self.leader().is_some_and(|at| matches!(self.does(at), Some(Does::TlsFails))) {
                    // It did not come about in the recording: what followed is not played in TLS.
                    self.all_doing(|does| matches!(does, Does::TlsFails));
                    return self.end(Open::HandshakeFails);
                }
                self.layer = Layer::Tls;
                let facts = facts.clone();
                self.tap(now, Tap::TlsUp(facts));
                self.seen = self.recorder.so_far().events().len();
                self.go_on(now)
            }
            Input::TlsDone(Err(_)) => self.end(Open::HandshakeFails),
            Input::TlsEnded(_) => self.end(Open::LayerEnds),
            Input::PeerClosed => {
                let open = self
                    .leader()
                    .and_then(|at| self.does(at))
                    .is_some_and(|does| !matches!(does, Does::Close | Does::Closed));
                self.over = true;
                self.shared.waits(false);
                if open { self.end(Open::Closed) } else { Vec::new() }
            }
            Input::Found(_) | Input::Timer => Vec::new(),
        }
    }

    fn stage(&self) -> &'static str {
        ""
    }
}
