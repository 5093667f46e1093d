//! Server programs that speak IMAP.

use super::server;
use crate::base::Profile;

static DOVECOT_OPEN: Profile = server(
    "dovecot-2.3-open",
    "Dovecot 2.3.19, plain text allowed",
    "As Debian ships it, with clear-text passwords allowed before TLS.",
    &[
        ("greeting-capabilities", "on"),
        ("mechanisms", "plain+login"),
        ("logindisabled", "off"),
        ("plain-before-tls", "on"),
        ("plain-accepted-in-clear", "on"),
        ("login-capabilities", "untagged"),
    ],
);

static DOVECOT: Profile = server(
    "dovecot-2.3",
    "Dovecot 2.3.19",
    "As Debian ships it: no clear-text passwords before TLS.",
    &[("greeting-capabilities", "on"), ("mechanisms", "plain+login"), ("login-capabilities", "untagged")],
);

static CYRUS_OPEN: Profile = server(
    "cyrus-3.6-open",
    "Cyrus IMAP 3.6.1, plain text allowed",
    "With clear-text passwords allowed before TLS.",
    &[
        ("greeting-capabilities", "on"),
        ("mechanisms", "plain+login+cram-md5"),
        ("logindisabled", "off"),
        ("plain-before-tls", "on"),
        ("plain-accepted-in-clear", "on"),
        ("login-capabilities", "on"),
        ("compress", "on"),
    ],
);

static CYRUS: Profile = server(
    "cyrus-3.6",
    "Cyrus IMAP 3.6.1",
    "No clear-text passwords before TLS; CRAM-MD5 is open then too.",
    &[
        ("greeting-capabilities", "on"),
        ("mechanisms", "plain+login+cram-md5"),
        ("login-capabilities", "on"),
        ("compress", "on"),
    ],
);

static MAILUTILS_OPEN: Profile = server(
    "mailutils-3.15-open",
    "GNU Mailutils 3.15 imap4d, plain text allowed",
    "With clear-text passwords allowed before TLS: lists all mechanisms of GNU SASL, those that show the password first.",
    &[
        ("mechanisms", "gnu-sasl"),
        ("logindisabled", "off"),
        ("plain-before-tls", "on"),
        ("plain-accepted-in-clear", "on"),
        ("sasl-ir", "off"),
        ("id-command", "refused"),
    ],
);

static MAILUTILS: Profile = server(
    "mailutils-3.15",
    "GNU Mailutils 3.15 imap4d",
    "Refuses every login before TLS and lists no mechanism there, but not LOGINDISABLED either.",
    &[
        ("mechanisms", "gnu-sasl"),
        ("logindisabled", "unlisted"),
        ("mechanisms-before-tls", "none"),
        ("sasl-ir", "off"),
        ("id-command", "refused"),
    ],
);

static HOODIECROW_OPEN: Profile = server(
    "hoodiecrow-2.1-open",
    "hoodiecrow 2.1.0, plain text allowed",
    "A server for tests, with clear-text passwords allowed before TLS; it grants STARTTLS after a login too.",
    &[
        ("logindisabled", "off"),
        ("plain-before-tls", "on"),
        ("plain-accepted-in-clear", "on"),
        ("starttls-after-login", "on"),
    ],
);

static HOODIECROW: Profile = server(
    "hoodiecrow-2.1",
    "hoodiecrow 2.1.0",
    "A server for tests. It lists LOGINDISABLED and refuses LOGIN before TLS, but lists and takes PLAIN; it grants STARTTLS after a login too.",
    &[("plain-before-tls", "on"), ("plain-accepted-in-clear", "on"), ("starttls-after-login", "on")],
);

static PYMAP: Profile = server(
    "pymap-0.36",
    "pymap 0.36.7",
    "A server in Python, with clear-text passwords allowed before TLS.",
    &[
        ("greeting-capabilities", "on"),
        ("mechanisms", "plain+login"),
        ("logindisabled", "off"),
        ("plain-before-tls", "on"),
        ("plain-accepted-in-clear", "on"),
        ("sasl-ir", "off"),
        ("login-capabilities", "on"),
        ("namespace", "off"),
    ],
);

/// All, by id.
pub static ALL: &[&Profile] = &[
    &CYRUS,
    &CYRUS_OPEN,
    &DOVECOT,
    &DOVECOT_OPEN,
    &HOODIECROW,
    &HOODIECROW_OPEN,
    &MAILUTILS,
    &MAILUTILS_OPEN,
    &PYMAP,
];
