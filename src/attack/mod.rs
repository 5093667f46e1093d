//! What somebody in the middle does. An attack knows the protocol's words but neither end: it sees messages pass and
//! lets them through, changes them, keeps them or answers itself. Attacks stack in the order in which they stand on
//! the path from client to server.

mod acap_greeting_forged;
mod acap_greeting_missing;
mod alert_ui_spoof;
mod autodetect_downgrade;
mod break_handshake;
mod bye_close;
mod cert_cn_fallback;
mod cert_cname_dns;
mod cert_expired;
mod cert_failure_fallback;
mod cert_pin_abuse;
mod cert_prefix_subdomain;
mod cert_revoked;
mod cert_self_signed;
mod cert_unknown_ca;
mod cert_wildcard_misuse;
mod cert_wrong_host;
mod cipher_downgrade;
mod cleartext_login;
mod cleartext_validity_oracle;
mod client_cert_leak;
mod client_pipelining;
mod command_injection;
mod cross_protocol_relay;
mod custom;
mod disrupt_tls_session;
mod dns_srv_redirect;
mod downgrade_mechanisms;
mod downgrade_protocol_version;
mod early_tagged_ok;
mod eavesdropper;
mod error_ui_spoof;
mod external_fallback;
mod fail_capability_query;
mod fail_starttls;
mod fake_tls_active;
mod forge_capability;
mod forge_transition_needed;
mod group;
mod half_tls_proxy;
mod implicit_port_misuse;
mod impostor;
mod invalid_greeting;
mod kit;
mod led;
mod logindisabled_injection;
mod offer;
mod password_spraying;
mod password_to_server;
mod plain_authzid_misuse;
mod plain_malformed;
mod plain_without_tls;
mod pre_tls_crash_loop;
mod preauth_greeting;
mod referral_acap;
mod referral_login;
mod referral_mailbox;
mod relay;
mod response_injection;
mod session_fixation;
mod stale_capability_cache;
mod strip_capability;
mod strip_logindisabled;
mod tls_deactivation;
mod tls_truncation;
mod tls_version_downgrade;
mod unauth_injection;
mod unauth_pipelining;
mod unauth_proxy_passthrough;
mod unauth_state_carryover;
mod untagged_data_pre_tls;
mod user_enumeration;

pub use custom::{Act, Custom, CustomError, CustomRule, Met, RULE_LIMIT, TEXT_LIMIT, When, escaped};
pub use group::Group;
pub use kit::caller;
pub use relay::{Delivery, Done, Handshake, Message, Move, Moves, Relay, Route, Tamper, Veiled, tamper};

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
    /// What kind of attack it is.
    pub group: Group,
    /// Where it is told of: papers, and defects of programs by their numbers.
    pub known: &'static [&'static str],
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
    &autodetect_downgrade::ATTACK,
    &break_handshake::ATTACK,
    &bye_close::ATTACK,
    &cert_cn_fallback::ATTACK,
    &cert_cname_dns::ATTACK,
    &cert_expired::ATTACK,
    &cert_failure_fallback::ATTACK,
    &cert_pin_abuse::ATTACK,
    &cert_prefix_subdomain::ATTACK,
    &cert_revoked::ATTACK,
    &cert_self_signed::ATTACK,
    &cert_unknown_ca::ATTACK,
    &cert_wildcard_misuse::ATTACK,
    &cert_wrong_host::ATTACK,
    &cipher_downgrade::ATTACK,
    &cleartext_login::ATTACK,
    &cleartext_validity_oracle::ATTACK,
    &client_cert_leak::ATTACK,
    &client_pipelining::ATTACK,
    &command_injection::ATTACK,
    &cross_protocol_relay::ATTACK,
    &disrupt_tls_session::ATTACK,
    &dns_srv_redirect::ATTACK,
    &downgrade_mechanisms::ATTACK,
    &downgrade_protocol_version::ATTACK,
    &early_tagged_ok::ATTACK,
    &eavesdropper::ATTACK,
    &error_ui_spoof::ATTACK,
    &external_fallback::ATTACK,
    &fail_capability_query::ATTACK,
    &fail_starttls::ATTACK,
    &fake_tls_active::ATTACK,
    &forge_capability::ATTACK,
    &forge_transition_needed::ATTACK,
    &half_tls_proxy::ATTACK,
    &implicit_port_misuse::ATTACK,
    &invalid_greeting::ATTACK,
    &logindisabled_injection::ATTACK,
    &password_spraying::ATTACK,
    &password_to_server::ATTACK,
    &plain_authzid_misuse::ATTACK,
    &plain_malformed::ATTACK,
    &plain_without_tls::ATTACK,
    &pre_tls_crash_loop::ATTACK,
    &preauth_greeting::ATTACK,
    &referral_acap::ATTACK,
    &referral_login::ATTACK,
    &referral_mailbox::ATTACK,
    &response_injection::ATTACK,
    &session_fixation::ATTACK,
    &stale_capability_cache::ATTACK,
    &strip_capability::ATTACK,
    &strip_logindisabled::ATTACK,
    &tls_deactivation::ATTACK,
    &tls_truncation::ATTACK,
    &tls_version_downgrade::ATTACK,
    &unauth_injection::ATTACK,
    &unauth_pipelining::ATTACK,
    &unauth_proxy_passthrough::ATTACK,
    &unauth_state_carryover::ATTACK,
    &untagged_data_pre_tls::ATTACK,
    &user_enumeration::ATTACK,
];

/// An attack by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Attack> {
    ALL.iter().copied().find(|attack| attack.id == id)
}
