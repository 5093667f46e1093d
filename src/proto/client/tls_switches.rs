//! What can be chosen and done wrong about TLS, certificates and the way to the server, on the client's side.

use crate::base::{OFF_ON, switch};

switch!(
    Client PORT,
    "port",
    Setting,
    &["upgrade", "tls-first", "either"],
    &[],
    "Port",
    "The port with STARTTLS, the one where TLS comes first (RFC 8314 section 3), or whichever works, TLS first, as programs do that set up an account by themselves.";
    "Which port does it use?",
    &["The one with STARTTLS", "The one where TLS comes first (993, 995)", "Whichever works, TLS first"]
);
switch!(
    Client FIND,
    "find",
    Setting,
    &["configured", "srv", "autoconfig"],
    &[],
    "How it finds its server",
    "By the host that the user configured, by looking up where the mail domain has the service (RFC 6186), or by a document of settings that it fetches over HTTP.";
    "How does it find its server?",
    &["By the host that its user gave", "By looking up the mail domain (SRV records)", "By settings that it fetches over HTTP"]
);
switch!(
    Client NAME_RULES,
    "name-rules",
    Setting,
    &["rfc7817", "rfc2595", "rfc9525"],
    &[],
    "Names are compared by",
    "The document whose rules it compares the names in a certificate by.";
    "By which document does it compare the names in a certificate?",
    &["RFC 7817", "RFC 2595", "RFC 9525"]
);
switch!(
    Client BAD_CERTIFICATE,
    "bad-certificate",
    Setting,
    &["refuse", "ask"],
    &[],
    "About a bad certificate",
    "Whether it stops or asks its user (RFC 2595 section 2.4 permits both).";
    "What does it do about a certificate that fails its checks?",
    &["It stops", "It asks its user"]
);
switch!(
    Client USER,
    "user",
    Setting,
    &["declines", "agrees"],
    &[],
    "The user, when asked",
    "What the person in front of it answers when it is in doubt.";
    "What does its user answer, when asked?",
    &["No", "Yes, go on"]
);
switch!(
    Client CERTIFICATE,
    "client-certificate",
    Setting,
    &["none", "this-account"],
    &[],
    "Certificate of the user",
    "Whether the user has a certificate for this account, which is shown to a server that asks for it.";
    "Does its user have a certificate?",
    &["No", "Yes, for this account"]
);
switch!(
    Client SESSIONS,
    "sessions",
    Setting,
    &["1", "2"],
    &[],
    "Sessions",
    "How often it comes back: what it keeps of the first time shows the second time.";
    "How many sessions are to be looked at?",
    &["One", "Two, one after the other"]
);
switch!(
    Client APPLICATION,
    "application-protocol",
    Setting,
    &["named", "unnamed"],
    &[],
    "Protocol named in the handshake",
    "Whether its hello names the protocol that it wants to speak, by ALPN, so that a server of another protocol can refuse it (RFC 7301).";
    "Does it name its protocol in the TLS handshake (ALPN)?",
    &["Yes", "No"]
);
switch!(
    Client NO_NAME_CHECK,
    "no-name-check",
    Conduct,
    OFF_ON,
    &["A06", "A10", "S-8314-certval", "S-8314-indicator", "S-8314-minconf"],
    "Does not compare names",
    "Takes a certificate whatever host it names.";
    "Does it compare the host's name with those in the certificate?",
    &["Yes", "No"]
);
switch!(
    Client PREFIX_MATCH,
    "prefix-match",
    Conduct,
    OFF_ON,
    &["A06", "A10", "B06", "S-8314-minconf", "S-9525"],
    "Compares the beginning of names",
    "Takes a certificate in which a name begins with that of the host.";
    "Is it enough for it that a name in the certificate begins with that of the host?",
    &["No", "Yes"]
);
switch!(
    Client ANY_STAR,
    "star-matches-anything",
    Conduct,
    OFF_ON,
    &["A06", "A10", "B06", "B09", "S-7817-wild", "S-8314-minconf", "S-9525"],
    "A star stands for anything",
    "Lets a star in a certificate's name stand anywhere and for any number of labels.";
    "Does a star in a certificate's name stand for anything, wherever it is?",
    &["No", "Yes"]
);
switch!(
    Client COMMON_NAME,
    "common-name-fallback",
    Conduct,
    OFF_ON,
    &["A06", "A10", "B06", "S-8314-minconf", "S-9525"],
    "The common name counts",
    "Takes the subject's common name although the certificate has names of type dNSName.";
    "Does it look at the common name of a certificate that has other names?",
    &["No", "Yes"]
);
switch!(
    Client ANY_SERVICE,
    "any-service-name",
    Conduct,
    OFF_ON,
    &["S-7817-srv"],
    "A name for any service counts",
    "Looks its mail domain up by a service and takes a certificate that names another service of that domain.";
    "It finds its server by an SRV record. Does it take a certificate that names another service of the same domain?",
    &["No", "Yes"]
);
switch!(
    Client NO_PATH_CHECK,
    "no-path-check",
    Conduct,
    OFF_ON,
    &["S-7817-path", "S-8314-certval", "S-8314-indicator", "S-8314-minconf"],
    "Does not check the issuer",
    "Takes a certificate that nobody trusted has issued.";
    "Does it check who issued the certificate?",
    &["Yes", "No"]
);
switch!(
    Client NO_DATE_CHECK,
    "no-date-check",
    Conduct,
    OFF_ON,
    &["S-7817-path", "S-8314-certval", "S-8314-minconf"],
    "Does not check the dates",
    "Takes a certificate that has expired.";
    "Does it check the dates of the certificate?",
    &["Yes", "No"]
);
switch!(
    Client NO_REVOCATION_CHECK,
    "no-revocation-check",
    Conduct,
    OFF_ON,
    &["S-9325-revoked"],
    "Does not ask for revocation",
    "Takes a certificate that its issuer has revoked.";
    "Does it check whether the certificate was revoked?",
    &["Yes", "No"]
);
switch!(
    Client TRUST_CNAME,
    "trust-cname",
    Conduct,
    OFF_ON,
    &["A07", "A08", "S-7817-ref", "S-8314-minconf"],
    "Believes an alias",
    "Compares the certificate with the name that an insecure look-up gives for its host.";
    "The name of its host is an alias in an unsigned look-up. Does it compare the certificate with what the alias stands for?",
    &["No", "Yes"]
);
switch!(
    Client TRUST_SRV,
    "trust-srv",
    Conduct,
    OFF_ON,
    &["A07", "A08", "S-7817-ref", "S-8314-minconf"],
    "Believes a service record",
    "Goes wherever an unsigned SRV record points, or settings that came without TLS, and compares the certificate with the name in it.";
    "Does it go wherever an unsigned service record, or settings fetched over HTTP, point?",
    &["No", "Yes"]
);
switch!(
    Client PIN,
    "pin-silently",
    Conduct,
    OFF_ON,
    &["S-8314-certval", "S-8314-indicator", "S-8314-minconf"],
    "Keeps bad certificates",
    "Takes a certificate that fails its checks the first time and keeps it, without a question.";
    "Does it keep a certificate that failed its checks, without asking?",
    &["No", "Yes"]
);
switch!(
    Client CLEAR_AFTER_CERTIFICATE,
    "clear-after-bad-certificate",
    Conduct,
    OFF_ON,
    &["A02", "A04", "A21", "S-4616", "S-6186-must", "S-8314-minconf", "S-9051-login"],
    "Offers to do without TLS",
    "Answers a bad certificate by offering its user a session without TLS, who accepts.";
    "Does it offer to do without TLS when a certificate fails its checks?",
    &["No", "Yes"]
);
switch!(
    Client WEAK_TLS,
    "weak-tls",
    Conduct,
    OFF_ON,
    &["B35", "S-9325-cipher", "S-9325-fs"],
    "Old versions and weak suites",
    "Takes TLS 1.0 and 1.1 and suites that do not encrypt, do not authenticate or are broken.";
    "Does it take TLS 1.0 and 1.1 and broken suites?",
    &["No", "Yes"]
);
switch!(
    Client VERSION_FALLBACK,
    "version-fallback",
    Conduct,
    OFF_ON,
    &["S-8314-indicator", "S-8314-minconf", "S-8997-tls12", "S-9051-tls", "S-9325-ver"],
    "Tries older versions",
    "Connects again with an older version of TLS when a handshake fails.";
    "Does it try again with an older version of TLS when a handshake fails?",
    &["No", "Yes"]
);
switch!(
    Client CERTIFICATE_TO_ANYBODY,
    "certificate-to-anybody",
    Conduct,
    OFF_ON,
    &[],
    "Shows its certificate to anybody",
    "Shows a certificate of its user to every server that asks, whatever account it belongs to.";
    "Does it show its user's certificate to every server that asks?",
    &["No", "Yes"]
);
switch!(
    Client PASSWORD_AFTER_EXTERNAL,
    "password-after-external",
    Conduct,
    OFF_ON,
    &["P3S03"],
    "Password when the certificate fails",
    "Logs in by password when the login by certificate that it was told to use is not to be had.";
    "The login by certificate fails. Does it log in by password?",
    &["No", "Yes"]
);
switch!(
    Client NO_HANDSHAKE,
    "breaks-at-handshake",
    Setting,
    OFF_ON,
    &[],
    "Cannot begin TLS",
    "Asks for TLS and breaks down when the server agrees, as a library does whose TLS was never tried.";
    "The server agrees to begin TLS. Does it break down then?",
    &["No", "Yes"]
);
switch!(
    Client CLEAR_GREETING,
    "accepts-clear-greeting",
    Conduct,
    OFF_ON,
    &["A02", "S-6186-must", "S-8314-minconf"],
    "Takes a greeting without TLS",
    "Goes on with a server that greets in the clear on the port where TLS comes first.";
    "On the port where TLS comes first the server greets in the clear. Does it go on?",
    &["No", "Yes"]
);
switch!(
    Client GOES_ON_IN_CLEAR,
    "goes-on-after-tls",
    Conduct,
    OFF_ON,
    &["A02", "B02", "S-8314-minconf"],
    "Goes on after the end of TLS",
    "Goes on in the clear on the same connection when the layer ends.";
    "TLS ends and the connection stays. Does it go on in the clear?",
    &["No", "Yes"]
);
switch!(
    Client TAKES_INCOMPLETE,
    "takes-incomplete",
    Conduct,
    OFF_ON,
    &["S-4422-trunc"],
    "Takes what is cut off for complete",
    "Keeps a message as complete although the connection broke in the middle of it.";
    "Does it keep a message as complete although the connection broke in the middle?",
    &["No", "Yes"]
);
switch!(
    Client NO_CLOSE_ALERT,
    "no-close-alert",
    Conduct,
    OFF_ON,
    &["S-8314-close"],
    "Closes without a close alert",
    "Closes the connection without ending TLS first, so that an end looks like an interruption.";
    "Does it end TLS properly before it closes the connection?",
    &["Yes", "No"]
);
switch!(
    Client SUITES,
    "suites",
    Setting,
    &["today", "rfc2595"],
    &[],
    "Suites",
    "The suites that today's documents leave, or the one alone that everybody once had to have (RFC 2595 section 2.1).";
    "Which TLS suites does it offer?",
    &["Those that are good today", "Only the one that RFC 2595 asked for"]
);
