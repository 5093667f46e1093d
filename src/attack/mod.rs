//! What somebody in the middle does. An attack knows the protocol's words but neither end: it sees messages pass and
//! lets them through, changes them, keeps them or answers itself. Attacks stack in the order in which they stand on
//! the path from client to server.

mod acap_greeting_forged;
mod acap_greeting_missing;
mod alert_ui_spoof;
mod break_handshake;
mod bye_close;
mod cleartext_login;
mod cleartext_validity_oracle;
mod client_pipelining;
mod command_injection;
mod custom;
mod disrupt_tls_session;
mod downgrade_mechanisms;
mod downgrade_protocol_version;
mod early_tagged_ok;
mod eavesdropper;
mod error_ui_spoof;
mod fail_capability_query;
mod fail_starttls;
mod fake_tls_active;
mod forge_capability;
mod forge_transition_needed;
mod invalid_greeting;
mod kit;
mod logindisabled_injection;
mod offer;
mod password_spraying;
mod password_to_server;
mod plain_authzid_misuse;
mod plain_malformed;
mod plain_without_tls;
mod pre_tls_crash_loop;
mod preauth_greeting;
mod relay;
mod response_injection;
mod session_fixation;
mod stale_capability_cache;
mod strip_capability;
mod strip_logindisabled;
mod unauth_injection;
mod untagged_data_pre_tls;
mod user_enumeration;

pub use custom::{Act, Custom, CustomError, CustomRule, RULE_LIMIT, TEXT_LIMIT, When};
pub use relay::{Delivery, Handshake, Message, Move, Moves, Relay, Route, Tamper, Veiled, tamper};

use crate::base::{Protocol, Switch, Switches};
use crate::harm::success::Success;
use crate::proto::Dialect;

/// An attack: what it is and how to build it.
#[derive(Debug)]
pub struct Attack {
    /// The family's stable id.
    pub id: &'static str,
    /// A short label.
    pub title: &'static str,
    /// What it will do, in a sentence.
    pub about: &'static str,
    /// The protocols that it works on.
    pub protocols: &'static [Protocol],
    /// Its variants.
    pub switches: &'static [&'static Switch],
    /// Builds it for a protocol.
    pub build: fn(&Switches, &'static Dialect) -> Box<dyn Tamper>,
    /// When it has succeeded.
    pub success: &'static Success,
    /// What makes a party open to it: each entry alone is enough. A protocol without one has no weakness to mend.
    pub deciding: &'static [Deciding],
}

/// A weakness that decides an attack, as switches in the form `SIDE.SWITCH=VALUE`, over the profiles of a client and a
/// server that keep every rule.
#[derive(Debug)]
pub struct Deciding {
    /// Where it decides.
    pub protocols: &'static [Protocol],
    /// Choices that bring the parties to the point; none of them is a weakness.
    pub given: &'static [&'static str],
    /// The right values, where they are not those of the compliant profiles.
    pub right: &'static [&'static str],
    /// The wrong values.
    pub wrong: &'static [&'static str],
}

/// All attacks, by id.
pub static ALL: &[&Attack] = &[
    &acap_greeting_forged::ATTACK,
    &acap_greeting_missing::ATTACK,
    &alert_ui_spoof::ATTACK,
    &break_handshake::ATTACK,
    &bye_close::ATTACK,
    &cleartext_login::ATTACK,
    &cleartext_validity_oracle::ATTACK,
    &client_pipelining::ATTACK,
    &command_injection::ATTACK,
    &disrupt_tls_session::ATTACK,
    &downgrade_mechanisms::ATTACK,
    &downgrade_protocol_version::ATTACK,
    &early_tagged_ok::ATTACK,
    &eavesdropper::ATTACK,
    &error_ui_spoof::ATTACK,
    &fail_capability_query::ATTACK,
    &fail_starttls::ATTACK,
    &fake_tls_active::ATTACK,
    &forge_capability::ATTACK,
    &forge_transition_needed::ATTACK,
    &invalid_greeting::ATTACK,
    &logindisabled_injection::ATTACK,
    &password_spraying::ATTACK,
    &password_to_server::ATTACK,
    &plain_authzid_misuse::ATTACK,
    &plain_malformed::ATTACK,
    &plain_without_tls::ATTACK,
    &pre_tls_crash_loop::ATTACK,
    &preauth_greeting::ATTACK,
    &response_injection::ATTACK,
    &session_fixation::ATTACK,
    &stale_capability_cache::ATTACK,
    &strip_capability::ATTACK,
    &strip_logindisabled::ATTACK,
    &unauth_injection::ATTACK,
    &untagged_data_pre_tls::ATTACK,
    &user_enumeration::ATTACK,
];

/// An attack by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Attack> {
    ALL.iter().copied().find(|attack| attack.id == id)
}
