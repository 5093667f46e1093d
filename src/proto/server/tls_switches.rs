//! What can be chosen and done wrong about TLS, certificates and the way to the server, on the server's side.

use crate::base::{OFF_ON, switch};

switch!(
    Server CERTIFICATES,
    "client-certificates",
    Setting,
    &["ignored", "accepted"],
    &[],
    "Client certificates",
    "Whether it asks clients for a certificate and lets them log in by it with EXTERNAL (RFC 8314 section 4.2).";
    "Can users log in with a certificate?",
    &["No", "Yes, with EXTERNAL"]
);
switch!(
    Server SERVICE_NAMES,
    "service-names",
    Setting,
    &["all", "own"],
    &[],
    "Services in the certificate",
    "Which services of its mail domain the certificate names by SRVName: all that the operator has, or the one on this port alone (RFC 4985).";
    "Does its certificate name all services of the mail domain, or only this one?",
    &["All", "Only this one"]
);
switch!(
    Server ANY_APPLICATION,
    "any-application-protocol",
    Conduct,
    OFF_ON,
    &["S-9325-alpn"],
    "Takes clients of other protocols",
    "Makes nothing of the protocol that a client names in the handshake (ALPN), and goes on with one that wants another.";
    "A client names another protocol in the TLS handshake (ALPN). Does it go on?",
    &["No", "Yes"]
);
switch!(
    Server WEAK_TLS,
    "weak-tls",
    Conduct,
    &["off", "on", "preferred", "rc4-only"],
    &["S-8997-tls12", "S-9051-tls", "S-9325-cipher", "S-9325-fs", "S-9325-ver"],
    "Old versions and weak suites",
    "Takes TLS 1.0 and 1.1 and suites that do not encrypt, do not authenticate or are broken; likes them best, or has nothing but RC4.";
    "Does it take old TLS versions and weak suites?",
    &["No", "Yes", "Yes, it even prefers them", "It takes RC4 only"]
);
switch!(
    Server NEEDLESS_REQUEST,
    "needless-certificate-request",
    Conduct,
    OFF_ON,
    &["S-8314-clientcert"],
    "Asks for certificates it has no use for",
    "Asks every client for a certificate without being set up to log anybody in by it.";
    "Does it ask clients for a certificate that it then makes no use of?",
    &["No", "Yes"]
);
switch!(
    Server GOES_ON_IN_CLEAR,
    "goes-on-after-tls",
    Conduct,
    &["off", "on", "ends-it"],
    &["B02", "S-1939", "S-2244-state", "S-2244-tag", "S-2449-order", "S-3501-state", "S-3501-tag", "S-4422-trunc", "S-8314-noauth-state", "UNA02"],
    "Goes on after the end of TLS",
    "Goes on in the clear on the same connection when the layer ends, or even ends it itself right after the login.";
    "TLS ends and the connection is still open. Does it go on without TLS?",
    &["No, it closes the connection", "Yes", "Yes, and it ends TLS itself after the login"]
);
switch!(
    Server NO_CLOSE_ALERT,
    "no-close-alert",
    Conduct,
    OFF_ON,
    &["S-8314-close"],
    "Closes without a close alert",
    "Closes the connection without ending TLS first, so that an end looks like an interruption.";
    "How does it close a connection inside TLS?",
    &["With a close alert", "It just closes the connection"]
);
switch!(
    Server SUITES,
    "suites",
    Setting,
    &["today", "rfc2595"],
    &[],
    "Suites",
    "The suites that today's documents leave, or the one alone that everybody once had to have (RFC 2595 section 2.1).";
    "Which TLS suites does it take?",
    &["Those that are good today", "Only the one that RFC 2595 asked for"]
);
