//! Inputs of every kind: RFC excerpts, hand-made ones, other protocols, and what is no transcript at all.

use starttls_lab::base::{Layer, Side};
use starttls_lab::facts::Facts;
use starttls_lab::import::{self, Confidence, ImportError, Session, Why};
use starttls_lab::trace::Class;

fn one(input: &str, format: &str) -> Session {
    let mut imported =
        import::read(input.as_bytes(), None).unwrap_or_else(|error| panic!("{error}\n{input}"));
    assert_eq!(imported.format.id, format, "\n{input}");
    assert_eq!(imported.batch.sessions.len(), 1, "\n{input}");
    imported.batch.sessions.remove(0)
}

fn client(session: &Session) -> String {
    String::from_utf8_lossy(session.trace.tape(starttls_lab::base::Hop::Client, Side::Client)).into_owned()
}

fn server(session: &Session) -> String {
    String::from_utf8_lossy(session.trace.tape(starttls_lab::base::Hop::Client, Side::Server)).into_owned()
}

fn names(session: &Session) -> Vec<String> {
    session.trace.leg(Side::Client).commands().map(|(_, c)| c.name.to_string()).collect()
}

#[test]
fn the_example_of_rfc_2595_section_3_1() {
    let session = one(
        "   Example:    C: a001 CAPABILITY
               S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
               S: a001 OK CAPABILITY completed
               C: a002 STARTTLS
               S: a002 OK Begin TLS negotiation now
               <TLS negotiation, further commands are under TLS layer>
               C: a003 CAPABILITY
               S: * CAPABILITY IMAP4rev1 AUTH=EXTERNAL
               S: a003 OK CAPABILITY completed
               C: a004 LOGIN joe password
               S: a004 OK LOGIN completed
",
        "transcript",
    );
    assert!(session.unparsed.is_empty(), "{:?}", session.unparsed);
    assert_eq!(session.trace.leg(Side::Client).of(Class::Malformed).count(), 0);
    let facts = Facts::of(&session.trace, Side::Client);
    assert_eq!(facts.commands_in_clear, Some(vec!["CAPABILITY".into(), "STARTTLS".into()]));
    assert_eq!(facts.capability_reissued_after_tls, Some(true));
    assert_eq!((facts.tls, facts.tls_established), (Some("starttls"), Some(true)));
    assert_eq!((facts.authenticated, facts.credential_in_clear), (Some(true), Some(false)));
    assert_eq!((facts.early_bytes_from_client, facts.early_bytes_from_server), (Some(0), Some(0)));
}

#[test]
fn wrapped_lines_are_one_line_and_know_all_their_places() {
    let session = one(
        "S:   * OK [CAPABILITY IMAP4rev1 STARTTLS
          LOGINDISABLED] Example.COM
          server ready
     C:   a001 AUTHENTICATE GSSAPI
     S:   +
     C:   YIIB+wYJKoZIhvcSAQICAQBuggHqMIIB5qADAgEFoQMCAQ6iBw
          MFACAAAACjggEmYYIBIjCCAR6gAwIBBaESGxB1Lndhc2hpbmdA
     S:   a001 NO not today
     <TLS negotiation, further commands are under
      [TLS] layer>
     C:   a002 NOOP
",
        "transcript",
    );
    assert!(session.unparsed.is_empty(), "{:?}", session.unparsed);
    assert_eq!(session.trace.leg(Side::Client).of(Class::Malformed).count(), 0);
    assert!(
        server(&session).starts_with(
            "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Example.COM server ready\r\n+\r\n"
        )
    );
    assert!(client(&session).contains("6iBwMFACAAAA"));
    let greeting = session.trace.leg(Side::Client).of(Class::Greeting).next().unwrap();
    assert_eq!(greeting.places, (1, 3));
    let facts = Facts::of(&session.trace, Side::Client);
    assert_eq!(facts.logindisabled_advertised, Some(true));
    let noop = session.trace.leg(Side::Client).commands().last().unwrap().0;
    assert_eq!((noop.places, noop.layer), ((11, 11), Layer::Tls));
}

#[test]
fn prose_around_a_session_is_kept_and_left_alone() {
    let session = one(
        "3.1. STARTTLS Command

   Arguments:  none

   Once the client credentials are negotiated, see below.

   Example:    C: a001 STARTTLS
               S: a001 NO not now

   The server MUST send nothing more.
",
        "transcript",
    );
    let kept: Vec<_> = session.unparsed.iter().map(|unparsed| (unparsed.line, unparsed.why)).collect();
    assert_eq!(kept, [(1, Why::NoMark), (3, Why::NoMark), (5, Why::NoMark), (10, Why::NoMark)]);
    assert_eq!(names(&session), ["STARTTLS"]);
}

#[test]
fn an_excerpt_with_several_protocols_gives_what_is_covered_and_names_the_rest() {
    let input = "C: a001 STARTTLS\nS: a001 OK go\n\nand for ACAP\n\nS: * ACAP (STARTTLS)\nC: a002 STARTTLS\n\n\
                 and for POP3\n\nC: STLS\nS: +OK\n\nand for SMTP\n\nC: EHLO x\nS: 250 STARTTLS\n";
    let imported = import::read(input.as_bytes(), None).unwrap();
    let sessions: Vec<_> =
        imported.batch.sessions.iter().map(|s| (s.trace.protocol().id(), names(s).join(" "))).collect();
    let named = |protocol, name: &str| (protocol, name.to_owned());
    assert_eq!(sessions, [named("imap", "STARTTLS"), named("acap", "STARTTLS"), named("pop3", "STLS")]);
    assert_eq!(imported.batch.foreign[0].line, 16);
    assert_eq!(imported.batch.foreign[0].unparsed.len(), 2);
}

/// As they stand in the RFC, with its indentation.
const RFC_2595_4: &str = "   Examples:
        C: CAPA
        S: +OK
        S: STLS
        S: USER
        S: .
        C: STLS
        S: +OK Begin TLS negotiation
        <TLS negotiation, further commands are under TLS layer>
        C: CAPA
        S: +OK
        S: SASL PLAIN
        S: .
        C: AUTH PLAIN
        S: +
        C: AHRpbQB0YW5zdGFhZnRhbnN0YWFm
        S: +OK
";

const RFC_2595_6: &str = "      Example:    S: * ACAP (SASL \"CRAM-MD5\") (STARTTLS)
               C: a001 AUTHENTICATE \"CRAM-MD5\"
               S: + \"<1896.697170952@postoffice.reston.mci.net>\"
               C: \"tim b913a602c7eda7a495b4e6e7334d3890\"
               S: a001 NO (TRANSITION-NEEDED)
                  \"Please change your password, or use TLS to login\"
               C: a002 STARTTLS
               S: a002 OK \"Begin TLS negotiation now\"
               <TLS negotiation, further commands are under TLS layer>
               S: * ACAP (SASL \"CRAM-MD5\" \"PLAIN\" \"EXTERNAL\")
               C: a003 AUTHENTICATE \"PLAIN\" {21+}
               C: <NUL>tim<NUL>tanstaaftanstaaf
               S: a003 OK CRAM-MD5 password initialized
";

#[test]
fn the_examples_of_rfc_2595_sections_4_and_6() {
    for (input, protocol, clear) in [
        (RFC_2595_4, "pop3", &["CAPA", "STLS"][..]),
        (RFC_2595_6, "acap", &["AUTHENTICATE CRAM-MD5", "STARTTLS"]),
    ] {
        let session = one(input, "transcript");
        assert_eq!(session.trace.protocol().id(), protocol);
        // Without its label and marks: the wrapped line is two lines there.
        let bare: String = input
            .replace("Example:    ", "")
            .lines()
            .filter_map(|line| {
                let line = line.trim_start();
                (!line.starts_with("Examples")).then(|| line.trim_start_matches(['C', 'S']).to_owned())
            })
            .map(|line| line.strip_prefix(": ").map_or(line.clone(), str::to_owned) + "\n")
            .collect();
        let guessed = one(&bare.replace("NEEDED)\n", "NEEDED) "), "bare");
        for session in [session, guessed] {
            assert!(
                session.unparsed.iter().all(|u| u.text.ends_with(b"Examples:")),
                "{:?}",
                session.unparsed
            );
            assert_eq!(session.trace.leg(Side::Client).of(Class::Malformed).count(), 0);
            let facts = Facts::of(&session.trace, Side::Client);
            assert_eq!(facts.commands_in_clear.unwrap(), clear);
            assert_eq!((facts.tls, facts.tls_established), (Some("starttls"), Some(true)));
            assert_eq!((facts.authenticated, facts.credential_in_clear), (Some(true), Some(false)));
            assert_eq!(facts.starttls_advertised, Some(true));
            let shown: String = session.trace.events().iter().map(|e| session.trace.text(e)).collect();
            assert!(!shown.contains("tanstaaf") && !shown.contains("AHRpbQ"), "{shown}");
        }
    }
}

#[test]
fn literals_and_tags_mean_nothing_in_pop3() {
    let input = "+OK ready\nUSER tim {9}\n+OK {4}\nPASS a OK {3}\n+OK in\nRETR 1\n+OK {200}\na1 LOGIN x y\n\
                 * OK no greeting\n\n<TLS negotiation>\nQUIT\n..\n.\nQUIT\n+OK bye\n+OK ready again\nCAPA\n-ERR\n";
    let imported = import::read(input.as_bytes(), None).unwrap();
    let [first, second] = &imported.batch.sessions[..] else { panic!("{}", imported.batch.sessions.len()) };
    assert_eq!(names(first), ["USER", "PASS", "RETR", "QUIT"]);
    assert_eq!(names(second), ["CAPA"]);
    assert!(first.unparsed.is_empty() && second.unparsed.is_empty());
    assert_eq!(first.trace.leg(Side::Client).of(Class::Malformed).count(), 0);
    let facts = Facts::of(&first.trace, Side::Client);
    assert_eq!(
        (facts.authenticated, facts.credential_in_clear, facts.tls),
        (Some(true), Some(true), Some("none"))
    );
}

#[test]
fn bare_lines_of_acap() {
    let session = one(
        "* ACAP (SASL \"PLAIN\") (STARTTLS)\na1 AUTHENTICATE \"PLAIN\" {21}\n+ \"go\"\n\0tim\0tanstaaftanstaaf\n\
         a1 OK \"in\"\na2 SEARCH \"/addressbook/\" ALL\na2 ENTRY \"x\" {12}\na9 STARTTLS\na2 MODTIME \"2\"\n\
         a2 OK \"done\"\na3 FREECONTEXT \"x\"\na3 NO \"none\"\na4 LOGOUT\n* BYE \"x\"\na4 OK \"x\"\n",
        "bare",
    );
    assert_eq!(names(&session), ["AUTHENTICATE PLAIN", "SEARCH", "FREECONTEXT", "LOGOUT"]);
    assert!(session.unparsed.is_empty(), "{:?}", session.unparsed);
    assert_eq!(session.trace.leg(Side::Client).of(Class::Malformed).count(), 0);
    let again = "* ACAP (STARTTLS)\na LOGOUT\n* BYE \"x\"\na OK \"x\"\n".repeat(2);
    assert_eq!(import::read(again.as_bytes(), None).unwrap().batch.sessions.len(), 2);
}

#[test]
fn curl_shows_no_lines_of_a_listing() {
    let session = one(
        "*   Trying 192.0.2.1:110...\n< +OK ready\n> CAPA\n< +OK\n< USER {5}\n< .\n> USER tim\n< +OK\n> PASS x\n\
         < +OK\n> LIST\n< +OK listing\n> QUIT\n< +OK bye\n* Closing connection 0\n",
        "curl",
    );
    assert_eq!(names(&session), ["CAPA", "USER", "PASS", "LIST", "QUIT"]);
    assert_eq!(session.trace.leg(Side::Client).of(Class::Malformed).count(), 0);
    assert_eq!(session.trace.leg(Side::Client).answers().count(), 5);
}

#[test]
fn other_marks_are_understood() {
    for (c, s) in [("c: ", "s: "), ("C> ", "S> "), ("-> ", "<- "), ("--> ", "<-- "), ("Client: ", "Server: ")]
    {
        let input = format!("{s}* OK ready\n{c}x.1 LOGIN tim secret\n{s}x.1 OK done\n");
        assert_eq!(names(&one(&input, "transcript")), ["LOGIN"], "{input}");
    }
}

#[test]
fn folded_headers_in_a_literal_keep_their_blanks() {
    let session = one(
        "C: 1 FETCH 1 BODY[HEADER]\nS: * 1 FETCH (BODY[HEADER] {21}\nS: Subject: a\nS:  folded\nS: )\nS: 1 OK done\n",
        "transcript",
    );
    assert_eq!(session.trace.leg(Side::Client).of(Class::Malformed).count(), 0);
    assert!(server(&session).contains("Subject: a\r\n folded\r\n)"));
}

#[test]
fn bare_lines_of_many_tag_styles() {
    for tags in [
        ["A1", "A2", "A3"],
        ["1", "2", "3"],
        ["a0001", "a0002", "a0003"],
        ["OBAA1", "OBAA2", "OBAA3"],
        [".", ".", "."],
        ["x.1", "x.2", "x.3"],
        ["$", "$", "$"],
        ["abcd", "abce", "abcf"],
        ["tag-1", "tag-2", "tag-3"],
    ] {
        let [a, b, c] = tags;
        let input = format!(
            "* OK [CAPABILITY IMAP4rev1] ready\n{a} AUTHENTICATE PLAIN\n+ \nAHRpbQB0YW5zdGFhZnRhbnN0YWFm\n{a} OK done\n\
             {b} SELECT INBOX\n* 1 EXISTS\n{b} OK [READ-WRITE] done\n{c} FETCH 1 BODY[]\n* 1 FETCH (BODY[] {{18}}\n\
             {a} LOGIN x y\n\n)\n{c} OK done\n"
        );
        // The literal holds `LOGIN` as its text: 13 octets, with the longer tags more.
        let length = a.len() + " LOGIN x y\r\n\r\n".len();
        let input = input.replace("{18}", &format!("{{{length}}}"));
        let session = one(&input, "bare");
        assert!(session.guessed_direction && session.unparsed.is_empty(), "{input}{:?}", session.unparsed);
        assert_eq!(names(&session), ["AUTHENTICATE PLAIN", "SELECT", "FETCH"], "{input}");
        assert_eq!(Facts::of(&session.trace, Side::Client).credential_in_clear, Some(true));
    }
}

#[test]
fn bare_lines_with_literals_idle_and_sasl_without_a_challenge() {
    let session = one(
        "* OK ready\nab LOGIN {3}\n+ go\ntim {8}\n+ go\ntanstaaf\nab OK done\nac IDLE\n+ idling\n* 2 EXISTS\nDONE\n\
         ac OK done\nad AUTHENTICATE PLAIN\nAHRpbQB0YW5zdGFhZnRhbnN0YWFm\nad BAD already\nae XFOO\nae2 XFOO bar\n\
         ae2 BAD what\naf LOGOUT\n* BYE\naf OK\n",
        "bare",
    );
    assert_eq!(names(&session), ["LOGIN", "IDLE", "AUTHENTICATE PLAIN", "LOGOUT"]);
    assert_eq!(session.unparsed.len(), 2, "{:?}", session.unparsed);
}

#[test]
fn a_greeting_behind_logout_begins_another_connection() {
    let one = "* OK ready\n1 LOGOUT\n* BYE\n1 OK bye\n";
    let imported = import::read(one.repeat(3).as_bytes(), None).unwrap();
    assert_eq!(imported.batch.sessions.len(), 3);
}

#[test]
fn bare_lines_behind_an_accepted_request_prove_nothing_about_the_clear() {
    let session = one(
        "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\na STARTTLS\na OK go\nb LOGIN tim secret\nb OK done\n",
        "bare",
    );
    let facts = Facts::of(&session.trace, Side::Client);
    assert_eq!(facts.starttls_answer, Some("ok"));
    assert_eq!((facts.tls, facts.commands_in_clear, facts.credential_in_clear), (None, None, None));
    assert_eq!(facts.starttls_advertised, Some(true));
}

#[test]
fn one_line_is_input_enough() {
    let session = one("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED", "bare");
    let facts = Facts::of(&session.trace, Side::Client);
    assert_eq!((facts.starttls_advertised, facts.logindisabled_advertised), (Some(true), Some(true)));
    assert_eq!((facts.starttls_sent, facts.preauth), (Some(false), None));
    let facts = Facts::of(&one("* PREAUTH hello\r\n", "bare").trace, Side::Client);
    assert_eq!((facts.preauth, facts.starttls_advertised), (Some(true), None));
    one("S: * OK hello", "transcript");
    one("< * OK [CAPABILITY IMAP4rev1] hello", "curl");
}

#[test]
fn curl_without_times_with_a_mail_and_with_two_connections() {
    let meter = "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";
    let input = format!(
        "  % Total    % Received\n{meter}*   Trying 192.0.2.1:143...\n* Connected to mail (192.0.2.1) port 143 (#0)\n\
         < * OK ready\n> A001 LOGIN tim secret\n< A001 OK done\n> A002 FETCH 1 BODY[TEXT]\n\
         < * 1 FETCH (BODY[TEXT] {{10}}\n{{ [10 bytes data]\nhello\nyou\n< )\n< A002 OK done\n> A003 APPEND x {{5}}\n\
         < + go\n}} [5 bytes data]\n> \n< A003 OK done\n* Closing connection 0\n*   Trying 192.0.2.1:993...\n\
         * Connected to mail (192.0.2.1) port 993 (#1)\n* SSL connection using TLSv1.2 / ECDHE-RSA-AES256-GCM-SHA384\n\
         < * OK ready\n> A001 LOGOUT\n"
    );
    let imported = import::read(input.as_bytes(), None).unwrap();
    assert_eq!((imported.format.id, imported.confidence), ("curl", Confidence::Sure));
    let [first, second] = &imported.batch.sessions[..] else { panic!("{:?}", imported.batch.sessions.len()) };
    assert_eq!(names(first), ["LOGIN", "FETCH", "APPEND"]);
    assert_eq!(first.trace.leg(Side::Client).of(Class::Malformed).count(), 0);
    let facts = Facts::of(&first.trace, Side::Client);
    assert_eq!(
        (facts.tls, facts.authenticated, facts.early_bytes_from_client),
        (Some("none"), Some(true), None)
    );
    let facts = Facts::of(&second.trace, Side::Client);
    assert_eq!(
        (facts.tls, facts.tls_established, facts.preauth),
        (Some("implicit"), Some(true), Some(false))
    );
    assert_eq!(facts.commands_in_clear, Some(vec![]));
    assert_eq!(facts.tls_cipher.as_deref(), Some("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    assert_eq!(facts.tls_version.map(|v| v.name()), Some("TLSv1.2"));
}

#[test]
fn the_person_decides_the_format() {
    let bare = "* OK ready\na1 NOOP\n";
    assert!(matches!(
        import::read(bare.as_bytes(), import::find("transcript")),
        Err(ImportError::NoDialogue { line: 1 })
    ));
    let imported = import::read(bare.as_bytes(), import::find("bare")).unwrap();
    assert_eq!(imported.confidence, Confidence::Sure);
}

#[test]
fn what_is_no_transcript_is_refused_with_its_place() {
    let text =
        |input: &[u8]| import::read(input, None).map(|i| i.batch.sessions.len()).unwrap_err().to_string();
    assert_eq!(text(b""), "the input is empty");
    assert_eq!(text(b"\n \r\n\n"), "the input is 3 empty lines");
    assert_eq!(text(b"\r"), "the input is one empty line");
    assert_eq!(text(b"\n"), "the input is one empty line");
    assert!(text(b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00").contains("JPEG"));
    assert!(text(b"\xD4\xC3\xB2\xA1\x02\x00").contains("in the capture"));
    assert!(text(b"abc\0def\n").contains("octet 4 is 0x00"));
    assert_eq!(
        text(&[0; 4096]),
        "the input is not text: octet 1 is 0x00, and no line before it is of a session"
    );
    assert!(text(b"\n\nDear all,\nsee you.\n").contains("from line 3 on"));
    assert!(text(b"\xE9\xE8\n").contains("line 1"));
    for (input, expected) in [
        ("S: 220 mail ESMTP\nC: EHLO x\nS: 250-mail\nS: 250 STARTTLS\nC: STARTTLS\n", "line 1 is SMTP"),
        ("220 mail ESMTP\nEHLO x\n250-mail\n250 STARTTLS\n", "line 1 is SMTP"),
        ("# a comment\nC: EHLO x\nS: 250 ok\n", "line 2 is SMTP"),
        ("< 220 mail ESMTP\n> EHLO x\n< 250 STARTTLS\n", "line 1 is SMTP"),
        ("S: \"IMPLEMENTATION\" \"x\"\nS: \"STARTTLS\"\nS: OK\nC: STARTTLS\n", "line 1 is ManageSieve"),
        ("\"IMPLEMENTATION\" \"x\"\n\"STARTTLS\"\nOK\nSTARTTLS\nOK \"begin\"\n", "line 1 is ManageSieve"),
        ("> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n", "line 1 is HTTP"),
    ] {
        assert_eq!(text(input.as_bytes()), format!("{expected}, which is not covered yet"), "{input}");
    }
}

#[test]
fn line_endings_of_every_kind() {
    let lines = ["S: * OK ready", "C: a NOOP", "S: a OK done"];
    for input in
        [lines.join("\n"), lines.join("\r\n"), lines.join("\r"), lines.join("\n").replacen('\n', "\r", 1)]
    {
        let session = one(&input, "transcript");
        assert_eq!(server(&session), "* OK ready\r\na OK done\r\n", "{input:?}");
        assert!(session.unparsed.is_empty(), "{input:?}");
        let bare = input.replace("S: ", "").replace("C: ", "");
        assert_eq!(server(&one(&bare, "bare")), "* OK ready\r\na OK done\r\n", "{bare:?}");
    }
}

#[test]
fn invalid_utf8_and_nul_inside_a_session_are_octets_like_others() {
    let input = b"S: * OK gr\xFC\xDFe\nC: a LOGIN tim p\0q\nS: a NO \\xfc\\x00 \\x41\n";
    let imported = import::read(input, None).unwrap();
    let session = &imported.batch.sessions[0];
    let tape = session.trace.tape(starttls_lab::base::Hop::Client, Side::Server);
    assert_eq!(tape, b"* OK gr\xFC\xDFe\r\na NO \xFC\x00 \\x41\r\n");
}

#[test]
fn a_line_of_50_mb_is_cut_reported_and_costs_little() {
    let mut input = b"S: * OK ready\nC: a NOOP ".to_vec();
    input.resize(50 << 20, b'x');
    input.extend(b"\nS: a OK done\n");
    for (format, marks) in [("transcript", true), ("bare", false)] {
        let octets = if marks { input.clone() } else { crate::corpus::without_marks(&input) };
        let imported = import::read(&octets, None).unwrap();
        assert_eq!(imported.format.id, format);
        let session = &imported.batch.sessions[0];
        let [cut] = &session.unparsed[..] else { panic!() };
        assert_eq!((cut.line, cut.text.len()), (2, import::LINE_LIMIT));
        assert!(matches!(cut.why, Why::Overlong(dropped) if dropped > 48 << 20));
    }
    assert!(matches!(import::read(&vec![b'x'; 50 << 20], None), Err(ImportError::NoDialogue { line: 1 })));
}
