//! What rules are written with: a rule looks at the occasions of a session one by one, and [`each`] makes an answer of
//! what it found.

pub(super) use super::examples::Sample::{Run, Session};
pub(super) use super::{Case, Examples, Finding, Rule, here};
pub(super) use crate::base::{
    Layer,
    Protocol::{Acap, Imap, Pop3},
    Side,
};
pub(super) use crate::trace::{Class, Event, EventKind, Form, Policy, Status, Verb};

use crate::base::Protocol;
use crate::sasl::plain::Malformed;
use crate::tls::{Facts, suites};
use crate::trace::Answer;
use std::borrow::Cow;

/// All three protocols.
pub(super) const IPA: &[Protocol] = &[Imap, Pop3, Acap];

/// One thing in a session that a rule is about.
#[derive(Debug)]
pub(super) enum Occasion<'a> {
    /// The rule was kept here.
    Kept(&'a Event),
    /// It was broken here.
    Broken(Finding),
    /// This may have been either: the missing fact, and how to record it.
    Open(&'static str),
}

/// A breach and its evidence.
pub(super) fn broken<'a>(
    events: impl IntoIterator<Item = &'a Event>,
    message: impl Into<Cow<'static, str>>,
) -> Occasion<'a> {
    Occasion::Broken(Finding::fail(events, message))
}

/// The first breach decides; then the first fact that is missing; then the first occasion that was kept. Without an
/// occasion there is nothing to judge.
pub(super) fn each<'a>(
    occasions: impl Iterator<Item = Occasion<'a>>,
    kept: impl Into<Cow<'static, str>>,
    none: &'static str,
) -> Finding {
    let (mut first, mut open) = (None, None);
    for occasion in occasions {
        match occasion {
            Occasion::Broken(finding) => return finding,
            Occasion::Open(missing) => open = open.or(Some(missing)),
            Occasion::Kept(event) => first = first.or(Some(event)),
        }
    }
    match (open, first) {
        (Some(missing), _) => Finding::cannot_tell(missing),
        (None, Some(event)) => Finding::pass([event], kept),
        (None, None) => Finding::not_applicable(none),
    }
}

/// Whether a layer's suite is known to hide nothing or to prove nobody.
pub(super) fn encrypts_nothing(facts: &Facts) -> bool {
    let suite = facts.cipher.as_deref().and_then(suites::find);
    suite.is_some_and(|suite| {
        suite.strength == suites::Strength::None || suite.key_exchange == suites::KeyExchange::Anonymous
    })
}

impl<'a> Case<'a> {
    /// The client's PLAIN messages, of which `bad` picks the faults that this rule is about.
    pub(super) fn plain(
        &self,
        bad: fn(Malformed) -> bool,
        what: &'static str,
        kept: &'static str,
    ) -> Finding {
        const HIDDEN: &str = "The octets of the PLAIN message: the recording leaves them out.";
        let leg = self.leg;
        let left_open = [Layer::Clear, Layer::Tls].into_iter().find_map(|layer| leg.plain_left_open(layer));
        let messages = leg.plain_messages().filter_map(|message| match message.fault {
            Some(fault) if bad(fault) => Some(broken([message.at], format!("{what}: {fault}."))),
            Some(_) => None,
            None if message.credential.is_some_and(|shown| shown.hidden) => Some(Occasion::Open(HIDDEN)),
            None => message.credential.map(|_| Occasion::Kept(message.at)),
        });
        each(messages.chain(left_open.map(|_| Occasion::Open(HIDDEN))), kept, "No PLAIN message was seen.")
    }

    /// The server's answers to commands that need a login, where nobody had logged in.
    pub(super) fn mailbox_without_login(
        &'a self,
        which: impl Fn(&Answer<'a>) -> bool + 'a,
    ) -> impl Iterator<Item = Occasion<'a>> {
        let from_the_start = self.leg.of(Class::Greeting).next().is_some() || self.leg.upgraded().is_some();
        let answers = self.leg.answers().filter(move |answer| {
            answer.command.verb == Verb::Mailbox && answer.is_final() && which(answer) && self.own(answer.at)
        });
        answers.filter(|answer| self.logged_in(answer.at.id).is_none()).map(move |answer| {
            if !answer.accepts() {
                Occasion::Kept(answer.at)
            } else if from_the_start {
                let name = &answer.command.name;
                let here = self.here();
                broken([answer.asked, answer.at], format!("The server granted {name} before any login{here}."))
            } else {
                Occasion::Open("Whether somebody had logged in before the recording begins: record the session from its greeting.")
            }
        })
    }

    /// The server's final answers: broken where no command awaited one.
    pub(super) fn answers_to_nothing(&'a self) -> impl Iterator<Item = Occasion<'a>> {
        let leg = self.leg;
        let asked = leg.commands().next().map(|(event, _)| event);
        // Lines that somebody copied need not hold the commands.
        let all_here =
            asked.is_some() && (leg.trace().carries().handshake || leg.trace().carries().every_octet);
        let finals = leg.replies().filter(|(at, reply)| reply.form == Form::Final && self.own(at));
        finals.filter(move |_| all_here).map(move |(at, reply)| match reply.to {
            Some(_) => Occasion::Kept(at),
            None => broken([at], here!(self, "The server answered what nobody had asked")),
        })
    }

    /// The first answer that nobody had asked for. In POP3 nobody can tell any more what answers what from there on.
    pub(super) fn order_lost(&self) -> Option<&'a Event> {
        self.leg
            .replies()
            .find(|(_, reply)| reply.form == Form::Final && reply.to.is_none())
            .map(|(at, _)| at)
    }

    /// The answers to exchanges that the client gave up, of which one status is right.
    pub(super) fn cancelled(&'a self, right: Status) -> impl Iterator<Item = Occasion<'a>> {
        let given_up = self.leg.of(Class::AuthStep).filter_map(|at| match at.kind {
            EventKind::AuthStep { command, cancel: true, .. } => Some((at, command)),
            _ => None,
        });
        given_up.filter_map(move |(star, command)| {
            let (at, reply) = self.leg.reply_to(command).filter(|(at, _)| self.own(at))?;
            Some(if reply.status == Some(right) {
                Occasion::Kept(at)
            } else {
                broken(
                    [star, at],
                    here!(self, "The server gave another answer to an exchange that was given up"),
                )
            })
        })
    }

    /// What the server sends behind each UNAUTHENTICATE that it granted, up to the command that asks for it anew.
    pub(super) fn carried_over(
        &'a self,
        again: impl Fn(&Event) -> bool + 'a,
        data: impl Fn(&Event) -> bool + 'a,
        message: &'static str,
    ) -> impl Iterator<Item = Occasion<'a>> {
        let leg = self.leg;
        let resets =
            leg.answers().filter(|a| a.command.name == "UNAUTHENTICATE" && a.accepts() && self.own(a.at));
        resets.map(move |reset| {
            let asked = leg.of(Class::Command).find(|at| at.id > reset.at.id && again(at)).map(|at| at.id);
            let until =
                |at: &&Event| at.id > reset.at.id && asked.is_none_or(|asked| at.id < asked) && self.own(at);
            match leg.of(Class::Untagged).filter(until).find(|at| data(at)) {
                Some(at) => broken([reset.at, at], format!("{message}{}.", self.here())),
                None => Occasion::Kept(reset.at),
            }
        })
    }
}

/// Whether octets stand in a word, in upper or lower case.
pub(super) fn contains(word: &[u8], part: &[u8]) -> bool {
    word.windows(part.len().max(1)).any(|window| window.eq_ignore_ascii_case(part))
}
