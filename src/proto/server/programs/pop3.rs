//! Server programs that speak POP3.

use super::server;
use crate::base::Profile;

static DOVECOT_OPEN: Profile = server(
    "dovecot-2.3-open",
    "Dovecot 2.3.19, plain text allowed",
    "As Debian ships it, with clear-text passwords allowed before TLS.",
    &[
        ("mechanisms", "plain+login"),
        ("clear-text", "accepted"),
        ("plain-before-tls", "on"),
        ("plain-accepted-in-clear", "on"),
        ("apop", "off"),
    ],
);

static DOVECOT: Profile = server(
    "dovecot-2.3",
    "Dovecot 2.3.19",
    "As Debian ships it: no clear-text passwords before TLS.",
    &[("mechanisms", "plain+login"), ("apop", "off")],
);

static CYRUS_OPEN: Profile = server(
    "cyrus-3.6-open",
    "Cyrus POP3 3.6.1, plain text allowed",
    "With clear-text passwords allowed before TLS.",
    &[
        ("mechanisms", "plain+login+cram-md5"),
        ("clear-text", "accepted"),
        ("plain-before-tls", "on"),
        ("plain-accepted-in-clear", "on"),
    ],
);

static CYRUS: Profile = server(
    "cyrus-3.6",
    "Cyrus POP3 3.6.1",
    "No clear-text passwords before TLS; CRAM-MD5 and APOP are open then too.",
    &[("mechanisms", "plain+login+cram-md5")],
);

static MAILUTILS_OPEN: Profile = server(
    "mailutils-3.15-open",
    "GNU Mailutils 3.15 pop3d, plain text allowed",
    "With clear-text passwords allowed before TLS. It greets with a timestamp and has no digests to compare APOP with.",
    &[("mechanisms", "none"), ("clear-text", "accepted"), ("apop", "unprepared")],
);

static MAILUTILS: Profile = server(
    "mailutils-3.15",
    "GNU Mailutils 3.15 pop3d",
    "Refuses USER before TLS. It greets with a timestamp and has no digests to compare APOP with.",
    &[("mechanisms", "none"), ("apop", "unprepared")],
);

/// All, by id.
pub static ALL: &[&Profile] = &[&CYRUS, &CYRUS_OPEN, &DOVECOT, &DOVECOT_OPEN, &MAILUTILS, &MAILUTILS_OPEN];
