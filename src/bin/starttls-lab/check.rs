//! `starttls-lab check`.

use crate::inputs::{self, Source};
use crate::output::{self, Failure, Output};
use clap::builder::PossibleValuesParser;
use indicatif::ProgressBar;
use starttls_lab::pipeline::policy::{Baseline, Fingerprints, Policy as Asked};
use starttls_lab::pipeline::report::{FailOn, Format, Input, InputError, SessionRecord, Writer};
use starttls_lab::pipeline::{
    Assumed, Checked, Checker, Hide, KeyLog, Leaks, Outcome, Policy, RuleSet, Select, Share, Unjudged,
    formats, is_probe, link,
};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};

/// Judge recorded sessions
#[derive(clap::Args)]
#[command(after_help = crate::EXIT_CODES)]
pub struct Args {
    /// The inputs' format; without this each input's own look tells it
    #[arg(long, value_parser = PossibleValuesParser::new(formats().iter().map(|format| format.id)))]
    format: Option<String>,
    /// The documents in force; `today` unless the policy says otherwise
    #[arg(long, value_parser = output::rule_sets())]
    rules: Option<String>,
    /// The lowest level of a broken rule that makes the exit code 1; `error` unless the policy says otherwise
    #[arg(long, value_name = "LEVEL", value_parser = PossibleValuesParser::new(FailOn::ALL.map(FailOn::id)))]
    fail_on: Option<String>,
    /// How to write the report
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::formats())]
    output: String,
    /// A key log (the file that SSLKEYLOGFILE named), with which what went through TLS in a capture is judged too; may
    /// be given several times
    #[arg(long, value_name = "FILE")]
    keylog: Vec<PathBuf>,
    /// What is asked beyond the documents: levels, accepted findings (docs/policy.md)
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Findings that are known already and do not count
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings of this check as a baseline
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
    /// So many threads judge: several inputs, or the sessions of one, at the same time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    /// Give each finding a link that opens the session, redacted, in the page at this address
    #[arg(long, value_name = "URL")]
    link_to: Option<String>,
    /// Exit with 4 when nothing is broken but something cannot be told
    #[arg(long)]
    strict_unknown: bool,
    /// Do not redact the lines that a report shows; refused where the variable CI is set
    #[arg(long)]
    show_secrets: bool,
    /// Say why a rule (`list rules`) did or did not fire: what it looked at, and the first condition that was not met
    #[arg(long, value_name = "RULE")]
    why: Option<String>,
    /// Take a party to be set to a policy that the recording does not state; may be given once for each side
    #[arg(long, value_name = "SIDE=POLICY", value_parser = output::policy)]
    assume: Vec<Policy>,
    #[command(flatten)]
    select: output::Selection,
    /// The inputs: files, folders with everything in them, patterns in quotes; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What every input is judged by.
struct Job {
    format: Option<&'static starttls_lab::pipeline::ImportFormat>,
    keys: Arc<KeyLog>,
    rule_set: RuleSet,
    output: &'static Format,
    link_to: Option<String>,
    show_secrets: bool,
    why: Option<&'static str>,
    select: Select,
    assumed: Assumed,
    progress: ProgressBar,
}

/// What comes of an input, in order.
enum Message {
    Session(Input, Box<SessionRecord>, Leaks),
    /// Its end, and whether it could be opened at all.
    End(Input, bool),
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    if args.show_secrets && output::in_ci() {
        return Err(Failure::Usage("--show-secrets is refused where the variable CI is set".to_owned()));
    }
    if args.why.is_some() {
        output::needs(&args.output, "--why", |format| format.tells_why)?;
    }
    let policy = match &args.policy {
        Some(path) => Asked::read(&output::read(path)?)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?,
        None => Asked::default(),
    };
    let baseline = match &args.baseline {
        Some(path) => Baseline::read(&output::read(path)?)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?,
        None => Baseline::default(),
    };
    let today = output::today();
    for accepted in policy.expired(&today) {
        let file = args.policy.as_deref().unwrap_or(Path::new("")).display();
        let (rule, until) = (&accepted.rule, accepted.until.as_deref().unwrap_or_default());
        output::complain(&format!("{file}: {rule} was accepted until {until}: it counts again"));
    }
    let sources = inputs::sources(&args.files);
    let octets =
        sources.iter().filter_map(|source| std::fs::metadata(&source.path).ok()).map(|meta| meta.len()).sum();
    let output = output::format(&args.output)?;
    let job = Job {
        format: args.format.as_ref().and_then(|id| formats().iter().copied().find(|f| f.id == id)),
        keys: inputs::keys(&args.keylog)?,
        rule_set: output::rule_set(args.rules.as_deref().or(policy.rules.as_deref()).unwrap_or("today")),
        output,
        link_to: args.link_to.clone(),
        show_secrets: args.show_secrets,
        why: args.why.as_deref().map(output::rule).transpose()?,
        select: args.select.select()?.as_shown_by(output),
        assumed: output::assumed(&args.assume)?,
        progress: output::progress(octets),
    };
    let fail_on = args.fail_on.as_deref().or(policy.fail_on.as_deref()).unwrap_or("error");
    let mut report = Report {
        writer: (job.output.writer)(),
        to,
        text: String::new(),
        fail_on: FailOn::ALL.into_iter().find(|level| level.id() == fail_on).unwrap_or_default(),
        policy,
        baseline,
        today,
        learned: args.write_baseline.is_some().then(Baseline::default),
        prints: Fingerprints::default(),
        findings: false,
        unknown: false,
        unreadable: false,
        passed_over: 0,
    };
    report.writer.fail_on(report.fail_on);
    let jobs = usize::from(args.jobs);
    if jobs == 1 || sources.len() == 1 {
        for source in &sources {
            let mut failure = None;
            judge(&job, source, jobs, &mut |message| {
                failure = report.take(source, message).err();
                failure.is_none()
            });
            failure.map_or(Ok(()), Err)?;
        }
    } else {
        side_by_side(&job, &sources, jobs, &mut report)?;
    }
    job.progress.finish_and_clear();
    if report.passed_over > 0 {
        let files = if report.passed_over == 1 { "1 file" } else { &format!("{} files", report.passed_over) };
        output::complain(&format!("{files} among those that were found could not be read and did not count"));
    }
    if sources.is_empty() {
        output::complain("there is no file in what was named");
    }
    // Nothing but files of other kinds: nothing was checked.
    report.unreadable |= report.passed_over == sources.len();
    report.writer.finish(&mut report.text);
    report.to.put(&mut report.text)?;
    if let (Some(path), Some(learned)) = (&args.write_baseline, &report.learned) {
        std::fs::write(path, learned.write())
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    }
    Ok(match (report.unreadable, report.findings, args.strict_unknown && report.unknown) {
        (true, ..) => 3,
        (false, true, _) => 1,
        (false, false, true) => 4,
        (false, false, false) => 0,
    })
}

/// So many files that are passed over are named.
const NAMED: usize = 20;

/// Messages of an input that wait to be written.
const WAITING: usize = 64;

/// Judges inputs at the same time; what comes of them is written in their order.
fn side_by_side(job: &Job, sources: &[Source], jobs: usize, report: &mut Report<'_>) -> Result<(), Failure> {
    let (senders, receivers): (Vec<_>, Vec<_>) = sources.iter().map(|_| mpsc::sync_channel(WAITING)).unzip();
    let next = AtomicUsize::new(0);
    let readers = jobs.min(sources.len());
    // Fewer inputs than threads: each input is judged by several.
    let each = jobs.checked_div(readers).unwrap_or(1);
    std::thread::scope(|scope| {
        for _ in 0..readers {
            let (next, senders) = (&next, senders.clone());
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(source), Some(sender)) = (sources.get(number), senders.get(number)) else {
                        return;
                    };
                    // Who is not listened to any more stops.
                    judge(job, source, each, &mut |message| sender.send(message).is_ok());
                }
            });
        }
        drop(senders);
        for (source, receiver) in sources.iter().zip(receivers) {
            while let Ok(message) = receiver.recv() {
                let over = matches!(message, Message::End(..));
                report.take(source, message)?;
                if over {
                    break;
                }
            }
        }
        Ok(())
    })
}

/// A session as the report may show it, and what must not be in the report.
type Ready = (SessionRecord, Leaks);

/// What was read of an input, in order: sessions that a piece of it completed, and its end.
enum Read {
    Sessions(Input, Vec<Unjudged>),
    End(Input, bool),
}

/// What the report waits for, in order: sessions that somebody judges, and the end.
enum Due {
    Sessions(Input, mpsc::Receiver<Vec<Ready>>),
    End(Input, bool),
}

/// Reads and judges an input, by so many threads. `hand_on` says whether to go on.
fn judge(job: &Job, from: &Source, jobs: usize, hand_on: &mut dyn FnMut(Message) -> bool) {
    let message =
        |input: &Input, (record, leaks): Ready| Message::Session(input.clone(), Box::new(record), leaks);
    if jobs == 1 {
        read(job, from, &mut |piece| match piece {
            // One at a time, so that no more than one is held.
            Read::Sessions(input, sessions) => {
                sessions.into_iter().all(|session| hand_on(message(&input, ready(job, &session.judge()))))
            }
            Read::End(input, opened) => hand_on(Message::End(input, opened)),
        });
        return;
    }
    // What waits to be judged goes to whoever is free; where it will come from stands in the order of the input.
    let (order, ordered) = mpsc::sync_channel(WAITING);
    let (give, work) = mpsc::sync_channel::<(Vec<Unjudged>, mpsc::Sender<Vec<Ready>>)>(0);
    let work = Mutex::new(work);
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let Ok(next) = work.lock().map(|work| work.recv()) else { return };
                    let Ok((sessions, answer)) = next else { return };
                    let judged = sessions.into_iter().map(|session| ready(job, &session.judge()));
                    // Who is not listened to any more has nothing to say.
                    let _ = answer.send(judged.collect());
                }
            });
        }
        scope.spawn(move || {
            read(job, from, &mut |piece| match piece {
                Read::Sessions(input, sessions) => {
                    let (answer, answered) = mpsc::channel();
                    order.send(Due::Sessions(input, answered)).is_ok()
                        && give.send((sessions, answer)).is_ok()
                }
                Read::End(input, opened) => order.send(Due::End(input, opened)).is_ok(),
            });
        });
        for due in ordered {
            let wanted = match due {
                Due::Sessions(input, answered) => answered
                    .recv()
                    .is_ok_and(|judged| judged.into_iter().all(|ready| hand_on(message(&input, ready)))),
                Due::End(input, opened) => hand_on(Message::End(input, opened)),
            };
            if !wanted {
                break;
            }
        }
    });
}

/// Reads an input. `hand_on` says whether to go on.
fn read(job: &Job, from: &Source, hand_on: &mut dyn FnMut(Read) -> bool) {
    let file = from.path.to_string_lossy().into_owned();
    let mut input = Input { file, ..Input::default() };
    let mut checker = Checker::new(job.format, job.rule_set).with_keys(&job.keys).assuming(job.assumed);
    let mut wanted = true;
    let broken = from.open().and_then(|mut source| {
        let mut chunk = vec![0; 1 << 16];
        while wanted {
            let got = match source.read(&mut chunk) {
                Ok(0) => break,
                Ok(got) => got,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let sessions = checker.read(chunk.get(..got).unwrap_or_default());
            job.progress.inc(got as u64);
            input.format = checker.format().map(|format| (format.id, format.title));
            input.places = checker.format().map(|format| format.place);
            wanted = sessions.is_empty() || hand_on(Read::Sessions(input.clone(), sessions));
        }
        Ok(())
    });
    let (sessions, ending) = checker.end();
    let mut input = ending.input(&input.file);
    let opened = broken.is_ok();
    if let Err(error) = broken {
        input.error = Some(InputError { message: format!("the input cannot be read: {error}"), line: None });
    }
    wanted = wanted && (sessions.is_empty() || hand_on(Read::Sessions(input.clone(), sessions)));
    if wanted {
        hand_on(Read::End(input, opened));
    }
}

fn ready(job: &Job, session: &Checked) -> Ready {
    let (mut record, leaks) = private(job, session);
    record.why = job.why.map(|rule| session.judged.why(rule)).unwrap_or_default();
    (record, leaks)
}

/// The same but for the question why.
fn private(job: &Job, session: &Checked) -> Ready {
    let trace = &session.judged.trace;
    let of = |session: &Checked| session.record_of(&job.select, !job.output.terse);
    if job.show_secrets {
        let mut record = of(session);
        record.trace = Some(trace.clone().revealed());
        return (record, Leaks::default());
    }
    if !job.output.shows && job.link_to.is_none() {
        return (of(session), starttls_lab::pipeline::secrets(trace));
    }
    let share = Share::new(std::slice::from_ref(trace), Hide::ALL, session.guessed_direction);
    let mut record = if job.output.shows {
        // What is said about the redacted session can name nothing else.
        let judged =
            share.judged(session.judged.by).into_iter().next().unwrap_or_else(|| session.judged.clone());
        let mut record = of(&Checked { judged, ..session.clone() });
        record.trace = share.traces().first().cloned();
        record
    } else {
        of(session)
    };
    if let (Some(page), Ok(packed)) = (&job.link_to, share.packed()) {
        for verdict in record.verdicts.iter_mut().filter(|verdict| verdict.outcome == Outcome::Fail) {
            let place = verdict.lines.first().map(|place| format!("&e={place}")).unwrap_or_default();
            let link = format!("{page}#/?z={packed}&v={}.{}{place}", verdict.rule, verdict.side.name());
            // One that is cut off on its way would show something else.
            verdict.link = (link::size(&link) != link::Size::TooLong).then_some(link);
        }
    }
    let leaks = if job.output.shows { share.leaks().clone() } else { starttls_lab::pipeline::secrets(trace) };
    (record, leaks)
}

struct Report<'a> {
    writer: Box<dyn Writer>,
    to: &'a mut Output,
    text: String,
    fail_on: FailOn,
    policy: Asked,
    baseline: Baseline,
    today: String,
    /// What a baseline of this check holds, if one is to be written: it grows with the findings.
    learned: Option<Baseline>,
    prints: Fingerprints,
    findings: bool,
    unknown: bool,
    unreadable: bool,
    /// Files of folders and patterns that are no recordings.
    passed_over: usize,
}

impl Report<'_> {
    fn take(&mut self, from: &Source, message: Message) -> Result<(), Failure> {
        match message {
            Message::Session(input, mut session, leaks) => {
                self.prints.mark(&mut session.verdicts);
                self.policy.apply(&input.file, &self.today, &mut session.verdicts);
                self.baseline.apply(&input.file, &mut session.verdicts);
                for verdict in &session.verdicts {
                    if let Some(learned) = &mut self.learned {
                        learned.add(&input.file, verdict);
                    }
                    let counts = verdict.outcome == Outcome::Fail && verdict.counts();
                    self.findings |= counts && self.fail_on.counts(verdict.level);
                    self.unknown |= verdict.outcome == Outcome::CannotTell && !is_probe(&verdict.message);
                }
                self.writer.session(&mut self.text, &input, &session);
                let found = leaks.find(self.text.as_bytes());
                if !found.is_empty() {
                    let blocked = starttls_lab::pipeline::Blocked(found);
                    return Err(Failure::Unreadable(format!("{}: {blocked}", input.file)));
                }
                self.to.put(&mut self.text)
            }
            Message::End(input, opened) => {
                self.prints = Fingerprints::default();
                if let Some(error) = input.error.as_ref().filter(|_| from.found && opened) {
                    self.passed_over = self.passed_over.saturating_add(1);
                    if self.passed_over <= NAMED {
                        output::complain(&format!("{}: passed over: {}", input.file, error.message));
                    }
                    return Ok(());
                }
                if let Some(error) = &input.error {
                    self.unreadable = true;
                    output::complain(&format!("{}: {}", input.file, error.message));
                }
                self.writer.end_of_input(&mut self.text, &input);
                self.to.put(&mut self.text)
            }
        }
    }
}
