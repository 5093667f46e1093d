//! What can be set on an IMAP server beyond what all servers share.

use crate::base::{OFF_ON, switch};

switch!(
    Server IMAP4REV2,
    "imap4rev2",
    Setting,
    OFF_ON,
    &[],
    "IMAP4rev2",
    "Lists IMAP4rev2 too; a client that enables it gets names in UTF-8, ESEARCH and no RECENT (RFC 9051).";
    "Does it list IMAP4rev2?",
    &["No", "Yes"]
);
switch!(
    Server ID,
    "id-command",
    Setting,
    &["answered", "refused"],
    &[],
    "ID before the login",
    "Answers ID in every state, or lists it and refuses it before the login (RFC 2971).";
    "Does it take the command ID before the login?",
    &["Yes", "No, although it lists it"]
);
switch!(
    Server NAMESPACE,
    "namespace",
    Setting,
    &["on", "off"],
    &[],
    "NAMESPACE",
    "Lists NAMESPACE (RFC 2342).";
    "Does it list NAMESPACE?",
    &["Yes", "No"]
);
switch!(
    Server UNAUTHENTICATE,
    "unauthenticate",
    Setting,
    OFF_ON,
    &[],
    "UNAUTHENTICATE",
    "Lists and takes UNAUTHENTICATE, which gives the connection to the next user (RFC 8437 and its draft).";
    "Does it list UNAUTHENTICATE?",
    &["No", "Yes"]
);
switch!(
    Server FRONT,
    "front",
    Setting,
    &["none", "passes-on", "handles"],
    &[],
    "A proxy in front",
    "Whether clients talk to a proxy, which looks at logins, and another machine keeps the mail; and whether that proxy passes UNAUTHENTICATE on like everything behind the login, or handles it and looks at the next login too (RFC 8437 section 7).";
    "Do clients talk to a proxy that looks at who logs in?",
    &["No", "Yes, and behind the login it passes everything on", "Yes, and it looks at each login, also behind UNAUTHENTICATE"]
);
switch!(
    Server COMPRESS,
    "compress",
    Setting,
    OFF_ON,
    &[],
    "Compression",
    "Lists COMPRESS=DEFLATE. The layer is modelled: that it is on is a fact, the octets stay readable (RFC 4978).";
    "Does it list COMPRESS=DEFLATE?",
    &["No", "Yes"]
);
switch!(
    Server LOGIN_CODE,
    "login-capabilities",
    Setting,
    &["off", "on", "untagged"],
    &[],
    "Capabilities with the login",
    "Puts the new capability list into its positive answer to a login (RFC 9051 section 7.1), or into a response of its own before that answer.";
    "Does it tell its capabilities anew when somebody logged in?",
    &["No", "Yes, in square brackets in its answer", "Yes, in a line of its own"]
);
switch!(
    Server PUSH,
    "push-capabilities",
    Setting,
    OFF_ON,
    &[],
    "Capabilities unasked",
    "Sends its capability list right after the handshake, before it is asked.";
    "Does it send its capability list right after the handshake, unasked?",
    &["No", "Yes"]
);
switch!(
    Server ALERT,
    "alert",
    Setting,
    OFF_ON,
    &[],
    "An alert at login",
    "Has something to say that a user must read: a response code ALERT after the login (RFC 9051 section 7.1).";
    "Does it send an alert for the user with the login?",
    &["No", "Yes"]
);
switch!(
    Server LOGIN_REFERRAL,
    "login-referral",
    Setting,
    &["off", "with-login", "instead"],
    &[],
    "Login referral",
    "Names another server for this user's mail, together with the login or instead of it (RFC 2221).";
    "Does it send users to another server when they log in?",
    &["No", "Yes, and lets them in", "Yes, instead of letting them in"]
);
switch!(
    Server MAILBOX_REFERRAL,
    "mailbox-referral",
    Setting,
    OFF_ON,
    &[],
    "Mailbox referral",
    "Keeps the mailbox Elsewhere on another server and says so to whoever selects it (RFC 2193).";
    "Are some of its mailboxes on another server?",
    &["No", "Yes"]
);
switch!(
    Server NEW_MAIL,
    "new-mail",
    Setting,
    OFF_ON,
    &[],
    "New mail",
    "Mail arrives while the session lasts: one message with every NOOP, every IDLE and every change of users.";
    "Does mail arrive while the session lasts?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_LOGIN,
    "unauthenticate-keeps-login",
    Conduct,
    OFF_ON,
    &["B16", "S-3501-state", "UNA03", "UNA04"],
    "Keeps the login",
    "Serves mailboxes behind UNAUTHENTICATE although nobody has logged in again.";
    "Behind UNAUTHENTICATE, does it serve mailboxes before somebody has logged in again?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_MAILBOX,
    "unauthenticate-keeps-mailbox",
    Conduct,
    OFF_ON,
    &["UNA03", "UNA05"],
    "Keeps the mailbox selected",
    "Leaves the mailbox of the user before selected for the next one.";
    "Behind UNAUTHENTICATE, is the mailbox still selected for the next user?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_GROUPS,
    "unauthenticate-keeps-groups",
    Conduct,
    OFF_ON,
    &["UNA03"],
    "Keeps the groups",
    "Goes on judging access by the groups of the user before.";
    "Behind UNAUTHENTICATE, does the next user have the rights of the last user's groups?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_CONDSTORE,
    "unauthenticate-keeps-condstore",
    Conduct,
    OFF_ON,
    &["UNA03", "UNA13"],
    "Keeps CONDSTORE on",
    "Sends mod-sequences to the next user's client, which never asked for them.";
    "Behind UNAUTHENTICATE, does it send MODSEQ although the next user's client did not ask for it?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_ENABLED,
    "unauthenticate-keeps-enabled",
    Conduct,
    OFF_ON,
    &["UNA03", "UNA15"],
    "Keeps what was enabled",
    "Answers the next user's client in the form of extensions that the one before enabled.";
    "Behind UNAUTHENTICATE, does what ENABLE switched on stay on?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_SEARCH,
    "unauthenticate-keeps-search",
    Conduct,
    OFF_ON,
    &["UNA03", "UNA16"],
    "Keeps the saved search",
    "Leaves what the user before had found in the variable $.";
    "Behind UNAUTHENTICATE, does $ still stand for what the last user found?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_LANGUAGE,
    "unauthenticate-keeps-language",
    Conduct,
    OFF_ON,
    &["UNA03"],
    "Keeps the language",
    "Goes on speaking the language that the user before had asked for.";
    "Behind UNAUTHENTICATE, does it go on in the language that the last user chose?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_CONTEXTS,
    "unauthenticate-keeps-contexts",
    Conduct,
    OFF_ON,
    &["UNA03", "UNA19"],
    "Keeps searches up to date",
    "Goes on reporting what joins the searches of the user before.";
    "Behind UNAUTHENTICATE, does it still report what joins the last user's searches?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_NOTIFY,
    "unauthenticate-keeps-notify",
    Conduct,
    OFF_ON,
    &["UNA03", "UNA19"],
    "Keeps notifying",
    "Goes on reporting news of the mailboxes of the user before.";
    "Behind UNAUTHENTICATE, does it still report news that the last user asked for by NOTIFY?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_COMPRESSION,
    "unauthenticate-keeps-compression",
    Conduct,
    OFF_ON,
    &["UNA03"],
    "Keeps compressing",
    "Leaves the compression layer on behind UNAUTHENTICATE.";
    "Behind UNAUTHENTICATE, does it go on compressing?",
    &["No", "Yes"]
);
switch!(
    Server KEEPS_USER_DATA,
    "unauthenticate-keeps-user-data",
    Conduct,
    OFF_ON,
    &["UNA03"],
    "Keeps whose flags it shows",
    "Shows the next user which messages the one before has seen.";
    "Behind UNAUTHENTICATE, does it show the next user which messages the last user has read?",
    &["No", "Yes"]
);
switch!(
    Server UNAUTH_NO,
    "unauthenticate-answers-no",
    Conduct,
    OFF_ON,
    &["UNA09"],
    "Refuses the reset",
    "Answers NO to UNAUTHENTICATE, and stays the user before's.";
    "Does it sometimes answer NO to UNAUTHENTICATE?",
    &["No", "Yes"]
);
switch!(
    Server UNAUTH_EXPUNGES,
    "unauthenticate-expunges",
    Conduct,
    OFF_ON,
    &["UNA05"],
    "Expunges at the reset",
    "Removes deleted messages when it leaves the mailbox and reports it.";
    "Does UNAUTHENTICATE remove messages that are marked as deleted?",
    &["No", "Yes"]
);
switch!(
    Server UNAUTH_SERVES,
    "unauthenticate-serves-waiting",
    Conduct,
    OFF_ON,
    &[],
    "Serves what waits behind a refused reset",
    "When it refuses UNAUTHENTICATE, it takes the commands that came together with it for those of the user before. Without this fault it refuses them.";
    "It refuses UNAUTHENTICATE, and the next user's commands came together with it. Does it carry them out for the user before?",
    &["No, it refuses them", "Yes"]
);
switch!(
    Server UNAUTH_ENDS_TLS,
    "unauthenticate-ends-tls",
    Conduct,
    OFF_ON,
    &["B02", "UNA03"],
    "Ends TLS with the reset",
    "Ends the TLS layer behind the answer to UNAUTHENTICATE and goes on in the clear, although TLS is the one thing that stays.";
    "Does TLS end with UNAUTHENTICATE?",
    &["No", "Yes, it goes on in the clear"]
);
switch!(
    Server UNAUTH_BYE,
    "unauthenticate-closes",
    Setting,
    OFF_ON,
    &[],
    "Closes instead of the reset",
    "Cannot forget its user and says BYE to UNAUTHENTICATE, which is the one way to refuse it (RFC 8437 section 3).";
    "Does it close the connection when it gets UNAUTHENTICATE?",
    &["No, it forgets its user", "Yes, with BYE"]
);
switch!(
    Server ACTS_FOR_OTHERS,
    "acts-for-others",
    Setting,
    OFF_ON,
    &[],
    "The account is a gateway's",
    "Who logs in as the account's user may act for everybody else on the server, as a gateway does (RFC 4616 section 2, RFC 8437 section 4.2).";
    "May the account's user act for other users, as a gateway does?",
    &["No", "Yes"]
);
switch!(
    Server LITERALS,
    "literals",
    Setting,
    &["plus", "minus", "none"],
    &[],
    "Literals that wait for nobody",
    "Whether it lists LITERAL+, LITERAL-, which permits short ones, or neither (RFC 7888).";
    "Which literals does it let clients send without waiting?",
    &["All (LITERAL+)", "Short ones (LITERAL-)", "None"]
);
switch!(
    Server BOTH_LITERALS,
    "lists-both-literals",
    Conduct,
    OFF_ON,
    &["S-7888-both"],
    "Lists LITERAL+ and LITERAL-",
    "Lists both, of which the one permits what the other does not (RFC 7888 section 6).";
    "Does it list both LITERAL+ and LITERAL-?",
    &["No", "Yes"]
);
switch!(
    Server UTF8_ONLY,
    "utf8-only",
    Setting,
    OFF_ON,
    &[],
    "Serves UTF-8 only",
    "Lists UTF8=ONLY: mailboxes are open to clients that have enabled UTF8=ACCEPT and to no others (RFC 6855 section 6).";
    "Does it list UTF8=ONLY?",
    &["No", "Yes"]
);
switch!(
    Server REFERS_FAILED,
    "refers-failed-login",
    Conduct,
    OFF_ON,
    &["S-2221-limit"],
    "Refers a failed login",
    "Says that a login failed and sends the client to another server with the same answer (RFC 2221 section 4).";
    "A login fails because the password is wrong. Does it send the client to another server?",
    &["No", "Yes"]
);
switch!(
    Server TLS_ANSWERED_NO,
    "starttls-inside-answered-no",
    Conduct,
    OFF_ON,
    &[],
    "NO to STARTTLS inside TLS",
    "Answers STARTTLS inside TLS with NO instead of BAD (RFC 9051 section 6.2.1).";
    "What does it answer to STARTTLS inside TLS?",
    &["BAD", "NO"]
);
switch!(
    Server UNAUTH_STAYS,
    "unauthenticate-stays",
    Conduct,
    OFF_ON,
    &["UNA02", "UNA25"],
    "Cannot switch UNAUTHENTICATE off",
    "Carries UNAUTHENTICATE out although its operator switched it off, and only stops listing it.";
    "Its operator switched UNAUTHENTICATE off. Does it carry the command out all the same?",
    &["No", "Yes"]
);
switch!(
    Server UNAUTH_ANSWER,
    "unauthenticate-answer",
    Conduct,
    &["off", "unknown", "before-login", "no-new-login"],
    &["B27", "UNA01", "UNA02", "UNA07"],
    "Odd answers about UNAUTHENTICATE",
    "Lists UNAUTHENTICATE and does not know it, takes it from somebody who has not logged in, or takes no login behind it.";
    "What does it do about UNAUTHENTICATE that it should not?",
    &["Nothing", "It lists it and does not know it", "It takes it before a login", "It takes no login behind it"]
);
