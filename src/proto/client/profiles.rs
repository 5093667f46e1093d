//! Ready-made clients.

use crate::base::{Profile, Side};

/// Ready-made clients; the first is the default. A switch that a protocol lacks is left out.
macro_rules! profiles {
    ([$($legacy:expr),*], [$($only:expr),*], [$($more:expr),*]) => {
        &[
            &Profile::built_in("opportunistic", Side::Client, "TLS if offered", "Uses TLS where it is offered, logs in regardless, and says nothing about it: the mode of RFC 2595 section 2.2, second paragraph, as most clients shipped it.", &[("no-warning", "on")]),
            &Profile::built_in("private", Side::Client, "TLS required", "The privacy mode of RFC 2595 section 2.2: no login without TLS, every requirement kept.", &[("tls", "required")]),
            &Profile::built_in("legacy", Side::Client, "Before TLS", "A client from before TLS, or with TLS turned off: it asks nothing, sends its password, and knows no other way.", &[
                    ("tls", "never"),
                    ("no-warning", "on"),
                    $($legacy),*
                ]),
            &Profile::built_in("careless", Side::Client, "Careless", "Uses TLS if offered, goes on whatever becomes of it, and believes what it was told before.", &[
                    ("no-warning", "on"),
                    ("retry", "in-clear"),
                    ("ignore-tls-result", "on"),
                    ("command-before-tls", "on"),
                    ("keep-capabilities", "on"),
                    ("plain-in-clear", "on"),
                    $(($only, "on")),*
                ]),
            $($more),*
        ]
    };
}

/// What RFC 8314 asks for where there is a port with TLS.
static TLS_FIRST: Profile = Profile::built_in(
    "tls-first",
    Side::Client,
    "TLS first",
    "Begins with TLS, before the first word of the protocol, on the port that is there for it (RFC 8314 section 3).",
    &[("port", "tls-first"), ("tls", "required")],
);

/// Ready-made IMAP clients.
pub static IMAP_PROFILES: &[&Profile] = profiles!(
    [("ask-first", "never"), ("login-order", "command"), ("ignore-logindisabled", "on")],
    ["ignore-logindisabled", "accept-preauth"],
    [&TLS_FIRST]
);

/// Ready-made POP3 clients.
pub static POP3_PROFILES: &[&Profile] =
    profiles!([("ask-first", "never"), ("login-order", "command")], [], [&TLS_FIRST]);

/// Ready-made ACAP clients.
pub static ACAP_PROFILES: &[&Profile] = profiles!(
    [("plain-in-clear", "on")],
    [],
    [&Profile::built_in(
        "migrating",
        Side::Client,
        "CRAM-MD5, PLAIN when told",
        "Logs in by CRAM-MD5 and asks for TLS only when the server says that its account needs the password once: the migration that RFC 2595 section 6 shows.",
        &[("upgrade", "when-needed")]
    )]
);
