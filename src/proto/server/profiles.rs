//! Ready-made servers.

use crate::base::{Profile, Side};

macro_rules! profiles {
    ($refusing:expr, $accepting:expr, [$($only:expr),*]) => {
        &[
            &Profile {
                id: "strict",
                side: Side::Server,
                title: "Strict",
                about: "Offers STARTTLS and takes no password outside TLS; in IMAP it lists LOGINDISABLED to say so.",
                set: &[],
            },
            &Profile {
                id: "open",
                side: Side::Server,
                title: "Open",
                about: "Offers STARTTLS but takes passwords outside TLS too, for old clients (RFC 2595 section 2.2).",
                set: &[($refusing, $accepting)],
            },
            &Profile {
                id: "careless",
                side: Side::Server,
                title: "Careless",
                about: "Takes passwords however they come and has the deciding weakness of every attack.",
                set: &[
                    ("plain-before-tls", "on"),
                    ("plain-accepted-in-clear", "on"),
                    ("starttls-after-login", "on"),
                    ("octets-after-ok", "on"),
                    ("ignore-tls-result", "on"),
                    $($only),*
                ],
            },
        ]
    };
}

/// Ready-made IMAP servers; the first is the default.
pub static IMAP_PROFILES: &[&Profile] =
    profiles!("logindisabled", "off", [("login-despite-logindisabled", "on")]);

/// Ready-made POP3 and ACAP servers; the first is the default.
pub static PROFILES: &[&Profile] = profiles!("clear-text", "accepted", [("clear-text", "accepted")]);
