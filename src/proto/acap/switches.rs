//! What can be set on an ACAP client or server and on no other.

use crate::base::{OFF_ON, switch};

switch!(
    Client UPGRADE,
    "upgrade",
    Setting,
    &["at-once", "when-needed"],
    &[],
    "When it asks for TLS",
    "As soon as TLS is offered, or only when its password is wanted: until then a mechanism that does not show the password does without.";
    "When does it ask for TLS?",
    &["As soon as it is offered", "Only when it has to send its password"]
);
switch!(
    Client MOVES,
    "transition",
    Setting,
    &["inside-tls", "never"],
    &[],
    "Transition to another mechanism",
    "Whether it gives its password once, inside TLS, to a server that says that its account needs it (RFC 2595 section 6).";
    "Inside TLS the server says that the account needs the password once. Does the client send it?",
    &["Yes", "No"]
);
switch!(
    Client SESSION,
    "session",
    Setting,
    &["read", "tour"],
    &[],
    "What it does when logged in",
    "Reads its address book, or gives every command that there is once and leaves the address book as it was.";
    "What does it do once it is logged in?",
    &["It reads its address book", "It tries every command once"]
);
switch!(
    Server TRANSITION,
    "transition",
    Setting,
    OFF_ON,
    &[],
    "Accounts in transition",
    "Has no credentials for CRAM-MD5 until it got the password once by PLAIN, and says so with TRANSITION-NEEDED (RFC 2244 section 3.6).";
    "Does it need a user's password once before CRAM-MD5 works?",
    &["No", "Yes, and it says so"]
);
switch!(
    Server REFERS,
    "refers",
    Setting,
    &["no", "instead", "as-well"],
    &[],
    "Data on another server",
    "Keeps the address book on another server and says so to whoever searches it, instead of an answer or together with one (RFC 2244 section 6.4.1).";
    "Is some of what its users look for on another server?",
    &["No", "Yes, all of it", "Yes, some of it"]
);
switch!(
    Server SAYS,
    "says",
    Setting,
    &["nothing", "alert", "bye"],
    &[],
    "Word to its users",
    "Tells everybody who logs in something by ALERT, or greets with BYE and takes nobody in.";
    "Does it have a message for everybody?",
    &["No", "Yes, an alert with the login", "Yes, a goodbye: it lets nobody in"]
);
switch!(
    Server GREETS_OTHERWISE,
    "greets-otherwise",
    Conduct,
    OFF_ON,
    &["A18", "S-2244-greeting"],
    "Greets in another protocol's words",
    "Begins with a line that is no greeting of ACAP (RFC 2244 section 2.6.1).";
    "Does it begin with the greeting of ACAP?",
    &["Yes", "No"]
);
switch!(
    Server ITEM_ARGUMENT,
    "starttls-item-with-argument",
    Conduct,
    OFF_ON,
    &["B23"],
    "STARTTLS in the greeting with an argument",
    "Puts a word behind STARTTLS in its greeting, which takes none (RFC 2595 section 5).";
    "In its greeting, does a word stand behind STARTTLS?",
    &["No", "Yes"]
);
