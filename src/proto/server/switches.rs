//! What can be set on a server, and what it can do wrong.

use super::slips;
use super::tls_switches::{
    ANY_APPLICATION, CERTIFICATES, GOES_ON_IN_CLEAR, NEEDLESS_REQUEST, NO_CLOSE_ALERT, SERVICE_NAMES, SUITES,
    WEAK_TLS,
};
use crate::base::{OFF_ON, Switch, switch};
use crate::proto::acap::switches as acap;
use crate::proto::imap::server as imap;
use crate::proto::pop3::switches as pop3;

const ON_OFF: &[&str] = &["on", "off"];

switch!(
    Server STARTTLS,
    "starttls",
    Setting,
    ON_OFF,
    &[],
    "Offers STARTTLS",
    "Whether the upgrade is listed and accepted.";
    "Does it offer STARTTLS?",
    &["Yes", "No"]
);
switch!(
    Server LOGINDISABLED,
    "logindisabled",
    Setting,
    &["on", "off", "unlisted"],
    &[],
    "LOGINDISABLED before TLS",
    "Lists LOGINDISABLED and refuses every clear-text password outside TLS (RFC 2595 sections 2.3 and 3.2), or refuses them without saying so beforehand.";
    "Does it list LOGINDISABLED before TLS and refuse passwords there?",
    &["Yes", "No, it takes them", "It refuses them and lists nothing"]
);
switch!(
    Server CLEAR_TEXT,
    "clear-text",
    Setting,
    &["refused", "accepted"],
    &[],
    "Passwords outside TLS",
    "Whether clear-text passwords are taken outside TLS (RFC 2595 section 2.3).";
    "Does it take passwords outside TLS?",
    &["No", "Yes"]
);
switch!(
    Server REFUSE_FOR,
    "refuse-clear-for",
    Setting,
    &["nobody", "this-account"],
    &[],
    "Single users without clear text",
    "Refuses clear-text passwords outside TLS to one user although others may use them (RFC 2595 section 2.3). PLAIN is refused by the name in its message; other mechanisms that show the password are refused to everybody then.";
    "Are there single users whose password it takes inside TLS only?",
    &["No", "Yes, the one of this account"]
);
switch!(
    Server MECHANISMS,
    "mechanisms",
    Setting,
    &[
        "plain",
        "plain+cram-md5",
        "plain+scram-sha-256",
        "all",
        "plain+login",
        "plain+login+cram-md5",
        "gnu-sasl",
        "none",
    ],
    &[],
    "Mechanisms",
    "The SASL mechanisms that are offered; those that show the password only inside TLS.";
    "Which mechanisms does it list?",
    &[
        "PLAIN",
        "PLAIN and CRAM-MD5",
        "PLAIN and SCRAM-SHA-256",
        "All that the lab knows",
        "PLAIN and LOGIN",
        "PLAIN, LOGIN and CRAM-MD5",
        "All of GNU SASL",
        "None",
    ]
);
switch!(
    Server BEFORE_TLS,
    "mechanisms-before-tls",
    Setting,
    &["hiding", "none"],
    &[],
    "Mechanisms before TLS",
    "Whether mechanisms that do not show the password are open before TLS.";
    "Can one log in before TLS with a mechanism that hides the password, such as CRAM-MD5?",
    &["Yes", "No"]
);
switch!(
    Server GREETING,
    "greeting-capabilities",
    Setting,
    OFF_ON,
    &[],
    "Capabilities in the greeting",
    "Puts the capability list into the greeting as a response code.";
    "Does its greeting hold the capability list?",
    &["No", "Yes"]
);
switch!(
    Server SASL_IR,
    "sasl-ir",
    Setting,
    ON_OFF,
    &[],
    "Password with the command",
    "Lists SASL-IR: a client need not wait to be asked for its password (RFC 4959).";
    "Does it list SASL-IR?",
    &["Yes", "No"]
);
switch!(
    Server LOGIN_ANYWAY,
    "login-despite-logindisabled",
    Conduct,
    OFF_ON,
    &["A04", "B19", "S-9051-plaincfg"],
    "Takes LOGIN all the same",
    "Lists LOGINDISABLED and accepts LOGIN outside TLS.";
    "It lists LOGINDISABLED, and a client sends LOGIN all the same. Does it let the client in?",
    &["No", "Yes"]
);
switch!(
    Server PLAIN_LISTED,
    "plain-before-tls",
    Conduct,
    OFF_ON,
    &["B25", "S-4616"],
    "Lists PLAIN outside TLS",
    "Lists the PLAIN mechanism before TLS.";
    "Does it list PLAIN before TLS?",
    &["No", "Yes"]
);
switch!(
    Server PLAIN_TAKEN,
    "plain-accepted-in-clear",
    Conduct,
    OFF_ON,
    &["A04", "A21", "S-4616", "S-9051-plaincfg"],
    "Takes PLAIN outside TLS",
    "Accepts the PLAIN mechanism outside TLS.";
    "Does it accept PLAIN outside TLS?",
    &["No", "Yes"]
);
switch!(
    Server LATE_STARTTLS,
    "starttls-after-login",
    Conduct,
    OFF_ON,
    &["B15", "S-1939"],
    "STARTTLS after login",
    "Accepts STARTTLS in an authenticated session.";
    "Does it accept STARTTLS from a client that is logged in?",
    &["No", "Yes"]
);
switch!(
    Server TALKATIVE,
    "octets-after-ok",
    Conduct,
    OFF_ON,
    &["B14", "S-2449-order"],
    "Talks on after the OK",
    "Sends a line in the clear behind its positive answer to STARTTLS.";
    "Does it send anything between its OK to STARTTLS and the handshake?",
    &["No", "Yes"]
);
switch!(
    Server PREAUTH,
    "preauth",
    Conduct,
    OFF_ON,
    &["S-9051-preauth"],
    "PREAUTH outside TLS",
    "Greets with PREAUTH on a connection without TLS.";
    "Does it greet with PREAUTH on a connection without TLS?",
    &["No", "Yes"]
);
switch!(
    Server IGNORE_RESULT,
    "ignore-tls-result",
    Conduct,
    OFF_ON,
    &["A04", "A11", "A21", "B25", "S-4616", "S-9051-plaincfg"],
    "Does not check the result",
    "Accepts a password in the clear after a handshake that failed, against its own policy.";
    "After a handshake that failed, does it go on and take a password in the clear?",
    &["No", "Yes"]
);

switch!(
    Server KEEPS_BUFFER,
    "keeps-buffer",
    Conduct,
    OFF_ON,
    &["S-2244-tag", "S-2449-order", "S-3501-tag", "S-9051-buf"],
    "Keeps its buffer over TLS",
    "Carries out inside TLS what came in the clear behind STARTTLS.";
    "Does it carry out inside TLS a command that came in the clear behind STARTTLS?",
    &["No, it throws it away", "Yes"]
);
switch!(
    Server KEEPS_NAME,
    "keeps-name",
    Conduct,
    OFF_ON,
    &[],
    "Keeps the name over TLS",
    "Takes a password inside TLS for the name that USER gave before.";
    "USER was sent before TLS. Does it take a PASS inside TLS for that name?",
    &["No", "Yes"]
);
switch!(
    Server AUTHZID_UNCHECKED,
    "authzid-unchecked",
    Conduct,
    OFF_ON,
    &[],
    "Lets anybody act as anybody",
    "Does not look whether a user may act as the one that a PLAIN message names (RFC 4616 section 2).";
    "Does it let a user act for somebody else without looking whether that is permitted?",
    &["No", "Yes"]
);
switch!(
    Server LENIENT_PLAIN,
    "lenient-plain",
    Conduct,
    OFF_ON,
    &[],
    "Guesses at PLAIN messages",
    "Takes a PLAIN message that is not in its form, as if the last two fields were name and password.";
    "Does it take PLAIN messages that are not in their form?",
    &["No", "Yes"]
);
switch!(
    Server NAMES_TOLD,
    "names-told",
    Conduct,
    OFF_ON,
    &["S-1939-names", "S-9051-enum"],
    "Tells which names exist",
    "Answers a login with an unknown name in other words than one with a wrong password.";
    "Can one tell from its answer to a failed login whether the name exists?",
    &["No", "Yes"]
);
switch!(
    Server REFUSED_CHECKED,
    "refused-checked",
    Conduct,
    OFF_ON,
    &["S-8314-oracle"],
    "Checks what it refuses",
    "Looks at a password that it refuses outside TLS, and answers a right one in other words than a wrong one (RFC 8314 section 4.1).";
    "It refuses passwords outside TLS. Can one tell from its answer whether the password was right?",
    &["No", "Yes"]
);
switch!(
    Server NO_LIMIT,
    "no-login-limit",
    Conduct,
    OFF_ON,
    &["S-9051-spray"],
    "Takes any number of guesses",
    "Lets somebody try name after name and password after password instead of closing the connection.";
    "Does it take any number of failed logins on one connection?",
    &["No", "Yes"]
);
switch!(
    Server NO_GREETING,
    "no-second-greeting",
    Conduct,
    OFF_ON,
    &["A18"],
    "Does not greet again",
    "Says nothing inside TLS until it is asked, although its greeting is due there (RFC 2595 section 5.1).";
    "Does it send its greeting again inside TLS?",
    &["Yes", "No"]
);

/// A protocol's list: its own switches before, between and behind those that every server has. Their order is the one
/// in which they are shown.
macro_rules! and_those_of_every_server {
    ([$($before:expr),* $(,)?] [$($between:expr),*] [$($behind:expr),* $(,)?]) => {
        &[
            $(&$before,)*
            &KEEPS_BUFFER,
            &AUTHZID_UNCHECKED,
            &LENIENT_PLAIN,
            &NAMES_TOLD,
            &REFUSED_CHECKED,
            &NO_LIMIT,
            $(&$between,)*
            &CERTIFICATES,
            &SUITES,
            &REFUSE_FOR,
            &WEAK_TLS,
            &NEEDLESS_REQUEST,
            &GOES_ON_IN_CLEAR,
            &NO_CLOSE_ALERT,
            &slips::CONTRADICTS,
            &slips::ARGUMENT_TAKEN,
            &slips::LISTED_INSIDE,
            &slips::SERVES_ANYBODY,
            &slips::PLAIN_HANDLING,
            &slips::SECOND_LOGIN,
            &slips::CLOSES_IN_EXCHANGE,
            &slips::NAME_IN_CAPITALS,
            $(&$behind,)*
        ]
    };
}

/// What can be set on an IMAP server.
pub static IMAP_SWITCHES: &[&Switch] = and_those_of_every_server![
    [
        LOGINDISABLED,
        STARTTLS,
        GREETING,
        SASL_IR,
        MECHANISMS,
        BEFORE_TLS,
        LOGIN_ANYWAY,
        PLAIN_LISTED,
        PLAIN_TAKEN,
        LATE_STARTTLS,
        TALKATIVE,
        PREAUTH,
        IGNORE_RESULT,
        imap::ID,
        imap::NAMESPACE,
        imap::IMAP4REV2,
        imap::LOGIN_CODE,
        imap::PUSH,
        imap::ALERT,
        imap::LOGIN_REFERRAL,
        imap::MAILBOX_REFERRAL,
        imap::COMPRESS,
        imap::NEW_MAIL,
        imap::UNAUTHENTICATE,
        imap::UNAUTH_NO,
        imap::UNAUTH_EXPUNGES,
        imap::UNAUTH_SERVES,
        imap::UNAUTH_ENDS_TLS,
        imap::UNAUTH_BYE,
        imap::FRONT,
        imap::ACTS_FOR_OTHERS,
        imap::KEEPS_LOGIN,
        imap::KEEPS_MAILBOX,
        imap::KEEPS_GROUPS,
        imap::KEEPS_CONDSTORE,
        imap::KEEPS_ENABLED,
        imap::KEEPS_SEARCH,
        imap::KEEPS_LANGUAGE,
        imap::KEEPS_CONTEXTS,
        imap::KEEPS_NOTIFY,
        imap::KEEPS_COMPRESSION,
        imap::KEEPS_USER_DATA,
    ]
    []
    [
        slips::CANCEL_ANSWER,
        SERVICE_NAMES,
        ANY_APPLICATION,
        slips::GREETS_FIRST,
        imap::LITERALS,
        imap::BOTH_LITERALS,
        imap::UTF8_ONLY,
        imap::REFERS_FAILED,
        imap::TLS_ANSWERED_NO,
        imap::UNAUTH_STAYS,
        imap::UNAUTH_ANSWER,
    ]
];

/// What can be set on a POP3 server.
pub static POP3_SWITCHES: &[&Switch] = and_those_of_every_server![
    [
        CLEAR_TEXT,
        STARTTLS,
        MECHANISMS,
        BEFORE_TLS,
        pop3::APOP,
        pop3::MAILDROP,
        pop3::PASSWORDS_TAKEN,
        pop3::NO_CAPA,
        PLAIN_LISTED,
        PLAIN_TAKEN,
        LATE_STARTTLS,
        TALKATIVE,
        IGNORE_RESULT,
    ]
    [KEEPS_NAME]
    [
        slips::CANCEL_ANSWER,
        SERVICE_NAMES,
        ANY_APPLICATION,
        slips::GREETS_FIRST,
        pop3::NO_STATUS,
        pop3::PASS_ALONE,
    ]
];

/// What can be set on an ACAP server.
pub static ACAP_SWITCHES: &[&Switch] = and_those_of_every_server![
    [
        CLEAR_TEXT,
        STARTTLS,
        MECHANISMS,
        acap::TRANSITION,
        acap::REFERS,
        acap::SAYS,
        PLAIN_LISTED,
        PLAIN_TAKEN,
        LATE_STARTTLS,
        TALKATIVE,
        IGNORE_RESULT,
    ]
    [NO_GREETING]
    [
        acap::GREETS_OTHERWISE,
        acap::ITEM_ARGUMENT,
    ]
];
