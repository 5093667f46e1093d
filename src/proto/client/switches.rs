//! What can be set on a client, and what it can do wrong.

use crate::base::{OFF_ON, Switch, switch};
use crate::proto::pop3::switches as pop3;

switch!(
    Client TLS,
    "tls",
    Setting,
    &["opportunistic", "required"],
    &[],
    "TLS policy",
    "Whether it logs in all the same when the server offers no TLS (RFC 2595 section 2.2 permits both).";
    "What does it do when the server offers no STARTTLS?",
    &["It goes on and logs in without TLS", "It stops: TLS is required"]
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
    &["if-listed", "never"],
    &[],
    "Password with the command",
    "Whether the first message of a mechanism goes out at once instead of waiting to be asked for, where the protocol permits it (RFC 4959, RFC 5034).";
    "Does it send the first message of AUTHENTICATE together with the command where that is allowed?",
    &["Yes", "No, it waits to be asked"]
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
    &["A13", "A14"],
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
    &["A02", "A04", "A11", "A12", "A21", "S-4616", "S-8314-minconf"],
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
    &["A02", "A04", "A11", "B15", "S-8314-minconf"],
    "STARTTLS after login",
    "Logs in first and asks for TLS afterwards.";
    "Does it log in first and ask for TLS afterwards?",
    &["No", "Yes"]
);

switch!(
    Client PORT,
    "port",
    Setting,
    &["upgrade", "tls-first", "either"],
    &[],
    "Port",
    "The port with STARTTLS, the one where TLS comes first (RFC 8314 section 3), or whichever works, TLS first, as programs do that set up an account by themselves."
);
switch!(
    Client FIND,
    "find",
    Setting,
    &["configured", "srv"],
    &[],
    "How it finds its server",
    "By the host that the user configured, or by looking up where the mail domain has the service (RFC 6186)."
);
switch!(
    Client NAME_RULES,
    "name-rules",
    Setting,
    &["rfc7817", "rfc2595", "rfc9525"],
    &[],
    "Names are compared by",
    "The document whose rules it compares the names in a certificate by."
);
switch!(
    Client BAD_CERTIFICATE,
    "bad-certificate",
    Setting,
    &["refuse", "ask"],
    &[],
    "About a bad certificate",
    "Whether it stops or asks its user (RFC 2595 section 2.4 permits both)."
);
switch!(
    Client USER,
    "user",
    Setting,
    &["declines", "agrees"],
    &[],
    "The user, when asked",
    "What the person in front of it answers when it is in doubt."
);
switch!(
    Client CERTIFICATE,
    "client-certificate",
    Setting,
    &["none", "this-account"],
    &[],
    "Certificate of the user",
    "Whether the user has a certificate for this account, which is shown to a server that asks for it."
);
switch!(
    Client SESSIONS,
    "sessions",
    Setting,
    &["1", "2"],
    &[],
    "Sessions",
    "How often it comes back: what it keeps of the first time shows the second time."
);
switch!(
    Client NO_NAME_CHECK,
    "no-name-check",
    Conduct,
    OFF_ON,
    &[],
    "Does not compare names",
    "Takes a certificate whatever host it names."
);
switch!(
    Client PREFIX_MATCH,
    "prefix-match",
    Conduct,
    OFF_ON,
    &[],
    "Compares the beginning of names",
    "Takes a certificate in which a name begins with that of the host."
);
switch!(
    Client ANY_STAR,
    "star-matches-anything",
    Conduct,
    OFF_ON,
    &[],
    "A star stands for anything",
    "Lets a star in a certificate's name stand anywhere and for any number of labels."
);
switch!(
    Client COMMON_NAME,
    "common-name-fallback",
    Conduct,
    OFF_ON,
    &[],
    "The common name counts",
    "Takes the subject's common name although the certificate has names of type dNSName."
);
switch!(
    Client NO_PATH_CHECK,
    "no-path-check",
    Conduct,
    OFF_ON,
    &[],
    "Does not check the issuer",
    "Takes a certificate that nobody trusted has issued."
);
switch!(
    Client NO_DATE_CHECK,
    "no-date-check",
    Conduct,
    OFF_ON,
    &[],
    "Does not check the dates",
    "Takes a certificate that has expired."
);
switch!(
    Client NO_REVOCATION_CHECK,
    "no-revocation-check",
    Conduct,
    OFF_ON,
    &[],
    "Does not ask for revocation",
    "Takes a certificate that its issuer has revoked."
);
switch!(
    Client TRUST_CNAME,
    "trust-cname",
    Conduct,
    OFF_ON,
    &[],
    "Believes an alias",
    "Compares the certificate with the name that an insecure look-up gives for its host."
);
switch!(
    Client TRUST_SRV,
    "trust-srv",
    Conduct,
    OFF_ON,
    &[],
    "Believes a service record",
    "Goes wherever an unsigned SRV record points and compares the certificate with the name in it."
);
switch!(
    Client PIN,
    "pin-silently",
    Conduct,
    OFF_ON,
    &[],
    "Keeps bad certificates",
    "Takes a certificate that fails its checks the first time and keeps it, without a question."
);
switch!(
    Client CLEAR_AFTER_CERTIFICATE,
    "clear-after-bad-certificate",
    Conduct,
    OFF_ON,
    &[],
    "Offers to do without TLS",
    "Answers a bad certificate by offering its user a session without TLS, who accepts."
);
switch!(
    Client WEAK_TLS,
    "weak-tls",
    Conduct,
    OFF_ON,
    &[],
    "Old versions and weak suites",
    "Takes TLS 1.0 and 1.1 and suites that do not encrypt, do not authenticate or are broken."
);
switch!(
    Client VERSION_FALLBACK,
    "version-fallback",
    Conduct,
    OFF_ON,
    &[],
    "Tries older versions",
    "Connects again with an older version of TLS when a handshake fails."
);
switch!(
    Client CERTIFICATE_TO_ANYBODY,
    "certificate-to-anybody",
    Conduct,
    OFF_ON,
    &[],
    "Shows its certificate to anybody",
    "Shows a certificate of its user to every server that asks, whatever account it belongs to."
);
switch!(
    Client PASSWORD_AFTER_EXTERNAL,
    "password-after-external",
    Conduct,
    OFF_ON,
    &[],
    "Password when the certificate fails",
    "Logs in by password when the login by certificate that it was told to use is not to be had."
);
switch!(
    Client CLEAR_GREETING,
    "accepts-clear-greeting",
    Conduct,
    OFF_ON,
    &[],
    "Takes a greeting without TLS",
    "Goes on with a server that greets in the clear on the port where TLS comes first."
);
switch!(
    Client GOES_ON_IN_CLEAR,
    "goes-on-after-tls",
    Conduct,
    OFF_ON,
    &[],
    "Goes on after the end of TLS",
    "Goes on in the clear on the same connection when the layer ends."
);
switch!(
    Client TAKES_INCOMPLETE,
    "takes-incomplete",
    Conduct,
    OFF_ON,
    &[],
    "Takes what is cut off for complete",
    "Keeps a message as complete although the connection broke in the middle of it."
);
switch!(
    Client NO_CLOSE_ALERT,
    "no-close-alert",
    Conduct,
    OFF_ON,
    &[],
    "Closes without a close alert",
    "Closes the connection without ending TLS first, so that an end looks like an interruption."
);

/// What can be set on an IMAP client.
pub static IMAP_SWITCHES: &[&Switch] = &[
    &TLS,
    &AUTH,
    &INITIAL,
    &RETRY,
    &NO_WARNING,
    &IGNORE_LOGINDISABLED,
    &IGNORE_RESULT,
    &ACCEPT_PREAUTH,
    &COMMAND_BEFORE_TLS,
    &EMPTY_LINE,
    &KEEP_CAPABILITIES,
    &NO_CAPABILITY,
    &PLAIN_IN_CLEAR,
    &LATE_STARTTLS,
    &PORT,
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
    &WEAK_TLS,
    &VERSION_FALLBACK,
    &CERTIFICATE_TO_ANYBODY,
    &PASSWORD_AFTER_EXTERNAL,
    &CLEAR_GREETING,
    &GOES_ON_IN_CLEAR,
    &TAKES_INCOMPLETE,
    &NO_CLOSE_ALERT,
];

/// What can be set on a POP3 client.
pub static POP3_SWITCHES: &[&Switch] = &[
    &TLS,
    &pop3::AUTH,
    &INITIAL,
    &RETRY,
    &pop3::PIPELINING,
    &pop3::SESSION,
    &NO_WARNING,
    &IGNORE_RESULT,
    &COMMAND_BEFORE_TLS,
    &EMPTY_LINE,
    &KEEP_CAPABILITIES,
    &NO_CAPABILITY,
    &PLAIN_IN_CLEAR,
    &LATE_STARTTLS,
    &PORT,
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
    &WEAK_TLS,
    &VERSION_FALLBACK,
    &CERTIFICATE_TO_ANYBODY,
    &PASSWORD_AFTER_EXTERNAL,
    &CLEAR_GREETING,
    &GOES_ON_IN_CLEAR,
    &TAKES_INCOMPLETE,
    &NO_CLOSE_ALERT,
];

/// What can be set on an ACAP client.
pub static ACAP_SWITCHES: &[&Switch] = &[
    &TLS,
    &AUTH,
    &INITIAL,
    &RETRY,
    &NO_WARNING,
    &IGNORE_RESULT,
    &COMMAND_BEFORE_TLS,
    &EMPTY_LINE,
    &KEEP_CAPABILITIES,
    &PLAIN_IN_CLEAR,
    &LATE_STARTTLS,
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
    &WEAK_TLS,
    &VERSION_FALLBACK,
    &CERTIFICATE_TO_ANYBODY,
    &PASSWORD_AFTER_EXTERNAL,
    &GOES_ON_IN_CLEAR,
    &TAKES_INCOMPLETE,
    &NO_CLOSE_ALERT,
];
