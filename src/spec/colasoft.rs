//! The Colasoft page on IMAPS: an abridged copy of RFC 2595 in lower case, without force of its own.

use super::Document::ColasoftPage;
use super::Requirement;
use super::words::*;

const COPY: &str = "A copy without force: RFC 2595 and its successors count.";

/// The rows.
pub static ROWS: &[Requirement] = &[
    row(
        ("COL01", ColasoftPage, "cipher suite"),
        I,
        XH,
        &[states(CS, "The suite with triple DES has to be there.")],
        by(&["A01"]),
        "The page leaves out that all others are free; RFC 9325 advises against this one.",
    ),
    row(
        ("COL02", ColasoftPage, "privacy mode"),
        I,
        X,
        &[states(CS, "There should be a private mode.")],
        by(&["A02", "B02", "B03"]),
        "The page says that it is about POP3.",
    ),
    row(
        ("COL03", ColasoftPage, "privacy mode"),
        I,
        X,
        &[states(
            CS,
            "TLS may be used where it is offered, and a server should have a mode for old clients.",
        )],
        by(&["A03"]),
        COPY,
    ),
    row(
        ("COL04", ColasoftPage, "clear-text passwords"),
        I,
        X,
        &[states(CS, "Logins that show the password can be refused, for the server and for single users.")],
        by(&["A04", "A05", "B05"]),
        COPY,
    ),
    row(
        ("COL05", ColasoftPage, "server identity"),
        I,
        H,
        &[states(
            C,
            "The server's name is compared with its certificate by five rules, and a misfit has consequences.",
        )],
        by(&["A06", "A07", "A08", "A09", "A10", "B06", "B08", "B09", "B10"]),
        "A host in its example is misspelt.",
    ),
    row(
        ("COL06", ColasoftPage, "security check"),
        I,
        TH,
        &[states(CS, "What came of STARTTLS has to be looked at.")],
        by(&["A11"]),
        COPY,
    ),
    row(
        ("COL07", ColasoftPage, "STARTTLS"),
        I,
        T,
        &[states(C, "Nothing is sent between STARTTLS and the end of the handshake.")],
        by(&["A12"]),
        COPY,
    ),
    row(
        ("COL08", ColasoftPage, "STARTTLS"),
        I,
        T,
        &[states(CS, "STARTTLS belongs to the state before the login, which lasts beyond it.")],
        by(&["B15", "B16"]),
        "The page writes EXTERNAL in lower case.",
    ),
    row(
        ("COL09", ColasoftPage, "STARTTLS"),
        I,
        TB,
        &[states(C, "What was known is dropped, and capabilities are asked for again.")],
        by(&["A13", "A14"]),
        COPY,
    ),
    row(
        ("COL10", ColasoftPage, "LOGINDISABLED"),
        I,
        TX,
        &[states(CS, "LOGINDISABLED can be listed, LOGIN is refused then, and no client sends it.")],
        by(&["A15", "A16", "B19"]),
        COPY,
    ),
    row(
        ("COL11", ColasoftPage, "LOGINDISABLED"),
        I,
        NOTHING,
        &[states(CS, "LOGINDISABLED is of no use against somebody who changes what is sent.")],
        never(
            "It teaches, as B36 does; the page leaves out that clients need their private mode all the same.",
        ),
        COPY,
    ),
    row(
        ("COL12", ColasoftPage, "title"),
        I,
        T,
        &[states(CS, "IMAPS is port 993.")],
        by(&["S-8314-implicit"]),
        "Under this title the page describes STARTTLS, which port 993 does not speak.",
    ),
    row(
        ("COL13", ColasoftPage, "end"),
        I,
        NOTHING,
        &[states(CS, "A mechanism is called by a name that is PLAIN with a letter missing.")],
        never("A typing error; the sections behind it are missing from the page."),
        COPY,
    ),
    row(
        ("COL14", ColasoftPage, "STARTTLS"),
        I,
        T,
        &[states(CS, "STARTTLS is listed, takes no argument, and the handshake follows its answer at once.")],
        by(&["B12", "B13", "B14", "B15"]),
        COPY,
    ),
    row(
        ("COL15", ColasoftPage, "LOGINDISABLED"),
        I,
        NOTHING,
        &[states(
            CS,
            "LOGINDISABLED shuts out old clients and does not stop them from sending the password.",
        )],
        never("It teaches, as B41 does."),
        COPY,
    ),
    row(
        ("COL16", ColasoftPage, "glossary"),
        I,
        H,
        &[states(CS, "TLS is said to guarantee privacy, and SSL 3.0 to be nearly the same.")],
        by(&["S-9325-ver"]),
        "Both versions that it names are forbidden today, and nothing is said about looking at the result.",
    ),
];
