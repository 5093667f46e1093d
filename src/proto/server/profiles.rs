//! Ready-made servers.

use crate::base::{Profile, Side};

macro_rules! profiles {
    ($refusing:expr, $accepting:expr, [$($only:expr),*] $(; $more:expr)?) => {
        &[
            &Profile::built_in("strict", Side::Server, "Strict", "Offers STARTTLS and takes no password outside TLS; in IMAP it lists LOGINDISABLED to say so.", &[]),
            &Profile::built_in("open", Side::Server, "Open", "Offers STARTTLS but takes passwords outside TLS too, for old clients (RFC 2595 section 2.2).", &[($refusing, $accepting)]),
            &Profile::built_in("careless", Side::Server, "Careless", "Takes passwords however they come and looks neither at the handshake nor at who is logged in already.", &[
                    ("plain-before-tls", "on"),
                    ("plain-accepted-in-clear", "on"),
                    ("starttls-after-login", "on"),
                    ("octets-after-ok", "on"),
                    ("ignore-tls-result", "on"),
                    $($only),*
                ]),
            $($more,)?
        ]
    };
}

/// Ready-made IMAP servers; the first is the default.
pub static IMAP_PROFILES: &[&Profile] =
    profiles!("logindisabled", "off", [("login-despite-logindisabled", "on")]);

/// Ready-made POP3 servers; the first is the default.
pub static POP3_PROFILES: &[&Profile] = profiles!("clear-text", "accepted", [("clear-text", "accepted")]);

/// Ready-made ACAP servers; the first is the default.
pub static ACAP_PROFILES: &[&Profile] = profiles!("clear-text", "accepted", [("clear-text", "accepted")]; &Profile::built_in("migrating", Side::Server, "Accounts in transition", "Lists CRAM-MD5 and PLAIN, and has no credentials for CRAM-MD5 until it got the password once by PLAIN inside TLS (RFC 2595 section 6).", &[("mechanisms", "plain+cram-md5"), ("transition", "on")]));
