//! What holds for every input.

use proptest::prelude::*;
use starttls_lab::base::{Hop, Side};
use starttls_lab::facts::Facts;
use starttls_lab::import::{self, Batch, Format};
use std::collections::BTreeSet;

/// Lines that sessions, logs and texts are made of.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready",
        "C: a1 STARTTLS",
        "S: a1 OK go",
        "<TLS negotiation>",
        "C: a2 LOGIN {3}",
        "S: + go",
        "C: tim {4+}",
        "C: pass",
        "   continued here",
        "# connection 2",
        "# clear text again",
        "* OK ready",
        "a1 CAPABILITY",
        "* CAPABILITY IMAP4rev1",
        "a1 OK done",
        "a3 AUTHENTICATE PLAIN",
        "+ ",
        "AHRpbQB0YW5zdGFhZnRhbnN0YWFm",
        "* 1 FETCH (BODY[] {9}",
        ")",
        "+OK pop",
        "220 smtp",
        "prose of some kind",
        "*   Trying 192.0.2.1:143...",
        "< * OK ready",
        "> A1 LOGIN a b",
        "* Closing connection 0",
        "{ [5 bytes data]",
        "09:28:49.830395 < * OK x",
        "* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384",
        "a COMPRESS DEFLATE",
        "S: +OK ready",
        "C: CAPA",
        "S: .",
        "C: AUTH PLAIN",
        "C: ",
        "S: ",
        "CAPA",
        "RETR 1",
        "+OK",
        "-ERR no",
        ".",
        "< +OK x",
        "> LIST",
        "* ACAP (SASL \"PLAIN\") (STARTTLS)",
        "a1 AUTHENTICATE \"PLAIN\" {21+}",
        "<NUL>tim<NUL>tanstaaftanstaaf",
        "",
    ]);
    prop_oneof![
        4 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ]
}

fn input() -> impl Strategy<Value = Vec<u8>> {
    let ending = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\r"]);
    prop::collection::vec((piece(), ending), 0..40).prop_map(|lines| {
        lines.into_iter().flat_map(|(text, ending)| [text, ending.as_bytes().to_vec()].concat()).collect()
    })
}

fn read_in(format: &Format, chunks: &[&[u8]]) -> Batch {
    let mut batch = Batch::default();
    let mut reader = format.reader();
    for chunk in chunks {
        reader.push(chunk, &mut batch);
    }
    reader.finish(&mut batch);
    batch
}

/// The lines of an input as an editor numbers them.
fn line_count(octets: &[u8]) -> usize {
    let head = &octets[..octets.len().min(4096)];
    let cr = !head.contains(&b'\n') && head.contains(&b'\r');
    let mut rest = octets;
    let mut count = 0;
    while !rest.is_empty() {
        count += 1;
        let end = rest.iter().position(|&o| o == b'\n' || (cr && o == b'\r'));
        let Some(end) = end else { break };
        let crlf = rest[end] == b'\r' && rest.get(end + 1) == Some(&b'\n');
        rest = &rest[end + 1 + usize::from(crlf)..];
    }
    count
}

fn accounted(batch: &Batch) -> BTreeSet<u32> {
    let mut lines = BTreeSet::new();
    for session in &batch.sessions {
        lines.extend(session.unparsed.iter().map(|u| u.line));
        lines.extend(session.remarks.iter().map(|r| r.line));
        for event in session.trace.events() {
            lines.extend(event.places.0..=event.places.1);
        }
    }
    lines.extend(batch.foreign.iter().flat_map(|f| f.unparsed.iter().map(|u| u.line)));
    lines.extend(batch.stray.iter().map(|u| u.line));
    lines.extend(batch.stray_remarks.iter().map(|r| r.line));
    lines
}

proptest! {
    #[test]
    fn arbitrary_octets_never_panic(octets in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = import::detect(&octets).map_err(|error| error.to_string());
        let _ = import::read(&octets, None);
        for format in import::ALL {
            for session in read_in(format, &[&octets]).sessions {
                let _ = Facts::of(&session.trace, Side::Client);
            }
        }
    }

    #[test]
    fn sessions_like_octets_never_panic_and_where_they_are_cut_changes_nothing(
        octets in input(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)
    ) {
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(octets.len() + 1)).collect();
        cuts.extend([0, octets.len()]);
        cuts.sort_unstable();
        let chunks: Vec<_> = cuts.windows(2).map(|pair| &octets[pair[0]..pair[1]]).collect();
        let _ = import::read(&octets, None);
        for format in import::ALL {
            let whole = format!("{:?}", read_in(format, &[&octets]));
            prop_assert_eq!(&whole, &format!("{:?}", read_in(format, &chunks)));
        }
    }

    #[test]
    fn every_line_is_somewhere(octets in input()) {
        for format in import::ALL.iter().filter(|format| format.place == "line") {
            let found = accounted(&read_in(format, &[&octets]));
            for line in 1..=line_count(&octets) as u32 {
                prop_assert!(found.contains(&line), "{}: line {} of {:?}", format.id, line, String::from_utf8_lossy(&octets));
            }
        }
    }

    /// Escapes, and blanks in front that may only align, are left out.
    #[test]
    fn the_tapes_of_a_transcript_are_its_lines(
        lines in prop::collection::vec((any::<bool>(), "[a-z*+][ -\\[\\]-~]{0,30}"), 1..30)
    ) {
        let mut text = String::from("S: * OK x\n");
        let mut tapes = [String::new(), "* OK x\r\n".to_owned()];
        for (client, line) in &lines {
            text.push_str(if *client { "C: " } else { "S: " });
            text.push_str(line);
            text.push('\n');
            tapes[usize::from(!client)].push_str(line);
            tapes[usize::from(!client)].push_str("\r\n");
        }
        let batch = read_in(import::find("transcript").unwrap(), &[text.as_bytes()]);
        let trace = &batch.sessions[0].trace;
        prop_assert_eq!(trace.tape(Hop::Client, Side::Client), tapes[0].as_bytes());
        prop_assert_eq!(trace.tape(Hop::Client, Side::Server), tapes[1].as_bytes());
    }
}

/// Lines that end in CR alone are lines in every format.
#[test]
fn lines_that_end_in_cr_alone_are_kept() {
    let octets =
        b"S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready\rS: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r";
    for format in import::ALL.iter().filter(|format| format.place == "line") {
        let found = accounted(&read_in(format, &[octets]));
        assert!(found.contains(&1) && found.contains(&2), "{}: {found:?}", format.id);
    }
}
