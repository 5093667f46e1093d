//! The command line: STARTTLS Lab for terminals and continuous integration.
// A face: it reads files and writes to the terminal, which the core must not.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)]

mod check;
mod compare;
mod explain;
mod inputs;
mod list;
mod matrix;
mod open;
mod output;
mod plain;
mod probe;
mod replay;
mod search;
mod shell;
mod simulate;

use clap::{Parser, Subcommand};
use output::{Failure, Output};
use std::process::ExitCode;

/// Simulates STARTTLS in mail protocols and judges recorded sessions by RFC 2595 and its successors
#[derive(Parser)]
#[command(name = "starttls-lab", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  no broken rule at or above --fail-on; simulate, list and plain: done
  1  findings; plain: not a message of the mechanism; compare: the sessions differ
  2  wrong usage
  3  an input is not readable (before 1 when both are true), or a report would
     have held something private
  4  with --strict-unknown: nothing broken, but something cannot be told";

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Simulate(simulate::Args),
    List(list::Args),
    Explain(explain::Args),
    Probe(probe::Args),
    #[command(visible_alias = "whatif")]
    Replay(replay::Args),
    Compare(compare::Args),
    Matrix(matrix::Args),
    Search(search::Args),
    Plain(plain::Args),
    Open(open::Args),
    Completions(shell::Completions),
    Man(shell::Man),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut output = Output::new();
    let result = match cli.command {
        Command::Check(args) => check::run(&args, &mut output),
        Command::Simulate(args) => simulate::run(&args, &mut output),
        Command::List(args) => list::run(&args, &mut output),
        Command::Explain(args) => explain::run(&args, &mut output),
        Command::Probe(args) => probe::run(&args, &mut output),
        Command::Replay(args) => replay::run(&args, &mut output),
        Command::Compare(args) => compare::run(&args, &mut output),
        Command::Matrix(args) => matrix::run(&args, &mut output),
        Command::Search(args) => search::run(&args, &mut output),
        Command::Plain(args) => plain::run(&args, &mut output),
        Command::Open(args) => open::run(&args, &mut output),
        Command::Completions(args) => shell::completions(&args, &mut output),
        Command::Man(args) => shell::man(&args, &mut output),
    };
    match result.and_then(|code| output.flush().map(|()| code)) {
        Ok(code) => code.into(),
        Err(Failure::Usage(message)) => {
            output::complain(&message);
            ExitCode::from(2)
        }
        Err(Failure::Unreadable(message)) => {
            output::complain(&message);
            ExitCode::from(3)
        }
        Err(Failure::Write(error)) => {
            output::complain(&format!("standard output: {error}"));
            ExitCode::from(3)
        }
    }
}
