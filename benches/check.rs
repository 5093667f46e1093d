//! How fast a large log is checked, next to a parser of others on the same messages: `cargo xtask bench`.
//!
//! One run measures all of it in turns, so that a busy machine slows everything down alike; what counts is the ratio.
// A face: it looks at the clock and writes to the terminal.
#![allow(clippy::disallowed_types, clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

use imap_codec::decode::Decoder;
use imap_codec::{AuthenticateDataCodec, CommandCodec, GreetingCodec, ResponseCodec};
use starttls_lab::import::{self, Batch};
use starttls_lab::pipeline::{Checker, RuleSet};
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 9;
const CHUNK: usize = 64 << 10;

/// What imap-codec has to be told about a message, because it cannot tell itself.
#[derive(Clone, Copy)]
enum As {
    Greeting,
    Command,
    AuthenticateData,
    Response,
}

/// A log: as a transcript, and as the messages in it.
#[derive(Default)]
struct Log {
    transcript: String,
    messages: Vec<(As, Vec<u8>)>,
    lines: usize,
}

impl Log {
    fn message(&mut self, how: As, text: &str) {
        let mark = match how {
            As::Command | As::AuthenticateData => 'C',
            As::Greeting | As::Response => 'S',
        };
        for line in text.split("\r\n") {
            writeln!(self.transcript, "{mark}: {line}").unwrap();
            self.lines = self.lines.saturating_add(1);
        }
        self.messages.push((how, [text.as_bytes(), b"\r\n"].concat()));
    }

    fn server(&mut self, text: &str) {
        self.message(As::Response, text);
    }

    fn exchange(&mut self, tag: &mut usize, command: &str, data: &[String]) {
        *tag = tag.saturating_add(1);
        self.message(As::Command, &format!("a{tag:03} {command}"));
        for line in data {
            self.server(line);
        }
        let word = command.split(' ').next().unwrap_or_default();
        self.server(&format!("a{tag:03} OK {word} completed"));
    }

    /// A session as a mail program has it that looks at its mailbox: an upgrade in two of three sessions, a login, a
    /// folder list, summaries of the messages, the text of a few of them, changed flags.
    fn session(&mut self, number: usize) {
        let tag = &mut self.log_in(number);
        self.look_around(tag);
        self.exchange(tag, "LOGOUT", &["* BYE Logging out".to_owned()]);
    }

    /// A session as a program has it that looks for new mail every few minutes.
    fn poll(&mut self, number: usize) {
        let tag = &mut self.log_in(number);
        self.exchange(
            tag,
            "STATUS INBOX (MESSAGES UNSEEN)",
            &["* STATUS \"INBOX\" (MESSAGES 150 UNSEEN 3)".to_owned()],
        );
        self.exchange(tag, "LOGOUT", &["* BYE Logging out".to_owned()]);
    }

    fn log_in(&mut self, number: usize) -> usize {
        writeln!(self.transcript, "# connection {number}").unwrap();
        let mut tags = 0;
        let tag = &mut tags;
        self.message(
            As::Greeting,
            "* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE STARTTLS AUTH=PLAIN] ready",
        );
        let listed = ["* CAPABILITY IMAP4rev1 SASL-IR LITERAL+ STARTTLS LOGINDISABLED".to_owned()];
        self.exchange(tag, "CAPABILITY", &listed);
        if !number.is_multiple_of(3) {
            self.exchange(tag, "STARTTLS", &[]);
            writeln!(self.transcript, "<TLS negotiation>").unwrap();
            let listed =
                ["* CAPABILITY IMAP4rev1 SASL-IR LITERAL+ IDLE UNSELECT CHILDREN AUTH=PLAIN AUTH=LOGIN"
                    .to_owned()];
            self.exchange(tag, "CAPABILITY", &listed);
        }
        if number.is_multiple_of(2) {
            self.exchange(tag, "LOGIN tim tanstaaftanstaaf", &[]);
        } else {
            *tag += 1;
            self.message(As::Command, &format!("a{tag:03} AUTHENTICATE PLAIN"));
            self.server("+ ");
            self.message(As::AuthenticateData, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
            self.server(&format!(
                "a{tag:03} OK [CAPABILITY IMAP4rev1 LITERAL+ IDLE UNSELECT CHILDREN] logged in"
            ));
        }
        tags
    }

    fn look_around(&mut self, tag: &mut usize) {
        let folders = ["INBOX", "Sent", "Drafts", "Trash", "Archive"]
            .map(|name| format!("* LIST (\\HasNoChildren) \".\" \"{name}\""));
        self.exchange(tag, "LIST \"\" \"*\"", &folders);
        let selected = [
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded)".to_owned(),
            "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded \\*)] Flags permitted.".to_owned(),
            "* 150 EXISTS".to_owned(),
            "* 2 RECENT".to_owned(),
            "* OK [UNSEEN 148] First unseen.".to_owned(),
            "* OK [UIDVALIDITY 1700000000] UIDs valid".to_owned(),
            "* OK [UIDNEXT 4711] Predicted next UID".to_owned(),
        ];
        self.exchange(tag, "SELECT INBOX", &selected);
        let summaries: Vec<_> = (1..=150)
            .map(|message| {
                format!(
                    "* {message} FETCH (UID {} FLAGS (\\Seen) INTERNALDATE \"17-Jul-2026 02:44:25 -0700\" RFC822.SIZE {})",
                    4000 + message,
                    1000 + message * 17
                )
            })
            .collect();
        self.exchange(tag, "UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)", &summaries);
        for message in 140..150 {
            let text = format!(
                "From: Ana <ana@example.test>\r\nTo: Tim <tim@example.test>\r\nSubject: Message {message}\r\nDate: Fri, 17 Jul 2026 02:44:25 -0700\r\nMessage-ID: <{message}@example.test>\r\n\r\nHello Tim,\r\n\r\nthe safe opens with 4711, as it did last week and the week before that.\r\n\r\nAna\r\n"
            );
            let data =
                [format!("* {message} FETCH (UID {} BODY[] {{{}}}\r\n{text})", 4000 + message, text.len())];
            self.exchange(tag, &format!("UID FETCH {} (UID BODY.PEEK[])", 4000 + message), &data);
            let data = [format!("* {message} FETCH (UID {} FLAGS (\\Seen \\Answered))", 4000 + message)];
            self.exchange(tag, &format!("UID STORE {} +FLAGS (\\Answered)", 4000 + message), &data);
        }
        for _ in 0..20 {
            self.exchange(tag, "NOOP", &["* 151 EXISTS".to_owned()]);
        }
        self.exchange(tag, "SEARCH UNSEEN", &["* SEARCH 148 149 150".to_owned()]);
    }
}

fn decode(log: &Log) {
    fn whole<T, E: std::fmt::Debug>(result: Result<(&[u8], T), E>, octets: &[u8]) {
        match result {
            Ok((b"", message)) => drop(black_box(message)),
            Ok(_) => panic!("imap-codec leaves a part of {}", octets.escape_ascii()),
            Err(error) => panic!("imap-codec: {error:?}: {}", octets.escape_ascii()),
        }
    }
    let greeting = GreetingCodec::default();
    let command = CommandCodec::default();
    let data = AuthenticateDataCodec::default();
    let response = ResponseCodec::default();
    for (how, octets) in &log.messages {
        match how {
            As::Greeting => whole(greeting.decode(octets), octets),
            As::Command => whole(command.decode(octets), octets),
            As::AuthenticateData => whole(data.decode(octets), octets),
            As::Response => whole(response.decode(octets), octets),
        }
    }
}

fn observe(log: &Log) -> usize {
    let format = import::detect(log.transcript.as_bytes()).unwrap().format;
    let mut reader = format.reader();
    let mut sessions = 0_usize;
    let mut batch = Batch::default();
    for chunk in log.transcript.as_bytes().chunks(CHUNK) {
        reader.push(chunk, &mut batch);
        sessions = sessions.saturating_add(black_box(batch.sessions.drain(..)).count());
    }
    reader.finish(&mut batch);
    sessions.saturating_add(batch.sessions.len())
}

fn judge(log: &Log) -> usize {
    let mut checker = Checker::new(None, RuleSet::Today);
    let mut sessions = 0_usize;
    for chunk in log.transcript.as_bytes().chunks(CHUNK) {
        sessions = sessions.saturating_add(black_box(checker.push(chunk)).len());
    }
    let (last, ending) = checker.finish();
    assert!(ending.error.is_none() && ending.remarks.is_empty(), "{ending:?}");
    sessions.saturating_add(black_box(last).len())
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A ratio with two decimals.
fn ratio(of: Duration, to: Duration) -> String {
    let hundredths = of.as_nanos().saturating_mul(100) / to.as_nanos().max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn main() {
    println!("Checking generated logs; medians of {ROUNDS} rounds, one thread, in turns.");
    measure("a mail program at work", 500, Log::session);
    measure("a program that looks for new mail", 10_000, Log::poll);
    growth();
}

/// One connection that changes hands again and again: what looks back over a session would take four times as long for
/// twice the length.
fn handed_over(rounds: usize) -> Log {
    let mut log = Log::default();
    let tag = &mut log.log_in(1);
    for _ in 0..rounds {
        log.exchange(tag, "UNAUTHENTICATE", &[]);
        log.exchange(tag, "LOGIN ana s3cret", &[]);
        log.exchange(tag, "SELECT INBOX", &["* 3 EXISTS".to_owned()]);
        log.exchange(tag, "FETCH $ (FLAGS)", &[]);
        log.exchange(tag, "CAPABILITY", &["* CAPABILITY IMAP4rev1 AUTH=PLAIN UNAUTHENTICATE".to_owned()]);
    }
    log
}

fn growth() {
    let (short, long) = (handed_over(5_000), handed_over(10_000));
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        let [read_short, read_long, all_short, all_long] = &mut times;
        read_short.push(timed(|| assert_eq!(observe(&short), 1)));
        read_long.push(timed(|| assert_eq!(observe(&long), 1)));
        all_short.push(timed(|| assert_eq!(judge(&short), 1)));
        all_long.push(timed(|| assert_eq!(judge(&long), 1)));
    }
    let [read_short, read_long, all_short, all_long] = times.map(|mut times| median(&mut times));
    let rules = |all: Duration, read: Duration| all.saturating_sub(read);
    println!("\none connection that changes hands: {} and {} lines", short.lines, long.lines);
    println!(
        "  rules / (reading and observing): {} (target 1.00)",
        ratio(rules(all_long, read_long), read_long)
    );
    println!(
        "  rules, the long one / the short one: {} (linear: 2.00)",
        ratio(rules(all_long, read_long), rules(all_short, read_short))
    );
}

fn measure(name: &str, sessions: usize, session: fn(&mut Log, usize)) {
    let mut log = Log::default();
    for number in 1..=sessions {
        session(&mut log, number);
    }
    println!(
        "\n{name}: {sessions} sessions of about {} lines, {} lines, {} octets as a transcript ({} octets of IMAP, {} messages)",
        log.lines / sessions,
        log.lines,
        log.transcript.len(),
        log.messages.iter().map(|(_, octets)| octets.len()).sum::<usize>(),
        log.messages.len(),
    );
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        let [codec, reading, judging] = &mut times;
        codec.push(timed(|| decode(&log)));
        reading.push(timed(|| assert_eq!(observe(&log), sessions)));
        judging.push(timed(|| assert_eq!(judge(&log), sessions)));
    }
    let [codec, reading, judging] = times.map(|mut times| median(&mut times));
    let report = |name: &str, time: Duration| {
        let per_second = (log.lines as u128).saturating_mul(1_000_000_000) / time.as_nanos().max(1);
        println!("  {name:<44} {:>6} ms  {per_second:>9} lines/s", time.as_millis());
    };
    report("(a) imap-codec 2.0.0-alpha.10, decoding only", codec);
    report("(b) reading and observing", reading);
    report("(c) reading, observing, facts and all rules", judging);
    // What is more than reading and observing is facts and rules; the aim is that they cost no more than that.
    println!(
        "  rules / (reading and observing): {} (target 1.00)",
        ratio(judging.saturating_sub(reading), reading)
    );
    println!("  throughput b / a: {} (target 2.00)", ratio(codec, reading));
    println!("  throughput c / a: {} (target 1.00)", ratio(codec, judging));
}
