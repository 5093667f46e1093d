//! What rules are written with: a rule looks at the occasions of a session one by one, and [`each`] makes an answer of
//! what it found.

pub(super) use super::examples::Sample::{Nobody, Probe, Run, Session};
pub(super) use super::repeated::*;
pub(super) use super::{Case, Examples, Finding, Rule, here};
pub(super) use crate::base::{
    Layer,
    Protocol::{Acap, Imap, Pop3},
    Side,
};
pub(super) use crate::trace::{Class, Event, EventKind, Form, Note, Policy, Status, Verb};

use super::Sample;
use crate::base::Protocol;
use crate::sasl::plain::Malformed;
use crate::tls::identity::{NameRules, Provenance, speaks_for};
use crate::tls::{Certificate, Facts, Reference, Version, suites};
use crate::trace::{Acts, Answer, Capabilities, Command, EventId, PlainMessage, Problem, Reply, Sought};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// All three protocols.
pub(super) const IPA: &[Protocol] = &[Imap, Pop3, Acap];

/// IMAP and POP3.
pub(super) const IP: &[Protocol] = &[Imap, Pop3];

/// What is missing where a rule rests on there having been no other list.
pub(super) const EVERY_LIST: &str = "All lists of the server: a program's log need not hold them.";

/// What a rule says where several runs are needed.
pub const PROBE: &str = "What the party can be set to: one session shows one setting. `starttls-lab probe` runs it with the switches on and off.";

/// What [`Case::client_left_open`] leaves unknown.
pub(super) const LEFT_OPEN: &str = "Whether TLS was asked for: the client announced a literal in front of the handshake whose end is not in the recording.";

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

/// Whether every answer belongs to a command: a rule of all three protocols.
pub(super) fn every_answer_is_awaited(case: &Case<'_>) -> Finding {
    each(case.answers_to_nothing(), "Every answer belongs to a command.", "The server answered nothing.")
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
            Some(_) => {
                self.well_formed(&message);
                None
            }
            None if message.credential.is_some_and(|shown| shown.hidden) => Some(Occasion::Open(HIDDEN)),
            None => message.credential.map(|_| Occasion::Kept(message.at)),
        });
        each(messages.chain(left_open.map(|_| Occasion::Open(HIDDEN))), kept, "No PLAIN message was seen.")
    }

    /// Whether a command is part of a login or works on what only a login opens.
    pub(super) fn is_private(&self, event: &Event, command: &Command) -> bool {
        let holds = command.verb.wants_protection();
        self.saw(event, holds, "it is private", "nothing about it is private")
    }

    /// Whether a list forbids LOGIN.
    pub(super) fn forbids_login(&self, at: &Event, list: &Capabilities) -> bool {
        self.saw(at, list.login_disabled(), "it lists LOGINDISABLED", "it does not list LOGINDISABLED")
    }

    /// Whether a PLAIN message keeps its grammar, so that its fields can be looked at.
    pub(super) fn well_formed(&self, message: &PlainMessage<'_>) -> bool {
        self.saw(
            message.at,
            message.fault.is_none(),
            "it keeps its grammar",
            "it is malformed in another way",
        )
    }

    /// The server's answers to commands that need a login, where nobody had logged in.
    pub(super) fn mailbox_without_login(
        &'a self,
        which: impl Fn(&Answer<'a>) -> bool + 'a,
    ) -> impl Iterator<Item = Occasion<'a>> {
        let from_the_start = self.leg.of(Class::Greeting).next().is_some() || self.leg.upgraded().is_some();
        let answers = self.leg.answers().filter(move |answer| {
            answer.is_to(Verb::Mailbox) && answer.is_final() && which(answer) && self.own(answer.at)
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

    /// The answers to UNAUTHENTICATE.
    pub(super) fn resets(&self) -> impl DoubleEndedIterator<Item = Answer<'a>> + Clone {
        self.leg.answers_to(
            "UNAUTHENTICATE",
            Sought { one: "an answer to UNAUTHENTICATE", none: "no UNAUTHENTICATE was answered" },
        )
    }

    /// The UNAUTHENTICATE commands.
    pub(super) fn asks_for_reset(&self) -> impl Iterator<Item = (&'a Event, &'a Command)> + Clone {
        self.leg.commands_named(
            "UNAUTHENTICATE",
            Sought { one: "an UNAUTHENTICATE", none: "no UNAUTHENTICATE was sent" },
        )
    }

    /// The server's final answers: broken where no command awaited one.
    pub(super) fn answers_to_nothing(&'a self) -> impl Iterator<Item = Occasion<'a>> {
        let leg = self.leg;
        let asked = leg.commands().next().map(|(event, _)| event);
        // A program need not write all of its commands into its log.
        let all_here = asked.is_some() && leg.trace().carries().every_octet;
        let hidden = leg.tls_hidden().then_some(Occasion::Open(
            "What the server answered inside TLS: record the session with its contents.",
        ));
        let is_final = |at: &Event, reply: &Reply| {
            let holds = reply.form == Form::Final;
            self.saw(at, holds, "it completes a command", "it only asks the client to go on")
        };
        let finals = leg.replies().filter(move |(at, reply)| is_final(at, reply) && self.own(at));
        finals
            .filter(move |(at, _)| {
                self.saw(
                    at,
                    all_here,
                    "everything is in the recording",
                    "no command is in the recording, or not all are",
                )
            })
            .map(move |(at, reply)| match reply.to {
                Some(_) => Occasion::Kept(at),
                None if self.client_cut_off(at) => Occasion::Open(
                    "What the client sent: it announced a literal whose end is not in the recording, and the commands behind it are not read.",
                ),
                None => broken([at], here!(self, "The server answered what nobody had asked")),
            })
            .chain(hidden.filter(|_| all_here))
    }

    /// Whether the client was within a message that never came to its end when something happened.
    fn client_cut_off(&self, at: &Event) -> bool {
        self.leg.behind(Class::Malformed, at.id).any(|event| {
            event.from == Side::Client
                && matches!(event.kind, EventKind::Malformed(Problem::Unfinished))
                && event.places.0 <= at.places.0
        })
    }

    /// Whether the client has begun a message in front of an event that never came to its end: commands may be in it.
    pub(super) fn client_left_open(&self, before: &Event) -> bool {
        self.leg.of(Class::Malformed).take_while(|event| event.id < before.id).any(|event| {
            event.from == Side::Client && matches!(event.kind, EventKind::Malformed(Problem::Unfinished))
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
            EventKind::AuthStep { command, cancel, .. } => self
                .saw(at, cancel, "the client gives up", "the client does not give up")
                .then_some((at, command)),
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
        again: impl Fn(&Event) -> bool,
        data: impl Fn(&Event) -> bool,
        message: &'static str,
    ) -> impl Iterator<Item = Occasion<'a>> {
        let leg = self.leg;
        // Most sessions never change hands, so that there is nothing to look for; who asks why hears of all of it.
        let idle = !leg.is_watched() && self.resets().next().is_none();
        let asked = Sorted::of(leg.of(Class::Command).filter(|at| !idle && again(at)));
        let sent = Sorted::of(leg.of(Class::Untagged).filter(|at| !idle && data(at) && self.own(at)));
        let resets = self.resets().filter(|a| a.accepts() && self.own(a.at));
        resets.map(move |reset| {
            let sent = sent.behind(reset.at.id);
            let until = asked.behind(reset.at.id).map(|at| at.id);
            let sent = sent.filter(|at| until.is_none_or(|until| at.id < until));
            match sent {
                Some(at) => {
                    self.saw(at, true, "what was asked for before came after it", "");
                    broken([reset.at, at], format!("{message}{}.", self.here()))
                }
                None => Occasion::Kept(reset.at),
            }
        })
    }
}

/// Events in their order, to find the next one behind another without going over all of them.
pub(super) struct Sorted<'a>(Vec<&'a Event>);

impl<'a> Sorted<'a> {
    /// Takes events in, which come in order.
    pub(super) fn of(events: impl Iterator<Item = &'a Event>) -> Self {
        Self(events.collect())
    }

    /// The first one behind an event.
    pub(super) fn behind(&self, event: EventId) -> Option<&'a Event> {
        self.0.get(self.0.partition_point(|at| at.id <= event)).copied()
    }

    /// The last one before an event.
    pub(super) fn before(&self, event: EventId) -> Option<&'a Event> {
        self.0.get(self.0.partition_point(|at| at.id < event).checked_sub(1)?).copied()
    }
}

/// How the names of a certificate fit those that a client looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    /// A name of the type dNSName fits.
    pub by_alternative: bool,
    /// The common name fits.
    pub by_common: bool,
    /// A name fits that is written in another case.
    pub in_other_case: bool,
}

impl Named {
    fn new(references: &[Reference], certificate: &Certificate) -> Self {
        let host = |name: &str| references.iter().any(|reference| reference.name.eq_ignore_ascii_case(name));
        let same = |name: &String| references.iter().any(|reference| reference.name == *name);
        Self {
            // By this document a common name never counts.
            by_alternative: speaks_for(NameRules::Rfc9525, references, certificate),
            by_common: certificate.common_name.as_deref().is_some_and(host),
            in_other_case: certificate.dns_names.iter().any(|name| host(name) && !same(name)),
        }
    }
}

impl<'a> Case<'a> {
    /// The end of a handshake and its facts, or the answer of a rule that needs them.
    pub(super) fn handshake(&self, missing: &'static str) -> Result<(&'a Event, &'a Facts), Finding> {
        if let Some(up) = self.leg.tls_up() {
            return Ok(up);
        }
        let began = self.leg.tls_began().is_some() && self.leg.tls_failed().is_none();
        if began || self.leg.inside_tls().is_some() {
            return Err(Finding::cannot_tell(missing));
        }
        Err(Finding::not_applicable("No TLS layer came up."))
    }

    /// Where the client had the names from that it compared: all have to be of a good kind.
    pub(super) fn provenance(&self, good: impl Fn(Provenance) -> bool) -> Finding {
        const MISSING: &str =
            "Which name the client compared and where it had it from: its own log must say so.";
        let (up, facts) = match self.handshake(MISSING) {
            Ok(found) => found,
            Err(finding) => return finding,
        };
        if facts.references.is_empty() {
            return Finding::cannot_tell(MISSING);
        }
        match facts.references.iter().find(|reference| !good(reference.provenance)) {
            Some(_) => Finding::fail([up], "The client compared a name that it was not told by its user."),
            None => Finding::pass([up], "The client compared the name that it was told."),
        }
    }

    /// The client's own comparison of names that fit, where `which` says that the rule is about them.
    pub(super) fn names(&self, which: impl Fn(Named) -> bool, message: &'static str) -> Finding {
        let (up, facts) =
            match self.handshake("The certificate and what the client made of it: capture the handshake.") {
                Ok(found) => found,
                Err(finding) => return finding,
            };
        let named = facts.certificate.as_ref().map(|certificate| Named::new(&facts.references, certificate));
        match (named, facts.verification.as_ref().and_then(|verification| verification.name_matched)) {
            (Some(named), _) if !self.about(up, which(named)) => {
                Finding::not_applicable("The certificate is not one that this is about.")
            }
            (Some(_), Some(true)) => Finding::pass([up], "The client took the name."),
            (Some(_), Some(false)) => Finding::fail([up], message),
            _ => Finding::cannot_tell("What the client made of the names: its own log must say so."),
        }
    }

    /// The client's own comparison of names that do not fit by a document, where `which` says that the rule is about
    /// the certificate.
    pub(super) fn misnamed(
        &self,
        which: impl Fn(&Certificate, &[Reference]) -> bool,
        rules: NameRules,
        message: &'static str,
    ) -> Finding {
        let (up, facts) =
            match self.handshake("The certificate and what the client made of it: capture the handshake.") {
                Ok(found) => found,
                Err(finding) => return finding,
            };
        let Some(certificate) = &facts.certificate else {
            return Finding::cannot_tell("The certificate: capture the handshake.");
        };
        if !self.about(
            up,
            which(certificate, &facts.references) && !speaks_for(rules, &facts.references, certificate),
        ) {
            return Finding::not_applicable("The certificate is not one that this is about.");
        }
        match facts.verification.as_ref().and_then(|verification| verification.name_matched) {
            Some(true) => Finding::fail([up], message),
            Some(false) => Finding::pass([up], "The client found that the names do not fit."),
            None => Finding::cannot_tell("What the client made of the names: its own log must say so."),
        }
    }

    /// The client's own comparison of a name with a star that does not cover its host by a document.
    pub(super) fn starred(&self, rules: NameRules) -> Finding {
        self.misnamed(
            |certificate, _| certificate.dns_names.iter().any(|name| name.contains('*')),
            rules,
            "The client let a star cover what it does not.",
        )
    }

    fn about(&self, up: &Event, holds: bool) -> bool {
        let (yes, no) =
            ("the certificate is one that this is about", "the certificate is not one that this is about");
        self.saw(up, holds, yes, no)
    }

    /// Whether the layer's version is one of those that are left.
    pub(super) fn new_enough(&self) -> Finding {
        const MISSING: &str = "The version of TLS: log it, or capture the handshake.";
        let (up, facts) = match self.handshake(MISSING) {
            Ok(found) => found,
            Err(finding) => return finding,
        };
        match facts.version {
            Some(version) if version < Version::Tls12 => {
                Finding::fail([up], format!("The layer is {}.", version.name()))
            }
            Some(_) => Finding::pass([up], "The layer is of a version that is left."),
            None => Finding::cannot_tell(MISSING),
        }
    }

    /// Whether the layer's suite is one that should not be.
    pub(super) fn suite(&self, wrong: impl Fn(&suites::Suite) -> bool, what: &'static str) -> Finding {
        const MISSING: &str = "The suite: log it, or capture the handshake.";
        let (up, facts) = match self.handshake(MISSING) {
            Ok(found) => found,
            Err(finding) => return finding,
        };
        match facts.cipher.as_deref().and_then(suites::find) {
            Some(suite) if wrong(suite) => {
                Finding::fail([up], format!("The layer uses {}, which {what}.", suite.name))
            }
            Some(_) => Finding::pass([up], "The suite is good enough."),
            None => Finding::cannot_tell(MISSING),
        }
    }

    /// The client's notes that it acts on something, with the event that told it.
    pub(super) fn acts(&'a self, on: Acts) -> impl Iterator<Item = (&'a Event, Option<&'a Event>)> {
        let leg = self.leg;
        // The first one that ends there; only who makes notes has any.
        let mut ends = BTreeMap::new();
        if leg.trace().carries().notes {
            for at in leg.events().filter(|at| at.from == Side::Server && !at.span.is_empty()) {
                ends.entry(at.span.end).or_insert(at);
            }
        }
        leg.notes(Side::Client).filter_map(move |(note, what)| match what {
            Note::Acts(acts, end) if acts == on => Some((note, ends.get(&end).copied())),
            _ => {
                self.saw(note, false, "", "it is about something else");
                None
            }
        })
    }
}

/// What rules share that several documents ask for in the same words: all but the name, the protocols and what the
/// example implies.
const fn shared(texts: [&'static str; 3], bad: Sample, check: fn(&Case<'_>) -> Finding) -> Rule {
    let [why, how, blind] = texts;
    let good = Run("imap client=private server=strict");
    let examples = Examples { bad, good, implies: &[] };
    Rule { id: "", title: "", why, how, blind, protocols: IPA, examples, check }
}

/// The rules about versions of TLS.
pub(super) const OLD_VERSION: Rule = shared(
    [
        "The versions before it have been broken, or rest on parts that were.",
        "The version of the layer.",
        "Versions that an end would have taken and that were not chosen.",
    ],
    Session(
        "C: a STARTTLS
         S: a OK go
         ==TLS UP OLD==",
    ),
    |case| case.new_enough(),
);

/// The rules about names from look-ups.
pub(super) const INSECURE_LOOKUP: Rule = shared(
    [
        "Who can forge an alias or a referral chooses the name, and has a certificate for it.",
        "",
        "In a recording, where a name came from.",
    ],
    Session(
        "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
         C: a STARTTLS
         S: a OK go
         ==TLS UP NAME CNAME==
         C: b CAPABILITY
         S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
         S: b OK done",
    ),
    |case| {
        case.provenance(|from| {
            matches!(from, Provenance::Configured | Provenance::MailDomain | Provenance::PrivateReferral)
        })
    },
);

/// The rules about an answer's tag.
pub(super) const UNKNOWN_TAG: Rule = shared(
    [
        "A forger who guesses the tag can answer before the command is sent, and a client that does not look takes STARTTLS for answered.",
        "An answer of the server with a tag that no awaited command has.",
        "Commands that a program did not write into its log; a recording without any command is not judged. Of more than 256 commands in flight the oldest are forgotten.",
    ],
    Session(
        "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
         S: a OK begin TLS now
         C: a CAPABILITY
         S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
         S: a OK done",
    ),
    every_answer_is_awaited,
);

/// Whether octets stand in a word, in upper or lower case.
pub(super) fn contains(word: &[u8], part: &[u8]) -> bool {
    word.windows(part.len().max(1)).any(|window| window.eq_ignore_ascii_case(part))
}
