//! What can be set on a client, and what it can do wrong.

use super::tls_switches::{
    ANY_SERVICE, ANY_STAR, APPLICATION, BAD_CERTIFICATE, CERTIFICATE, CERTIFICATE_TO_ANYBODY,
    CLEAR_AFTER_CERTIFICATE, CLEAR_GREETING, COMMON_NAME, FIND, GOES_ON_IN_CLEAR, NAME_RULES, NO_CLOSE_ALERT,
    NO_DATE_CHECK, NO_HANDSHAKE, NO_NAME_CHECK, NO_PATH_CHECK, NO_REVOCATION_CHECK, PASSWORD_AFTER_EXTERNAL,
    PIN, PORT, PREFIX_MATCH, SESSIONS, SUITES, TAKES_INCOMPLETE, TRUST_CNAME, TRUST_SRV, USER,
    VERSION_FALLBACK, WEAK_TLS,
};
use super::{manner, referral, slips};
use crate::base::{OFF_ON, Switch, switch};
use crate::proto::acap::switches as acap;
use crate::proto::imap::work;
use crate::proto::pop3::switches as pop3;

switch!(
    Client TLS,
    "tls",
    Setting,
    &["opportunistic", "required", "never", "if-logindisabled"],
    &[],
    "TLS policy",
    "Whether it logs in all the same when the server offers no TLS (RFC 2595 section 2.2 permits both), or never asks for TLS, or only where the server lists LOGINDISABLED.";
    "Does it use STARTTLS?",
    &["If the server offers it; otherwise it logs in without", "It insists: without TLS it stops", "Never", "Only if the server lists LOGINDISABLED"]
);
switch!(
    Client AUTH,
    "auth",
    Setting,
    &["auto", "login", "plain", "auth-login", "cram-md5", "scram-sha-256", "external", "oauthbearer", "xoauth2"],
    &[],
    "Way to log in",
    "The protocol's own password command, one mechanism, or the best of what the server lists. CRAM-MD5 and SCRAM-SHA-256 do not show the password to a reader.";
    "How does it log in?",
    &["With the best that the server lists", "Always with the protocol's own password command", "Always with PLAIN", "Always with the LOGIN mechanism", "Always with CRAM-MD5", "Always with SCRAM-SHA-256", "With its certificate (EXTERNAL)", "With a token (OAUTHBEARER)", "With a token (XOAUTH2)"]
);
switch!(
    Client INITIAL,
    "initial-response",
    Setting,
    &["if-listed", "never", "even-empty"],
    &[],
    "Password with the command",
    "Whether the first message of a mechanism goes out at once instead of waiting to be asked for, where the protocol permits it (RFC 4959, RFC 5034); or even an empty one where the server has to speak first, as a library of SASL does.";
    "Does it send the first message of AUTHENTICATE together with the command where that is allowed?",
    &["Yes", "No, it waits to be asked", "Yes, even an empty one for CRAM-MD5"]
);
switch!(
    Client RETRY,
    "retry",
    Setting,
    &["never", "in-clear"],
    &[],
    "After a failed upgrade",
    "Whether it connects once more and logs in without TLS when STARTTLS stays unanswered or the connection breaks.";
    "What does it do when STARTTLS stays unanswered or the connection breaks?",
    &["It gives up", "It connects again and logs in without TLS"]
);
switch!(
    Client IGNORE_LOGINDISABLED,
    "ignore-logindisabled",
    Conduct,
    OFF_ON,
    &["A16"],
    "Ignores LOGINDISABLED",
    "Sends LOGIN although the newest capability list forbids it.";
    "Does it send LOGIN although the server has listed LOGINDISABLED?",
    &["No", "Yes"]
);
switch!(
    Client COMMAND_BEFORE_TLS,
    "command-before-tls",
    Conduct,
    OFF_ON,
    &["A12"],
    "Does not wait for TLS",
    "Sends its next command in the same segment as STARTTLS.";
    "Does it send its next command together with STARTTLS, without waiting for the answer?",
    &["No", "Yes"]
);
switch!(
    Client EMPTY_LINE,
    "empty-line-before-tls",
    Conduct,
    OFF_ON,
    &["B14"],
    "An empty line before TLS",
    "Sends an empty line behind STARTTLS, where only the handshake belongs.";
    "Does it send an empty line behind STARTTLS?",
    &["No", "Yes"]
);
switch!(
    Client KEEP_CAPABILITIES,
    "keep-capabilities",
    Conduct,
    OFF_ON,
    &["A13", "A14", "B24"],
    "Keeps old capabilities",
    "Goes on using the capability list that it got before TLS.";
    "Inside TLS, does it still use the capability list from before?",
    &["No, it throws the list away", "Yes"]
);
switch!(
    Client NO_CAPABILITY,
    "no-capability-after-tls",
    Conduct,
    OFF_ON,
    &["A14"],
    "Does not ask again",
    "Asks for no capabilities inside TLS.";
    "Inside TLS, does it ask for the capabilities again?",
    &["Yes", "No"]
);
switch!(
    Client IGNORE_RESULT,
    "ignore-tls-result",
    Conduct,
    OFF_ON,
    &["A02", "A04", "A11", "A12", "A21", "S-4616", "S-6186-must", "S-8314-minconf", "S-9051-login"],
    "Does not check the result",
    "Goes on as if TLS were up whatever became of STARTTLS and the handshake, also when TLS is required.";
    "Does it go on and log in when STARTTLS is refused or the handshake fails, as if nothing had happened?",
    &["No", "Yes, even where TLS is required"]
);
switch!(
    Client ACCEPT_PREAUTH,
    "accept-preauth",
    Conduct,
    OFF_ON,
    &["S-8314-minconf", "S-9051-preauth"],
    "Accepts PREAUTH in the clear",
    "Works on the mailbox after a PREAUTH greeting outside TLS although TLS is required.";
    "TLS is required and the server greets with PREAUTH, so that there is nothing to log in to and STARTTLS is too late. Does it work on the mailbox?",
    &["No, it stops", "Yes"]
);
switch!(
    Client NO_WARNING,
    "no-warning",
    Conduct,
    OFF_ON,
    &["A19"],
    "Does not warn",
    "Goes on outside TLS without telling its user.";
    "Does it tell its user before it logs in without TLS?",
    &["Yes", "No"]
);
switch!(
    Client PLAIN_IN_CLEAR,
    "plain-in-clear",
    Conduct,
    OFF_ON,
    &["A21", "S-4616"],
    "PLAIN outside TLS",
    "Uses the PLAIN mechanism outside TLS when it is listed.";
    "Does it use PLAIN without TLS, where the server lists it?",
    &["No", "Yes"]
);
switch!(
    Client LATE_STARTTLS,
    "starttls-after-login",
    Conduct,
    OFF_ON,
    &["A02", "A04", "A11", "B15", "S-1939-pass", "S-6186-must", "S-8314-minconf", "S-9051-login", "UNA28"],
    "STARTTLS after login",
    "Logs in first and asks for TLS afterwards.";
    "Does it log in first and ask for TLS afterwards?",
    &["No", "Yes"]
);

switch!(
    Client MINIMUM,
    "minimum-mechanism",
    Setting,
    &["any", "no-password"],
    &[],
    "Weakest way to log in",
    "Whether it uses a way to log in that shows the password to whoever reads it, or none of those at all (RFC 2595 section 9).";
    "Does it log in by a way that shows its password to whoever can read it, such as LOGIN or PLAIN?",
    &["Yes", "No, never"]
);
switch!(
    Client FORGETS_POLICY,
    "forgets-policy",
    Conduct,
    OFF_ON,
    &["A02", "A04", "A11", "S-6186-must", "S-8314-minconf", "S-9051-login"],
    "Forgets its policy",
    "Logs in without TLS where TLS is required, when it is not offered, refused, or broken off.";
    "TLS is required but not offered, refused, or broken off. Does it log in without TLS in one of these cases?",
    &["No", "Yes"]
);
switch!(
    Client ACCEPTS_INVALID_GREETING,
    "accepts-invalid-greeting",
    Conduct,
    OFF_ON,
    &["A02", "A04", "A21", "S-4616", "S-6186-must", "S-8314-minconf", "S-9051-login"],
    "Accepts any greeting",
    "Goes on after a first line that is no greeting, and straight to the login, past its policy on TLS.";
    "The first line of the server is no greeting. Does it log in all the same?",
    &["No", "Yes"]
);
switch!(
    Client TAGS_UNCHECKED,
    "tags-unchecked",
    Conduct,
    OFF_ON,
    &["A02", "A04", "A11", "A12", "S-6186-must", "S-8314-minconf", "S-9051-login"],
    "Does not check tags",
    "Takes an answer that came before its command for the answer to it, so that STARTTLS is done before anybody began TLS.";
    "Does it take an answer that came before its command for the answer to it?",
    &["No, it compares the tags", "Yes"]
);
switch!(
    Client BELIEVES_TEXT,
    "believes-text",
    Conduct,
    OFF_ON,
    &["A02", "A04", "A11", "A21", "S-4616", "S-6186-must", "S-8314-minconf", "S-9051-login"],
    "Believes words",
    "Takes a refusal that says that TLS is active already for the truth.";
    "The server refuses STARTTLS and says that TLS is active already. Does it believe that and log in?",
    &["No", "Yes"]
);
switch!(
    Client KEEPS_BUFFER,
    "keeps-buffer",
    Conduct,
    OFF_ON,
    &[],
    "Keeps its buffer over TLS",
    "Reads what came in the clear behind the answer to STARTTLS as if it had come inside TLS.";
    "Inside TLS, does it still read lines that had come in the clear behind the answer to STARTTLS?",
    &["No, it throws them away", "Yes"]
);
switch!(
    Client EARLY_DATA,
    "early-mailbox-data",
    Conduct,
    OFF_ON,
    &["S-9051-ignore"],
    "Takes mailbox data early",
    "Believes what it is told about mailboxes and messages before anybody logged in.";
    "Does it believe what it is told about mailboxes and messages before it has logged in?",
    &["No", "Yes"]
);
switch!(
    Client SHOWS_ALERTS,
    "shows-clear-alerts",
    Conduct,
    OFF_ON,
    &["S-9051-alert"],
    "Shows alerts from the clear",
    "Shows its user an alert that came outside TLS as the server's word.";
    "Does it show its user alerts of the server that came outside TLS?",
    &["No", "Yes"]
);
switch!(
    Client SHOWS_ERRORS,
    "shows-clear-errors",
    Conduct,
    OFF_ON,
    &[],
    "Shows errors from the clear",
    "Shows its user the text of a refusal or a goodbye that came outside TLS as the server's word.";
    "Does it show its user the server's words about an error that came outside TLS?",
    &["No", "Yes"]
);
switch!(
    Client TRANSITION,
    "transition-in-clear",
    Conduct,
    OFF_ON,
    &["A21", "S-4616"],
    "Accepts a transition in the clear",
    "Sends its password outside TLS when it is told that its account has to move to another mechanism (RFC 2595 section 6).";
    "Outside TLS the server says that the account has to move to another mechanism. Does it send its password?",
    &["No", "Yes"]
);
switch!(
    Client LOGIN_BEFORE_TLS,
    "login-before-tls",
    Conduct,
    OFF_ON,
    &["A02", "A04", "A11", "A12", "A16", "A21", "S-1939-pass", "S-4616", "S-6186-must", "S-8314-minconf", "S-9051-login", "UNA28"],
    "Logs in before TLS",
    "Sends its login in the same segment as STARTTLS.";
    "Does it send its login together with STARTTLS, without waiting for TLS?",
    &["No", "Yes"]
);
switch!(
    Client FRAGILE,
    "fragile",
    Conduct,
    OFF_ON,
    &["S-9051-ignore"],
    "Fragile reader",
    "Breaks down on lines that make no sense where they stand: mailbox data before the login, a negative length, a line without end, a list with nothing in it; and asks again and again for a list that it is refused.";
    "Does it crash on lines that make no sense, such as a negative length?",
    &["No", "Yes"]
);

switch!(
    Client UNLISTED,
    "starttls-unlisted",
    Setting,
    &["never", "tried", "if-required"],
    &[],
    "STARTTLS that is not listed",
    "Whether it asks for TLS also when no capability list offers it, always or where TLS is required: the answer to a list that somebody stripped.";
    "Does it send STARTTLS when the server does not list it?",
    &["No", "Yes", "Only where TLS is required"]
);
switch!(
    Client OLD_GREETING,
    "old-greeting-counts",
    Conduct,
    OFF_ON,
    &["A13", "B24"],
    "Goes back to the old greeting",
    "Goes by the greeting from before TLS when no new one comes inside.";
    "When the server sends no second greeting inside TLS, does it go by the first one?",
    &["No", "Yes"]
);

/// A protocol's list: its own switches before, between and behind those that every client has. Their order is the one
/// in which they are shown.
macro_rules! and_those_of_every_client {
    ([$($before:expr),* $(,)?] [$($between:expr),* $(,)?] [$($behind:expr),* $(,)?]) => {
        &[
            $(&$before,)*
            &PLAIN_IN_CLEAR,
            &LATE_STARTTLS,
            &FORGETS_POLICY,
            &ACCEPTS_INVALID_GREETING,
            &BELIEVES_TEXT,
            &KEEPS_BUFFER,
            &SHOWS_ALERTS,
            &SHOWS_ERRORS,
            &LOGIN_BEFORE_TLS,
            &FRAGILE,
            $(&$between,)*
            &FIND,
            &NAME_RULES,
            &BAD_CERTIFICATE,
            &USER,
            &CERTIFICATE,
            &SESSIONS,
            &NO_NAME_CHECK,
            &PREFIX_MATCH,
            &ANY_STAR,
            &COMMON_NAME,
            &NO_PATH_CHECK,
            &NO_DATE_CHECK,
            &NO_REVOCATION_CHECK,
            &TRUST_CNAME,
            &TRUST_SRV,
            &PIN,
            &CLEAR_AFTER_CERTIFICATE,
            &SUITES,
            &WEAK_TLS,
            &VERSION_FALLBACK,
            &CERTIFICATE_TO_ANYBODY,
            $(&$behind,)*
        ]
    };
}

/// What can be set on an IMAP client.
pub static IMAP_SWITCHES: &[&Switch] = and_those_of_every_client![
    [
        TLS,
        AUTH,
        MINIMUM,
        INITIAL,
        UNLISTED,
        RETRY,
        NO_WARNING,
        IGNORE_LOGINDISABLED,
        IGNORE_RESULT,
        ACCEPT_PREAUTH,
        COMMAND_BEFORE_TLS,
        EMPTY_LINE,
        KEEP_CAPABILITIES,
        NO_CAPABILITY,
    ]
    [
        TAGS_UNCHECKED,
        EARLY_DATA,
        work::WORK,
        work::LITERALS,
        work::UNAUTH_ARGUMENT,
        work::UNAUTH_PIPELINED,
        work::LOGIN_PIPELINED,
        referral::REFERRALS,
        referral::REFERRALS_IN_CLEAR,
        PORT,
        APPLICATION,
    ]
    [
        PASSWORD_AFTER_EXTERNAL,
        NO_HANDSHAKE,
        ANY_SERVICE,
        CLEAR_GREETING,
        GOES_ON_IN_CLEAR,
        TAKES_INCOMPLETE,
        NO_CLOSE_ALERT,
        manner::ASK,
        manner::REFUSED,
        manner::EARLY,
        manner::ORDER,
        manner::NEXT,
        manner::FAILED,
        manner::STOP,
        manner::ID,
        manner::PREAUTH,
        manner::IMAP_COMMANDS,
        slips::STARTTLS_ARGUMENT,
        slips::PLAIN_MESSAGE,
        slips::GIVES_UP,
        slips::NAMES_REFUSED,
        slips::OUT_OF_PLACE_IMAP,
        slips::INITIAL_ANYWAY,
        slips::TALKS_FIRST,
        work::LITERALS_ANYWAY,
        work::COMPRESS_PIPELINED,
        work::NO_UTF8,
    ]
];

/// What can be set on a POP3 client.
pub static POP3_SWITCHES: &[&Switch] = and_those_of_every_client![
    [
        TLS,
        pop3::AUTH,
        MINIMUM,
        INITIAL,
        UNLISTED,
        RETRY,
        pop3::PIPELINING,
        pop3::SESSION,
        NO_WARNING,
        IGNORE_RESULT,
        COMMAND_BEFORE_TLS,
        EMPTY_LINE,
        KEEP_CAPABILITIES,
        NO_CAPABILITY,
    ]
    [
        PORT,
        APPLICATION,
    ]
    [
        PASSWORD_AFTER_EXTERNAL,
        NO_HANDSHAKE,
        ANY_SERVICE,
        CLEAR_GREETING,
        GOES_ON_IN_CLEAR,
        TAKES_INCOMPLETE,
        NO_CLOSE_ALERT,
        manner::ASK,
        manner::REFUSED,
        manner::EARLY,
        manner::ORDER,
        manner::NEXT,
        manner::FAILED,
        manner::STOP,
        manner::POP3_COMMANDS,
        slips::STARTTLS_ARGUMENT,
        slips::PLAIN_MESSAGE,
        slips::GIVES_UP,
        slips::NAMES_REFUSED,
        slips::OUT_OF_PLACE_POP3,
        slips::INITIAL_ANYWAY,
        slips::TALKS_FIRST,
    ]
];

/// What can be set on an ACAP client.
pub static ACAP_SWITCHES: &[&Switch] = and_those_of_every_client![
    [
        TLS,
        AUTH,
        MINIMUM,
        INITIAL,
        UNLISTED,
        RETRY,
        acap::UPGRADE,
        acap::MOVES,
        acap::SESSION,
        NO_WARNING,
        IGNORE_RESULT,
        COMMAND_BEFORE_TLS,
        EMPTY_LINE,
        KEEP_CAPABILITIES,
    ]
    [
        OLD_GREETING,
        EARLY_DATA,
        TRANSITION,
        referral::REFERRALS,
        referral::REFERRALS_IN_CLEAR,
    ]
    [
        PASSWORD_AFTER_EXTERNAL,
        GOES_ON_IN_CLEAR,
        TAKES_INCOMPLETE,
        NO_HANDSHAKE,
        NO_CLOSE_ALERT,
        slips::STARTTLS_ARGUMENT,
        slips::PLAIN_MESSAGE,
        slips::GIVES_UP,
        slips::NAMES_REFUSED,
        slips::OUT_OF_PLACE_ACAP,
    ]
];
