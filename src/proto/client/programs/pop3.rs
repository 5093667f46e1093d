//! Client programs that speak POP3.

use super::client;
use crate::base::Profile;

static CURL: Profile = client(
    "curl-7.88",
    "curl 7.88.1",
    "Prefers mechanisms that hide the password, then APOP, and hangs up when it is not let in.",
    &[
        ("ask-first", "always"),
        ("login-order", "digest-md5+cram-md5+plain+login+apop+command"),
        ("after-failed-login", "close"),
        ("commands", "list+quit"),
        ("plain-in-clear", "on"),
        ("early-octets", "stop"),
        ("initial-response", "never"),
        ("no-warning", "on"),
    ],
);

static FETCHMAIL: Profile = client(
    "fetchmail-6.4",
    "fetchmail 6.4.37",
    "Told to require TLS it asks for it also where it is not offered; otherwise it goes on without. CRAM-MD5 first, then USER and PASS.",
    &[
        ("ask-first", "always"),
        ("starttls-unlisted", "if-required"),
        ("login-order", "cram-md5+command"),
        ("tries-next-way", "on"),
        ("commands", "stat+last+uidl+list+retr+quit"),
        ("no-warning", "on"),
    ],
);

static MUTT: Profile = client(
    "mutt-2.2",
    "Mutt 2.2.12",
    "Tries mechanisms, APOP, and USER and PASS if listed. It leaves with RSET and QUIT, also in the clear after a certificate that its user did not want.",
    &[
        ("ask-first", "always"),
        ("starttls-unlisted", "if-required"),
        ("login-order", "cram-md5+plain+apop+command?"),
        ("tries-next-way", "on"),
        ("initial-response", "never"),
        ("stops-with", "reset"),
        ("commands", "capa+stat+uidl+list+top+rset+quit"),
        ("plain-in-clear", "on"),
        ("no-warning", "on"),
    ],
);

static NEOMUTT: Profile = client(
    "neomutt-20220429",
    "NeoMutt 20220429",
    "Like Mutt.",
    &[
        ("ask-first", "always"),
        ("starttls-unlisted", "if-required"),
        ("login-order", "cram-md5+plain+apop+command?"),
        ("tries-next-way", "on"),
        ("initial-response", "never"),
        ("stops-with", "reset"),
        ("commands", "capa+stat+uidl+list+top+rset+quit"),
        ("plain-in-clear", "on"),
        ("early-octets", "stop"),
        ("no-warning", "on"),
    ],
);

static POPLIB: Profile = client(
    "poplib-3.11",
    "poplib of Python 3.11",
    "A library for scripts. It asks what the server can do only for STLS; a refusal is an error for it.",
    &[
        ("ask-first", "for-tls"),
        ("after-refusal", "stop"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "stat+quit"),
        ("no-capability-after-tls", "on"),
        ("no-warning", "on"),
    ],
);

static FRM: Profile = client(
    "mailutils-frm-3.15",
    "GNU Mailutils 3.15 frm",
    "USER and PASS only, and it looks at no certificate; a refused STLS ends it.",
    &[
        ("ask-first", "always"),
        ("after-refusal", "stop"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "stat+list+top+quit"),
        ("no-name-check", "on"),
        ("no-path-check", "on"),
        ("no-date-check", "on"),
        ("no-capability-after-tls", "on"),
        ("no-warning", "on"),
    ],
);

static NET_POP3: Profile = client(
    "net-pop3-3.14",
    "Net::POP3 3.14",
    "A library for Perl. It asks for TLS without looking whether it is offered.",
    &[
        ("ask-first", "never"),
        ("starttls-unlisted", "tried"),
        ("login-order", "command"),
        ("commands", "stat+quit"),
        ("no-capability-after-tls", "on"),
        ("no-warning", "on"),
    ],
);

static S_NAIL: Profile = client(
    "s-nail-14.9",
    "s-nail 14.9.24",
    "Asks for TLS without looking whether it is offered, and uses APOP wherever the greeting permits.",
    &[
        ("ask-first", "never"),
        ("starttls-unlisted", "tried"),
        ("login-order", "apop+command"),
        ("after-failed-login", "close"),
        ("commands", "stat+list+top"),
        ("no-capability-after-tls", "on"),
        ("no-warning", "on"),
    ],
);

static POP3TEST: Profile = client(
    "imtest-3.6",
    "Cyrus pop3test 3.6.1",
    "A tool for testing servers, with STLS demanded. It looks at no certificate; when STLS is refused it sends what it is fed all the same, without having logged in.",
    &[
        ("tls", "required"),
        ("ask-first", "always"),
        ("after-refusal", "work"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "stat+quit"),
        ("no-name-check", "on"),
        ("no-path-check", "on"),
        ("no-date-check", "on"),
        ("no-warning", "on"),
    ],
);

static S_CLIENT: Profile = client(
    "s-client-3.0",
    "OpenSSL 3.0.19 s_client",
    "A tool for testing servers, fed by a script. It asks for TLS without looking whether it is offered, begins the handshake whatever the answer was, and unless it is told otherwise goes on with any certificate.",
    &[
        ("tls", "required"),
        ("ask-first", "never"),
        ("starttls-unlisted", "tried"),
        ("after-refusal", "handshake"),
        ("login-order", "command"),
        ("commands", "stat+quit"),
        ("no-name-check", "on"),
        ("no-path-check", "on"),
        ("no-date-check", "on"),
        ("no-warning", "on"),
    ],
);

static GETMAIL: Profile = client(
    "getmail-6.18",
    "getmail6 6.18.11",
    "Over poplib, as it was recorded: without TLS or on the port where TLS comes first. It leaves a failed login with RSET.",
    &[
        ("ask-first", "never"),
        ("tls", "never"),
        ("login-order", "command"),
        ("after-failed-login", "reset"),
        ("commands", "uidl+list+uidl+list+retr+quit"),
        ("no-warning", "on"),
    ],
);

static NODE_POPLIB: Profile = client(
    "node-poplib-0.1",
    "poplib 0.1.7 for Node",
    "A library for Node that predates the interfaces of Node it runs on: it asks for TLS and breaks down when the server agrees.",
    &[
        ("ask-first", "for-tls"),
        ("starttls-unlisted", "if-required"),
        ("stops-with", "log-out"),
        ("login-order", "command"),
        ("commands", "quit"),
        ("breaks-at-handshake", "on"),
        ("no-warning", "on"),
    ],
);

static FDM: Profile = client(
    "fdm-1.9",
    "fdm 1.9",
    "Set to use STLS it insists on it, and asks for it without looking whether it is offered.",
    &[
        ("ask-first", "never"),
        ("starttls-unlisted", "tried"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "stat+uidl+quit"),
        ("no-capability-after-tls", "on"),
        ("no-warning", "on"),
    ],
);

static NODE_POP3: Profile = client(
    "node-pop3-0.11",
    "node-pop3 0.11.0",
    "A library for Node that has no STLS.",
    &[
        ("ask-first", "never"),
        ("tls", "never"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "uidl+quit"),
        ("no-warning", "on"),
    ],
);

/// All, by id.
pub static ALL: &[&Profile] = &[
    &CURL,
    &FDM,
    &FETCHMAIL,
    &GETMAIL,
    &POP3TEST,
    &FRM,
    &MUTT,
    &NEOMUTT,
    &NET_POP3,
    &NODE_POP3,
    &NODE_POPLIB,
    &POPLIB,
    &S_CLIENT,
    &S_NAIL,
];
