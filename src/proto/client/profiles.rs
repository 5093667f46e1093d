//! Ready-made clients.

use crate::base::{Profile, Side};

/// Ready-made clients; the first is the default. A switch that a protocol lacks is left out.
macro_rules! profiles {
    ($($only:expr),*) => {
        &[
            &Profile {
                id: "opportunistic",
                side: Side::Client,
                title: "TLS if offered",
                about: "Uses TLS where it is offered, logs in regardless, and says nothing about it: the mode of RFC 2595 section 2.2, second paragraph, as most clients shipped it.",
                set: &[("no-warning", "on")],
            },
            &Profile {
                id: "private",
                side: Side::Client,
                title: "TLS required",
                about: "The privacy mode of RFC 2595 section 2.2: no login without TLS, every requirement kept.",
                set: &[("tls", "required")],
            },
            &Profile {
                id: "careless",
                side: Side::Client,
                title: "Careless",
                about: "Uses TLS if offered and has the deciding weakness of every attack.",
                set: &[
                    ("no-warning", "on"),
                    ("retry", "in-clear"),
                    ("ignore-tls-result", "on"),
                    ("command-before-tls", "on"),
                    ("keep-capabilities", "on"),
                    ("plain-in-clear", "on"),
                    $(($only, "on")),*
                ],
            },
        ]
    };
}

/// Ready-made IMAP clients.
pub static IMAP_PROFILES: &[&Profile] = profiles!("ignore-logindisabled", "accept-preauth");

/// Ready-made POP3 and ACAP clients.
pub static PROFILES: &[&Profile] = profiles!();
