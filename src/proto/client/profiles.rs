//! Ready-made clients.

use crate::base::{Profile, Side};

/// Ready-made clients; the first is the default. A switch that a protocol lacks is left out.
macro_rules! profiles {
    ($($only:expr),* $(; $more:expr)?) => {
        &[
            &Profile::built_in("opportunistic", Side::Client, "TLS if offered", "Uses TLS where it is offered, logs in regardless, and says nothing about it: the mode of RFC 2595 section 2.2, second paragraph, as most clients shipped it.", &[("no-warning", "on")]),
            &Profile::built_in("private", Side::Client, "TLS required", "The privacy mode of RFC 2595 section 2.2: no login without TLS, every requirement kept.", &[("tls", "required")]),
            &Profile::built_in("careless", Side::Client, "Careless", "Uses TLS if offered, goes on whatever becomes of it, and believes what it was told before.", &[
                    ("no-warning", "on"),
                    ("retry", "in-clear"),
                    ("ignore-tls-result", "on"),
                    ("command-before-tls", "on"),
                    ("keep-capabilities", "on"),
                    ("plain-in-clear", "on"),
                    $(($only, "on")),*
                ]),
            $($more,)?
        ]
    };
}

/// Ready-made IMAP clients.
pub static IMAP_PROFILES: &[&Profile] = profiles!("ignore-logindisabled", "accept-preauth");

/// Ready-made POP3 clients.
pub static POP3_PROFILES: &[&Profile] = profiles!();

/// Ready-made ACAP clients.
pub static ACAP_PROFILES: &[&Profile] = profiles!(; &Profile::built_in("migrating", Side::Client, "CRAM-MD5, PLAIN when told", "Logs in by CRAM-MD5 and asks for TLS only when the server says that its account needs the password once: the migration that RFC 2595 section 6 shows.", &[("upgrade", "when-needed")]));
