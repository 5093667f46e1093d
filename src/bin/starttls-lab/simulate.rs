//! `starttls-lab simulate`.

use crate::output::{self, Failure, Output};
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::{self, Protocol, Seed, Setup, SetupError, Side};

/// Run a client, an attacker and a server against each other and judge what happens
///
/// The exit code is 0 when the run was made, whatever came out of it.
#[derive(clap::Args)]
pub struct Args {
    /// The protocol
    #[arg(long, value_parser = PossibleValuesParser::new(Protocol::ALL.map(Protocol::id)))]
    protocol: String,
    /// The client's profile (`list profiles`)
    #[arg(long, value_name = "PROFILE")]
    client: Option<String>,
    /// The server's profile (`list profiles`)
    #[arg(long, value_name = "PROFILE")]
    server: Option<String>,
    /// An attack (`list attacks`); repeat it to stack several, the nearest to the client first
    #[arg(long = "attack", value_name = "ID")]
    attacks: Vec<String>,
    /// Change a switch (`list switches`); the side is client, middle or server
    #[arg(long = "set", value_name = "SIDE.SWITCH=VALUE")]
    set: Vec<String>,
    /// The documents in force
    #[arg(long, default_value = "today", value_parser = output::rule_sets())]
    rules: String,
    /// Where chance comes from: the same seed gives the same bytes
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How to write the report
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::formats())]
    output: String,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let rule_set = output::rule_set(&args.rules);
    let setup = setup(args).map_err(|error| Failure::Usage(error.to_string()))?;
    let run = pipeline::simulate(&setup, rule_set);
    let mut text = String::new();
    output::writer(&args.output)?.run(&mut text, &run.record(rule_set));
    to.put(&mut text)?;
    Ok(0)
}

fn setup(args: &Args) -> Result<Setup, SetupError> {
    let protocol = Protocol::ALL.into_iter().find(|protocol| protocol.id() == args.protocol);
    let mut setup = Setup::new(protocol.unwrap_or(Protocol::Imap))?;
    if let Some(seed) = args.seed {
        setup.seed = Seed(seed);
    }
    for (side, profile) in [(Side::Client, &args.client), (Side::Server, &args.server)] {
        if let Some(profile) = profile {
            setup.profile(side, profile)?;
        }
    }
    for attack in &args.attacks {
        setup.attack(attack)?;
    }
    for text in &args.set {
        setup.set_text(text)?;
    }
    Ok(setup)
}
