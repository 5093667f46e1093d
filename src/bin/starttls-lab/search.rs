//! `starttls-lab search`.

use crate::output::{self, Failure, Output};
use crate::simulate::party;
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::report::Kind;
use starttls_lab::pipeline::{self, Bounds, Protocol, Setup, Side};

/// Look for the shortest attack that does a harm, by trying every move of an attacker within bounds
///
/// The exit code is 0 when the search was made, whatever came out of it.
#[derive(clap::Args)]
pub struct Args {
    /// The protocol
    #[arg(long, default_value = "imap", value_parser = PossibleValuesParser::new(Protocol::ALL.map(Protocol::id)))]
    protocol: String,
    /// The client's profile (`list profiles`), or a file that describes one
    #[arg(long, value_name = "PROFILE")]
    client: Option<String>,
    /// The server's profile (`list profiles`), or a file that describes one
    #[arg(long, value_name = "PROFILE")]
    server: Option<String>,
    /// Change a switch (`list switches`); the side is client or server
    #[arg(long = "set", value_name = "SIDE.SWITCH=VALUE")]
    set: Vec<String>,
    /// The harm to do (`list harms`)
    #[arg(long, default_value = "credential")]
    harm: String,
    /// At most so many moves
    #[arg(long, value_name = "N", default_value_t = Bounds::default().moves)]
    moves: u32,
    /// Only among so many first messages
    #[arg(long, value_name = "N", default_value_t = Bounds::default().messages)]
    messages: u32,
    /// At most so many runs
    #[arg(long, value_name = "N", default_value_t = Bounds::default().runs)]
    runs: u32,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::list_formats())]
    output: String,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let setup = setup(args)?;
    let bounds = Bounds { moves: args.moves, messages: args.messages, runs: args.runs };
    let searched = pipeline::search(&setup, &args.harm, bounds)
        .ok_or_else(|| Failure::Usage(output::no_such("harm", Kind::Harms, &args.harm)))?;
    let mut text = String::new();
    output::writer(&args.output)?.search(&mut text, &searched);
    to.put(&mut text)?;
    Ok(0)
}

fn setup(args: &Args) -> Result<Setup, Failure> {
    let protocol = Protocol::ALL.into_iter().find(|protocol| protocol.id() == args.protocol);
    let mut setup = Setup::new(protocol.unwrap_or(Protocol::Imap))?;
    for (side, profile) in [(Side::Client, &args.client), (Side::Server, &args.server)] {
        if let Some(profile) = profile {
            party(&mut setup, side, profile)?;
        }
    }
    for text in &args.set {
        setup.set_text(text)?;
    }
    Ok(setup)
}
