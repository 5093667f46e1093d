//! How fast a large log is checked, next to a parser of others on the same messages: `cargo xtask bench`.
//!
//! `cargo bench --bench check -- --lines 10000000` measures one log of that length instead.
//!
//! One run measures all of it in turns, so that a busy machine slows everything down alike; what counts is the ratio.
// A face: it looks at the clock, opens files and writes to the terminal.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic
)]

mod peer;

use peer::{As, read};
use starttls_lab::import::{self, Batch};
use starttls_lab::pipeline::{Checker, RuleSet};
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 9;
const CHUNK: usize = 64 << 10;

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
            As::Command | As::AuthenticateData | As::Done => 'C',
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
    for (how, octets) in &log.messages {
        if let Err(problem) = read(octets, *how) {
            panic!("imap-codec: {problem}: {}", octets.escape_ascii());
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

/// Every capture of the corpus again and again, each time between other addresses, up to so many octets.
const CAPTURE: usize = 24 << 20;

/// A capture of Ethernet frames, as the loopback has them.
fn many_captures() -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/sessions");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let files = files.iter().filter_map(|folder| std::fs::read(folder.join("client.pcap")).ok());
    let files: Vec<_> = files.filter(|file| file.starts_with(b"\xd4\xc3\xb2\xa1")).collect();
    let mut all = files.first().unwrap().get(..24).unwrap().to_vec();
    for copy in 0_u8.. {
        for (number, file) in files.iter().enumerate() {
            let mut rest = file.get(24..).unwrap();
            while let Some((head, behind)) = rest.split_at_checked(16) {
                let length = u32::from_le_bytes(head.get(8..12).unwrap().try_into().unwrap());
                let (packet, next) = behind.split_at(usize::try_from(length).unwrap());
                let mut packet = packet.to_vec();
                if packet.get(14).is_some_and(|first| first >> 4 == 4) {
                    let address =
                        [127, copy, u8::try_from(number / 250).unwrap(), u8::try_from(number % 250).unwrap()];
                    packet.get_mut(26..30).unwrap().copy_from_slice(&address);
                    packet.get_mut(30..34).unwrap().copy_from_slice(&address);
                }
                all.extend_from_slice(head);
                all.extend_from_slice(&packet);
                rest = next;
            }
        }
        if all.len() >= CAPTURE {
            break;
        }
    }
    all
}

/// One end of a TCP connection: its address, its port, the number of its next octet.
struct End(u32, u16, u32);

fn segment(all: &mut Vec<u8>, from: &mut End, to: &End, flags: u8, octets: &[u8]) {
    let length = 40 + u16::try_from(octets.len()).unwrap();
    for number in [1, 0, u32::from(length) + 14, u32::from(length) + 14] {
        all.extend(number.to_le_bytes());
    }
    all.extend(*b"\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\x45\0");
    all.extend(length.to_be_bytes());
    all.extend(*b"\0\0\0\0\x40\x06\0\0");
    all.extend([from.0.to_be_bytes(), to.0.to_be_bytes()].concat());
    all.extend([from.1.to_be_bytes(), to.1.to_be_bytes()].concat());
    all.extend([from.2.to_be_bytes(), to.2.to_be_bytes()].concat());
    all.extend([0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0]);
    all.extend(octets);
    from.2 =
        from.2.wrapping_add(u32::try_from(octets.len()).unwrap()).wrapping_add(u32::from(flags & 3 != 0));
}

/// A log's messages as packets. Its handshakes have no octets, so that the log must have none.
fn packets(log: &Log) -> Vec<u8> {
    const SYN: u8 = 2;
    const ACK: u8 = 16;
    let mut all = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\x01\0\0\0".to_vec();
    let (mut client, mut server) = (End(0x0A00_0001, 40_000, 1), End(0x0A00_0002, 143, 1));
    for (how, octets) in &log.messages {
        if matches!(how, As::Greeting) {
            client = End(client.0.wrapping_add(2), 40_000, 1);
            server.2 = 1;
            segment(&mut all, &mut client, &server, SYN, b"");
            segment(&mut all, &mut server, &client, SYN | ACK, b"");
        }
        for part in octets.chunks(1400) {
            match how {
                As::Greeting | As::Response => segment(&mut all, &mut server, &client, ACK, part),
                As::Command | As::AuthenticateData | As::Done => {
                    segment(&mut all, &mut client, &server, ACK, part)
                }
            }
        }
    }
    all
}

fn captures() {
    capture("captures of short sessions, TLS in most", &many_captures());
    let mut log = Log::default();
    for number in 1..=400 {
        // None of these has TLS.
        log.session(number * 3);
    }
    capture("a capture of a mail program at work", &packets(&log));
}

/// A capture next to tshark's dissection of the same file, if there is one on this machine.
fn capture(name: &str, octets: &[u8]) {
    let file = std::env::temp_dir().join(format!("starttls-lab-bench-{}.pcap", std::process::id()));
    std::fs::write(&file, octets).unwrap();
    let mut times = [const { Vec::new() }; 3];
    let (mut sessions, mut missing) = (0, false);
    for _ in 0..3 {
        let [following, dissecting, judging] = &mut times;
        for (times, arguments) in [(following, ["-z", "follow,tcp,ascii,0"]), (dissecting, ["-Y", "imap"])] {
            let mut tshark = std::process::Command::new("tshark");
            tshark.args(["-n", "-q", "-r"]).arg(&file).args(arguments);
            tshark.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
            times.push(timed(|| missing |= !tshark.status().is_ok_and(|status| status.success())));
        }
        judging.push(timed(|| {
            let mut checker = Checker::new(None, RuleSet::Today);
            sessions = octets.chunks(CHUNK).map(|chunk| black_box(checker.push(chunk)).len()).sum::<usize>();
            sessions += black_box(checker.finish()).0.len();
        }));
    }
    std::fs::remove_file(&file).unwrap();
    println!("\n{name}: {} octets, {sessions} sessions", octets.len());
    let [following, dissecting, judging] = times.map(|mut times| median(&mut times));
    println!("  (d) reassembling, reading, facts and all rules {:>6} ms", judging.as_millis());
    if missing {
        println!("  tshark is not on this machine, so that there is no ratio");
        return;
    }
    println!("  (e) tshark -z follow                           {:>6} ms", following.as_millis());
    println!("  (f) tshark -Y imap                             {:>6} ms", dissecting.as_millis());
    println!("  throughput d / e: {} (target 10.00)", ratio(following, judging));
    println!("  throughput d / f: {} (target 10.00)", ratio(dissecting, judging));
}

fn main() {
    let mut words = std::env::args().skip_while(|word| word != "--lines").skip(1);
    if let Some(lines) = words.next() {
        let lines: usize = lines.parse().unwrap();
        println!("Checking one generated log, once, one thread.");
        return measure("a mail program at work", 1, Log::session, |log, _| log.lines >= lines);
    }
    println!("Checking generated logs; medians of {ROUNDS} rounds, one thread, in turns.");
    measure("a mail program at work", ROUNDS, Log::session, |_, sessions| sessions == 500);
    measure("a program that looks for new mail", ROUNDS, Log::poll, |_, sessions| sessions == 10_000);
    growth();
    captures();
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

/// A log of as many sessions as it takes to be whole.
fn measure(name: &str, rounds: usize, session: fn(&mut Log, usize), whole: impl Fn(&Log, usize) -> bool) {
    let (mut log, mut sessions) = (Log::default(), 0);
    while !whole(&log, sessions) {
        sessions += 1;
        session(&mut log, sessions);
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
    for _ in 0..rounds {
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
