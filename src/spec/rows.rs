//! The rows, by id within each document.

use super::{Clause, Document, Judge, Keyword, Requirement};
use crate::base::Side::{self, Client, Server};
use Keyword::{Must, MustNot, Should, ShouldNot, Statement};

const C: &[Side] = &[Client];
const S: &[Side] = &[Server];
const BOTH: &[Side] = &[Client, Server];

const fn clause(keyword: Keyword, sides: &'static [Side], says: &'static str) -> Clause {
    Clause { keyword, sides, says }
}

/// Every requirement.
pub static ALL: &[Requirement] = &[
    Requirement {
        id: "A02",
        document: Document::Rfc2595,
        section: "2.2",
        clauses: &[clause(
            Should,
            BOTH,
            "There is a mode that takes no login before encryption is on, and that ends the connection when encryption ends.",
        )],
        judge: Judge::Probe,
        later: "RFC 8314 section 5.2 makes it the default for clients; RFC 9325 section 3.2 asks for a strict policy.",
    },
    Requirement {
        id: "A04",
        document: Document::Rfc2595,
        section: "2.3",
        clauses: &[clause(
            Must,
            BOTH,
            "It can be set to refuse every login that shows the password, standard or not, while no adequate encryption is on.",
        )],
        judge: Judge::Probe,
        later: "Taken up by RFC 9051 sections 6.2.2 and 11.7, RFC 5034 and RFC 8314 section 4.1.",
    },
    Requirement {
        id: "A11",
        document: Document::Rfc2595,
        section: "2.5",
        clauses: &[clause(
            Must,
            BOTH,
            "Each side looks at what came of STARTTLS and of the handshake before it relies on either.",
        )],
        judge: Judge::Handshake,
        later: "Repeated in RFC 9051 section 11.1.",
    },
    Requirement {
        id: "A12",
        document: Document::Rfc2595,
        section: "3.1, 4, 5.1",
        clauses: &[clause(
            MustNot,
            C,
            "After STARTTLS no command until the answer has come and the handshake is complete.",
        )],
        judge: Judge::Transcript,
        later: "Repeated in RFC 9051 section 6.2.1.",
    },
    Requirement {
        id: "A13",
        document: Document::Rfc2595,
        section: "3.1, 4, 5.1, 9",
        clauses: &[clause(
            Must,
            C,
            "What was learned of the server's capabilities before TLS is dropped when TLS starts.",
        )],
        judge: Judge::BothSides,
        later: "Repeated in RFC 9051 section 6.2.1.",
    },
    Requirement {
        id: "A14",
        document: Document::Rfc2595,
        section: "3.1, 4",
        clauses: &[clause(Should, C, "Capabilities are asked for once more inside TLS.")],
        judge: Judge::Transcript,
        later: "Repeated in RFC 9051 section 6.2.1; a list that the server pushes inside TLS does as well.",
    },
    Requirement {
        id: "A16",
        document: Document::Rfc2595,
        section: "3.2",
        clauses: &[clause(
            MustNot,
            C,
            "No LOGIN command once the newest capability list contains LOGINDISABLED.",
        )],
        judge: Judge::Transcript,
        later: "Repeated in RFC 9051 section 6.2.3.",
    },
    Requirement {
        id: "A19",
        document: Document::Rfc2595,
        section: "9",
        clauses: &[clause(
            Should,
            C,
            "The user is warned when the session is not private, or the client declines to go on.",
        )],
        judge: Judge::BothSides,
        later: "RFC 8314 sections 5, 5.1 and 5.2 go further; RFC 9051 does not repeat it.",
    },
    Requirement {
        id: "A21",
        document: Document::Rfc2595,
        section: "6, 9",
        clauses: &[clause(
            MustNot,
            BOTH,
            "PLAIN is not used without a strong encryption layer, unless old peers leave no choice.",
        )],
        judge: Judge::Transcript,
        later: "RFC 4616 section 5 says SHOULD NOT; RFC 9051 section 6.2.2 and RFC 5034 ask for a configuration without it.",
    },
    Requirement {
        id: "B14",
        document: Document::Rfc2595,
        section: "3.1, 4, 5.1",
        clauses: &[clause(
            Statement,
            BOTH,
            "The handshake starts with the octet behind the line ending of the positive answer.",
        )],
        judge: Judge::Transcript,
        later: "Repeated in RFC 9051 section 6.2.1, which has the server treat surplus octets as part of the handshake or throw them away.",
    },
    Requirement {
        id: "B15",
        document: Document::Rfc2595,
        section: "3.1, 4, 5.1",
        clauses: &[clause(Statement, BOTH, "STARTTLS has its place before the login only.")],
        judge: Judge::Transcript,
        later: "Repeated in RFC 9051 section 6.2.1. In POP3 a command in the wrong state gets -ERR by a MUST of RFC 1939 section 3.",
    },
    Requirement {
        id: "B19",
        document: Document::Rfc2595,
        section: "3.2",
        clauses: &[clause(Statement, S, "A server that lists LOGINDISABLED answers every LOGIN with NO.")],
        judge: Judge::Transcript,
        later: "RFC 9051 section 6.2.3 repeats it; its section 7.2.2 adds that the credentials are not looked at.",
    },
    Requirement {
        id: "B25",
        document: Document::Rfc2595,
        section: "6, 9",
        clauses: &[clause(
            MustNot,
            S,
            "PLAIN is not listed without a strong encryption layer, unless old peers leave no choice.",
        )],
        judge: Judge::Transcript,
        later: "RFC 4616 section 5 says SHOULD NOT; RFC 9051 section 11.7 and RFC 5034 ask for a configuration without it.",
    },
    Requirement {
        id: "S-4616",
        document: Document::Rfc4616,
        section: "2, 5",
        clauses: &[
            clause(
                Must,
                C,
                "A PLAIN message is strict UTF-8 with two NULs, a name and a password, and no NUL inside a field.",
            ),
            clause(
                ShouldNot,
                BOTH,
                "PLAIN is neither listed nor used by default where nothing protects the connection.",
            ),
        ],
        judge: Judge::Transcript,
        later: "In force. It replaces the PLAIN of RFC 2595 section 6 and softens its MUST NOT.",
    },
    Requirement {
        id: "S-8314-minconf",
        document: Document::Rfc8314,
        section: "5.2",
        clauses: &[clause(
            MustNot,
            C,
            "Until the connection has the confidentiality that the account asks for, nothing but finding out capabilities and asking for TLS.",
        )],
        judge: Judge::Handshake,
        later: "In force; RFC 8997 raises the TLS version that counts to 1.2.",
    },
    Requirement {
        id: "S-9051-plaincfg",
        document: Document::Rfc9051,
        section: "6.2.2, 11.7",
        clauses: &[
            clause(Must, S, "There is a configuration that takes no password which the wire shows."),
            clause(ShouldNot, S, "No site runs a configuration that takes such a password outside TLS."),
        ],
        judge: Judge::Probe,
        later: "In force; RFC 8314 section 4.1 tells how to get there.",
    },
    Requirement {
        id: "S-9051-preauth",
        document: Document::Rfc9051,
        section: "7.1.4",
        clauses: &[
            clause(Must, C, "A client that needs TLS closes the connection when PREAUTH comes outside TLS."),
            clause(Should, S, "PREAUTH is sent on protected connections only."),
        ],
        judge: Judge::Transcript,
        later: "In force. RFC 2595 and RFC 3501 say nothing about it.",
    },
];
