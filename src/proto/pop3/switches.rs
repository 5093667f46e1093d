//! What can be set on a POP3 client or server and on no other.

use crate::base::{OFF_ON, switch};

switch!(
    Client AUTH,
    "auth",
    Setting,
    &["auto", "login", "apop", "plain", "auth-login", "cram-md5", "scram-sha-256", "external", "oauthbearer", "xoauth2"],
    &[],
    "Way to log in",
    "USER and PASS, APOP, one mechanism of AUTH, or the best of what the server lists. APOP, CRAM-MD5 and SCRAM-SHA-256 do not show the password to a reader.";
    "How does it log in?",
    &["With the best that the server lists", "Always with USER and PASS", "Always with APOP", "Always with PLAIN", "Always with the LOGIN mechanism", "Always with CRAM-MD5", "Always with SCRAM-SHA-256", "With its certificate (EXTERNAL)", "With a token (OAUTHBEARER)", "With a token (XOAUTH2)"]
);
switch!(
    Client PIPELINING,
    "pipelining",
    Setting,
    OFF_ON,
    &[],
    "Several commands at once",
    "Sends the commands after the login in one segment where the server lists PIPELINING (RFC 2449 section 6.6).";
    "Does it send several commands at once where the server lists PIPELINING?",
    &["No", "Yes"]
);
switch!(
    Client SESSION,
    "session",
    Setting,
    &["read", "tour"],
    &[],
    "What it does when logged in",
    "Reads the first message, or gives every command of the TRANSACTION state once and leaves the maildrop as it was.";
    "What does it do when it is logged in?",
    &["It reads a message", "It tries every command"]
);
switch!(
    Server APOP,
    "apop",
    Setting,
    &["on", "off", "unprepared"],
    &[],
    "Takes APOP",
    "Greets with a timestamp, which says that APOP is taken (RFC 1939 section 7); or greets so and refuses it, because it has no passwords to compare with.";
    "Does its greeting hold a timestamp in angle brackets, and does it take APOP?",
    &["Yes", "No", "It has the timestamp but lets nobody in by APOP"]
);
switch!(
    Server MAILDROP,
    "maildrop",
    Setting,
    &["ready", "in-use", "login-delay", "sys-temp", "sys-perm"],
    &[],
    "State of the maildrop",
    "What a right password meets: the mail, or a refusal with the response code of that name (RFC 2449 section 8.1, RFC 3206).";
    "What happens to a login with the right password?",
    &["It gets the mail", "The mailbox is in use", "It came too soon after the last one", "The server has a problem for now", "The server has a lasting problem"]
);
switch!(
    Server PASSWORDS_TAKEN,
    "passwords-accepted-in-clear",
    Conduct,
    OFF_ON,
    &["A04"],
    "Takes USER and PASS all the same",
    "Lists no USER outside TLS and takes it there, with the password behind it, against its own policy.";
    "It wants no passwords outside TLS. Does it take USER and PASS there all the same?",
    &["No", "Yes"]
);
switch!(
    Server NO_CAPA,
    "no-capa",
    Conduct,
    OFF_ON,
    &["A17"],
    "Has STLS but no CAPA",
    "Answers CAPA with -ERR although it takes STLS (RFC 2595 section 4).";
    "Does it know the command CAPA?",
    &["Yes", "No"]
);
switch!(
    Server NO_STATUS,
    "answers-without-status",
    Conduct,
    OFF_ON,
    &["S-1939-status"],
    "Answers without a status",
    "Answers NOOP with a word that is neither +OK nor -ERR (RFC 1939 section 3).";
    "Do all of its answers begin with +OK or -ERR?",
    &["Yes", "No, not the one to NOOP"]
);
switch!(
    Server PASS_ALONE,
    "pass-without-user",
    Conduct,
    OFF_ON,
    &[],
    "Takes PASS without USER",
    "Takes PASS without a name before it, for the one user that it has (RFC 1939 section 7).";
    "Does it take a password when no USER came before it?",
    &["No", "Yes"]
);
