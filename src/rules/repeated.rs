//! Sessions that stand as examples beside more than one rule.

use super::examples::Sample::{self, Session};

/// A command of IMAP and its answer.
pub(super) const CAPABILITY_ANSWERED: Sample = Session(
    "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
     C: a CAPABILITY
     S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
     S: a OK done",
);

/// A common name that fits is not enough, and the user is asked.
pub(super) const COMMON_NAME_REFUSED: Sample = Session(
    "C: a STARTTLS
     S: a OK go
     ==TLS UP NAME REFUSED COMMON==",
);

/// A common name that fits is taken although the certificate has alternative names.
pub(super) const COMMON_NAME_TAKEN: Sample = Session(
    "C: a STARTTLS
     S: a OK go
     ==TLS UP NAME CHECKED COMMON==",
);

/// A name that fits is refused.
pub(super) const FITTING_NAME_REFUSED: Sample = Session(
    "C: a STARTTLS
     S: a OK go
     ==TLS UP NAME REFUSED==",
);

/// LOGIN inside TLS.
pub(super) const LOGIN_INSIDE: Sample = Session(
    "==TLS==
     S: * OK [CAPABILITY IMAP4rev1] ready
     C: a LOGIN ana s3cret
     S: a OK welcome",
);

/// A command of POP3 and its answer.
pub(super) const NOOP_ANSWERED: Sample = Session(
    "==POP3==
     S: +OK ready
     C: NOOP
     S: +OK",
);

/// PLAIN inside TLS.
pub(super) const PLAIN_INSIDE: Sample = Session(
    "==TLS==
     S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
     C: a AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
     S: a OK welcome",
);

/// PLAIN with a NUL in the password.
pub(super) const PLAIN_WITH_THIRD_NUL: Sample = Session(
    "==TLS==
     S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
     C: a AUTHENTICATE PLAIN AHRpbQB0YW5zdGFhZgB0YW5zdGFhZg==
     S: a NO wrong",
);

/// UNAUTHENTICATE as it should be.
pub(super) const RESET: Sample = Session(
    "==TLS==
     S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
     C: a UNAUTHENTICATE
     S: a OK done",
);

/// UNAUTHENTICATE and the next user's login.
pub(super) const RESET_THEN_LOGIN: Sample = Session(
    "==TLS==
     S: * PREAUTH [CAPABILITY IMAP4rev1 UNAUTHENTICATE] ready
     C: a UNAUTHENTICATE
     S: a OK done
     C: b LOGIN bob s3cret
     S: b OK welcome",
);

/// A star that does not cover the name is not enough, and the user is asked.
pub(super) const STAR_REFUSED: Sample = Session(
    "C: a STARTTLS
     S: a OK go
     ==TLS UP NAME REFUSED STAR==",
);

/// A star covers what it does not.
pub(super) const STAR_TAKEN: Sample = Session(
    "C: a STARTTLS
     S: a OK go
     ==TLS UP NAME CHECKED STAR==",
);

/// STAT before a login, refused.
pub(super) const STAT_REFUSED: Sample = Session(
    "==POP3==
     ==TLS==
     S: +OK ready
     C: STAT
     S: -ERR log in first",
);

/// STAT before a login, granted.
pub(super) const STAT_SERVED_TO_NOBODY: Sample = Session(
    "==POP3==
     ==TLS==
     S: +OK ready
     C: STAT
     S: +OK 1 120",
);

/// STLS is listed and refused.
pub(super) const STLS_LISTED_AND_REFUSED: Sample = Session(
    "==POP3==
     S: +OK ready
     C: CAPA
     S: +OK
     S: STLS
     S: .
     C: STLS
     S: -ERR not here",
);

/// STLS as it should be.
pub(super) const STLS_LISTED_AND_TAKEN: Sample = Session(
    "==POP3==
     S: +OK ready
     C: CAPA
     S: +OK
     S: STLS
     S: .
     C: STLS
     S: +OK go
     ==TLS==
     C: CAPA
     S: +OK
     S: USER
     S: .",
);

/// TLS by STARTTLS, and asked again.
pub(super) const UPGRADE: Sample = Session(
    "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
     C: a STARTTLS
     S: a OK go
     ==TLS==
     C: b CAPABILITY
     S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
     S: b OK done",
);

/// TLS by STARTTLS, asked again, and PLAIN inside.
pub(super) const UPGRADE_THEN_PLAIN: Sample = Session(
    "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
     C: a STARTTLS
     S: a OK go
     ==TLS==
     C: b CAPABILITY
     S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
     S: b OK done
     C: c AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=
     S: c OK welcome",
);

/// USER and PASS inside TLS.
pub(super) const USER_THEN_PASS: Sample = Session(
    "==POP3==
     ==TLS==
     S: +OK ready
     C: USER ana
     S: +OK
     C: PASS s3cret
     S: +OK welcome",
);
