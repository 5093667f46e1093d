//! What can be chosen and done wrong about TLS, certificates and the way to the server, on the client's side.

use crate::base::{OFF_ON, switch};

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
    &["A06", "S-8314-certval", "S-8314-indicator"],
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
    &["S-7817-path", "S-8314-certval", "S-8314-indicator"],
    "Does not check the issuer",
    "Takes a certificate that nobody trusted has issued."
);
switch!(
    Client NO_DATE_CHECK,
    "no-date-check",
    Conduct,
    OFF_ON,
    &["S-7817-path", "S-8314-certval"],
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
switch!(
    Client SUITES,
    "suites",
    Setting,
    &["today", "rfc2595"],
    &[],
    "Suites",
    "The suites that today's documents leave, or the one alone that RFC 2595 section 2.1 demands of everybody."
);
