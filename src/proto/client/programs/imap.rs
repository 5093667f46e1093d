//! Client programs that speak IMAP.

use super::client;
use crate::base::Profile;

static CURL: Profile = client(
    "curl-7.88",
    "curl 7.88.1",
    "Prefers mechanisms that hide the password, goes on without TLS when STARTTLS is refused unless it is told to insist, and hangs up when it is not let in.",
    &[
        ("ask-first", "always"),
        ("login-order", "digest-md5+cram-md5+plain+login+command"),
        ("after-failed-login", "close"),
        ("after-preauth", "ask-and-stop"),
        ("commands", "select+search+logout"),
        ("plain-in-clear", "on"),
        ("early-octets", "stop"),
        ("no-warning", "on"),
    ],
);

static FETCHMAIL: Profile = client(
    "fetchmail-6.4",
    "fetchmail 6.4.37",
    "Told to require TLS it asks for it also where it is not offered; otherwise it goes on without. CRAM-MD5 first, then LOGIN.",
    &[
        ("starttls-unlisted", "if-required"),
        ("after-refusal", "noop"),
        ("login-order", "cram-md5+command"),
        ("tries-next-way", "on"),
        ("commands", "select+search+logout"),
        ("no-warning", "on"),
    ],
);

static MUTT: Profile = client(
    "mutt-2.2",
    "Mutt 2.2.12",
    "Logs in through a library that picks the strongest mechanism of the list, and leaves when that one fails. It sends an empty first message even where the server has to speak first, which Cyrus refuses.",
    &[
        ("starttls-unlisted", "if-required"),
        ("login-order", "gs2-krb5+cram-md5+plain+command"),
        ("initial-response", "even-empty"),
        ("commands", "capability+list+examine+fetch+close+logout"),
        ("plain-in-clear", "on"),
        ("no-warning", "on"),
    ],
);

static NEOMUTT: Profile = client(
    "neomutt-20220429",
    "NeoMutt 20220429",
    "Tries PLAIN first, listed or not, in the clear too; then what is listed, then LOGIN.",
    &[
        ("starttls-unlisted", "if-required"),
        ("login-order", "plain!+cram-md5+plain+command"),
        ("tries-next-way", "on"),
        ("initial-response", "even-empty"),
        ("after-failed-login", "close"),
        ("commands", "capability+list+examine+fetch+close"),
        ("plain-in-clear", "on"),
        ("early-octets", "stop"),
        ("no-warning", "on"),
    ],
);

static IMAPLIB: Profile = client(
    "imaplib-3.11",
    "imaplib of Python 3.11",
    "A library for scripts. It sends LOGIN whatever LOGINDISABLED says; a refused STARTTLS is an error for it.",
    &[
        ("ask-first", "always"),
        ("after-refusal", "stop"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "select+search+logout"),
        ("ignore-logindisabled", "on"),
        ("no-warning", "on"),
    ],
);

static IMAPCLIENT: Profile = client(
    "imapclient-4.1",
    "IMAPClient 4.1.0",
    "A library over imaplib.",
    &[
        ("ask-first", "always"),
        ("after-refusal", "stop"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("after-preauth", "ask-twice-and-stop"),
        ("commands", "examine+logout"),
        ("ignore-logindisabled", "on"),
        ("no-warning", "on"),
    ],
);

static IMAP_TOOLS: Profile = client(
    "imap-tools-1.16",
    "imap-tools 1.16.0",
    "A library over imaplib.",
    &[
        ("ask-first", "always"),
        ("after-refusal", "stop"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "select+status+logout"),
        ("ignore-logindisabled", "on"),
        ("no-warning", "on"),
    ],
);

static AIOIMAPLIB: Profile = client(
    "aioimaplib-2.0",
    "aioimaplib 2.0.3",
    "A library that speaks TLS on its own port or not at all.",
    &[
        ("ask-first", "always"),
        ("tls", "never"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "select+logout"),
        ("ignore-logindisabled", "on"),
        ("no-warning", "on"),
    ],
);

static IMAPFLOW: Profile = client(
    "imapflow-1.0",
    "imapflow 1.0.170",
    "A library for Node. Names itself by ID, and prefers PLAIN to LOGIN.",
    &[
        ("identify", "first"),
        ("login-order", "plain+login+command"),
        ("after-failed-login", "close"),
        ("after-preauth", "as-usual"),
        ("commands", "namespace|list+compress?+list+lsub+select+logout"),
        ("plain-in-clear", "on"),
        ("initial-response", "never"),
        ("no-warning", "on"),
    ],
);

static FRM: Profile = client(
    "mailutils-frm-3.15",
    "GNU Mailutils 3.15 frm",
    "Uses LOGIN only, looks at no certificate, asks for TLS also after PREAUTH, and leaves with LOGOUT when it is refused.",
    &[
        ("ask-first", "always"),
        ("after-refusal", "stop"),
        ("stops-with", "log-out"),
        ("login-order", "command"),
        ("after-preauth", "as-usual"),
        ("commands", "examine+fetch+fetch+unselect+logout"),
        ("no-name-check", "on"),
        ("no-path-check", "on"),
        ("no-date-check", "on"),
        ("no-warning", "on"),
    ],
);

static MBSYNC: Profile = client(
    "mbsync-1.4",
    "isync 1.4.4 (mbsync)",
    "Uses mechanisms only, unless it is told to use LOGIN.",
    &[
        ("login-order", "plain"),
        ("after-failed-login", "close"),
        ("commands", "namespace?+list+select+uid-fetch+uid-fetch+logout"),
        ("plain-in-clear", "on"),
        ("no-warning", "on"),
    ],
);

static NODE_IMAP: Profile = client(
    "node-imap-0.8",
    "imap 0.8.19 for Node",
    "A library. It has a setting that uses TLS only where the server lists LOGINDISABLED.",
    &[
        ("ask-first", "always"),
        ("after-refusal", "stop"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("after-preauth", "stop"),
        ("commands", "capability?+namespace?+list+examine+logout"),
        ("no-warning", "on"),
    ],
);

static OFFLINEIMAP: Profile = client(
    "offlineimap-8.0",
    "offlineimap 8.0.0",
    "Names itself by ID and stops where a server refuses that; tries the ways to log in one after the other.",
    &[
        ("ask-first", "always"),
        ("identify", "first-or-stop"),
        ("after-refusal", "stop"),
        ("login-order", "cram-md5+plain+command"),
        ("tries-next-way", "on"),
        ("after-failed-login", "close"),
        ("after-preauth", "ask-and-stop"),
        ("commands", "capability+list+list+select+examine+fetch+uid-fetch+logout"),
        ("plain-in-clear", "on"),
        ("no-warning", "on"),
    ],
);

static MAIL_IMAPCLIENT: Profile = client(
    "mail-imapclient-3.43",
    "Mail::IMAPClient 3.43",
    "A library for Perl. It never asks what the server can do, sends LOGIN in any case, and works after PREAUTH even where TLS was demanded.",
    &[
        ("ask-first", "never"),
        ("starttls-unlisted", "tried"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "select+status+logout"),
        ("no-capability-after-tls", "on"),
        ("ignore-logindisabled", "on"),
        ("accept-preauth", "on"),
        ("no-warning", "on"),
    ],
);

static S_NAIL: Profile = client(
    "s-nail-14.9",
    "s-nail 14.9.24",
    "Asks for TLS without looking whether it is offered, also after PREAUTH.",
    &[
        ("ask-first", "for-login"),
        ("starttls-unlisted", "if-required"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("after-preauth", "as-usual"),
        ("commands", "examine+fetch+fetch+uid-fetch"),
        ("no-warning", "on"),
    ],
);

static IMTEST: Profile = client(
    "imtest-3.6",
    "Cyrus imtest 3.6.1",
    "A tool for testing servers, with STARTTLS demanded. It looks at no certificate, and leaves without a word where TLS is not offered or refused.",
    &[
        ("tls", "required"),
        ("login-order", "command"),
        ("after-failed-login", "close"),
        ("commands", "select+logout"),
        ("ignore-logindisabled", "on"),
        ("no-name-check", "on"),
        ("no-path-check", "on"),
        ("no-date-check", "on"),
        ("no-warning", "on"),
    ],
);

static S_CLIENT: Profile = client(
    "s-client-3.0",
    "OpenSSL 3.0.19 s_client",
    "A tool for testing servers, fed by a script. It asks for TLS listed or not, begins the handshake whatever the answer was, and unless it is told otherwise goes on with any certificate.",
    &[
        ("tls", "required"),
        ("ask-first", "always"),
        ("starttls-unlisted", "tried"),
        ("after-refusal", "handshake"),
        ("login-order", "command"),
        ("after-preauth", "as-usual"),
        ("commands", "select+logout"),
        ("ignore-logindisabled", "on"),
        ("no-name-check", "on"),
        ("no-path-check", "on"),
        ("no-date-check", "on"),
        ("no-warning", "on"),
    ],
);

static GETMAIL: Profile = client(
    "getmail-6.18",
    "getmail6 6.18.11",
    "Over imaplib, as it was recorded: without TLS or on the port where TLS comes first. It sends LOGIN whatever LOGINDISABLED says.",
    &[
        ("ask-first", "always"),
        ("tls", "never"),
        ("login-order", "command"),
        ("ignore-logindisabled", "on"),
        ("no-warning", "on"),
    ],
);

static FDM: Profile = client(
    "fdm-1.9",
    "fdm 1.9",
    "Set to use STARTTLS it insists on it, but not after PREAUTH; inside TLS it uses the list from before.",
    &[
        ("ask-first", "always"),
        ("login-order", "cram-md5+command"),
        ("after-failed-login", "close"),
        ("commands", "select+uid-search+close+logout"),
        ("keep-capabilities", "on"),
        ("accept-preauth", "on"),
        ("no-warning", "on"),
    ],
);

/// All, by id.
pub static ALL: &[&Profile] = &[
    &AIOIMAPLIB,
    &CURL,
    &FDM,
    &FETCHMAIL,
    &GETMAIL,
    &IMAP_TOOLS,
    &IMAPCLIENT,
    &IMAPFLOW,
    &IMAPLIB,
    &IMTEST,
    &MAIL_IMAPCLIENT,
    &FRM,
    &MBSYNC,
    &MUTT,
    &NEOMUTT,
    &NODE_IMAP,
    &OFFLINEIMAP,
    &S_CLIENT,
    &S_NAIL,
];
