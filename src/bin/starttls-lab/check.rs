//! `starttls-lab check`.

use crate::inputs::{self, Source};
use crate::output::{self, Failure, Output};
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::report::{FailOn, Input, InputError, Writer};
use starttls_lab::pipeline::{Assumed, Checked, Checker, KeyLog, Outcome, Policy, Select, formats};
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::Arc;

/// Judge recorded sessions
#[derive(clap::Args)]
#[command(after_help = crate::EXIT_CODES)]
pub struct Args {
    /// The inputs' format; without this each input's own look tells it
    #[arg(long, value_parser = PossibleValuesParser::new(formats().iter().map(|format| format.id)))]
    format: Option<String>,
    /// The documents in force
    #[arg(long, default_value = "today", value_parser = output::rule_sets())]
    rules: String,
    /// The lowest level of a broken rule that makes the exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "error", value_parser = PossibleValuesParser::new(FailOn::ALL.map(FailOn::id)))]
    fail_on: String,
    /// Say why a rule (`list rules`) did or did not fire: what it looked at, and the first condition that was not met
    #[arg(long, value_name = "RULE")]
    why: Option<String>,
    /// Take a party to be set to a policy that the recording does not state; may be given once for each side
    #[arg(long, value_name = "SIDE=POLICY", value_parser = output::policy)]
    assume: Vec<Policy>,
    #[command(flatten)]
    select: output::Selection,
    /// How to write the report
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::formats())]
    output: String,
    /// A key log (the file that SSLKEYLOGFILE named), with which what went through TLS in a capture is judged too; may
    /// be given several times
    #[arg(long, value_name = "FILE")]
    keylog: Vec<std::path::PathBuf>,
    /// The inputs: files, folders with everything in them, patterns in quotes; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<std::path::PathBuf>,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let why = args.why.as_deref().map(output::rule).transpose()?;
    let mut report = Report {
        why,
        select: args.select.select(),
        assumed: output::assumed(&args.assume),
        keys: inputs::keys(&args.keylog)?,
        writer: output::writer(&args.output)?,
        to,
        text: String::new(),
        fail_on: FailOn::ALL.into_iter().find(|level| level.id() == args.fail_on).unwrap_or_default(),
        findings: false,
        unreadable: false,
        passed_over: 0,
    };
    let sources = inputs::sources(&args.files);
    for source in &sources {
        report.input(args, source)?;
    }
    if report.passed_over > 0 {
        output::complain(&format!("{} files are no recordings and were passed over", report.passed_over));
    }
    // Nothing but files of other kinds: nothing was checked.
    report.unreadable |= report.passed_over == sources.len();
    report.writer.finish(&mut report.text);
    report.to.put(&mut report.text)?;
    Ok(match (report.unreadable, report.findings) {
        (true, _) => 3,
        (false, true) => 1,
        (false, false) => 0,
    })
}

struct Report<'a> {
    why: Option<&'static str>,
    select: Select,
    assumed: Assumed,
    keys: Arc<KeyLog>,
    writer: Box<dyn Writer>,
    to: &'a mut Output,
    text: String,
    fail_on: FailOn,
    findings: bool,
    unreadable: bool,
    /// Files of folders and patterns that are no recordings.
    passed_over: usize,
}

impl Report<'_> {
    fn input(&mut self, args: &Args, from: &Source) -> Result<(), Failure> {
        let Source { path, found, .. } = from;
        let file = path.to_string_lossy().into_owned();
        let mut input = Input { file, ..Input::default() };
        let format = args.format.as_ref().and_then(|id| formats().iter().copied().find(|f| f.id == id));
        let mut checker =
            Checker::new(format, output::rule_set(&args.rules)).with_keys(&self.keys).assuming(self.assumed);
        let broken = from.open().and_then(|mut source| {
            let mut chunk = vec![0; 1 << 16];
            loop {
                let got = match source.read(&mut chunk) {
                    Ok(0) => return Ok(Ok(())),
                    Ok(got) => got,
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error),
                };
                let sessions = checker.push(chunk.get(..got).unwrap_or_default());
                input.format = checker.format().map(|format| (format.id, format.title));
                input.places = checker.format().map(|format| format.place);
                if let Err(failure) = self.sessions(&input, &sessions) {
                    return Ok(Err(failure));
                }
            }
        });
        let unopened = match broken {
            Ok(written) => {
                written?;
                None
            }
            Err(error) => Some(error),
        };
        let (sessions, ending) = checker.finish();
        let mut input = ending.input(&input.file);
        let unopened_is_none = unopened.is_none();
        if let Some(error) = unopened {
            input.error =
                Some(InputError { message: format!("the input cannot be read: {error}"), line: None });
        }
        self.sessions(&input, &sessions)?;
        if *found && input.error.is_some() && unopened_is_none {
            self.passed_over = self.passed_over.saturating_add(1);
            return Ok(());
        }
        if let Some(error) = &input.error {
            self.unreadable = true;
            output::complain(&format!("{}: {}", input.file, error.message));
        }
        self.writer.end_of_input(&mut self.text, &input);
        self.to.put(&mut self.text)
    }

    fn sessions(&mut self, input: &Input, sessions: &[Checked]) -> Result<(), Failure> {
        for session in sessions {
            let counts = |level| self.fail_on.counts(level);
            let shown = session
                .judged
                .verdicts
                .iter()
                .filter(|v| self.select.fits(v.rule, v.side, v.level(), v.outcome));
            self.findings |=
                shown.clone().any(|verdict| verdict.outcome == Outcome::Fail && counts(verdict.level()));
            let mut record = session.record();
            if !self.select.is_all() {
                let shown: BTreeSet<_> = shown.map(|v| (v.rule.id, v.side)).collect();
                record.verdicts.retain(|v| shown.contains(&(v.rule, v.side)));
            }
            record.why = self.why.map(|rule| session.judged.why(rule)).unwrap_or_default();
            self.writer.session(&mut self.text, input, &record);
            self.to.put(&mut self.text)?;
        }
        Ok(())
    }
}
