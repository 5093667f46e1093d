//! `starttls-lab probe`.

use crate::output::{Failure, Output};
use crate::simulate::party;
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::{self, Protocol, Setup, Side};

/// Run a client or a server with its switches on and off, and fill in the checklist of RFC 2595 appendix A
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("party").required(true).args(["client", "server"]))]
pub struct Args {
    /// The protocol
    #[arg(long, value_parser = PossibleValuesParser::new(Protocol::ALL.map(Protocol::id)))]
    protocol: String,
    /// Probe this client: a profile (`list profiles`) or a file that describes one
    #[arg(long, value_name = "PROFILE")]
    client: Option<String>,
    /// Probe this server: a profile (`list profiles`) or a file that describes one
    #[arg(long, value_name = "PROFILE")]
    server: Option<String>,
    /// Change a switch of the party (`list switches`)
    #[arg(long = "set", value_name = "SIDE.SWITCH=VALUE")]
    set: Vec<String>,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = PossibleValuesParser::new(["text", "json"]))]
    output: String,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let protocol = Protocol::ALL.into_iter().find(|protocol| protocol.id() == args.protocol);
    let mut setup = Setup::new(protocol.unwrap_or(Protocol::Imap))?;
    let side = match (&args.client, &args.server) {
        (Some(client), _) => {
            party(&mut setup, Side::Client, client)?;
            Side::Client
        }
        (None, server) => {
            party(&mut setup, Side::Server, server.as_deref().unwrap_or_default())?;
            Side::Server
        }
    };
    for text in &args.set {
        setup.set_text(text)?;
    }
    let probed = pipeline::probe(&setup, side);
    let mut text = match args.output.as_str() {
        "json" => probed.json(),
        _ => probed.text(),
    };
    to.put(&mut text)?;
    Ok(0)
}
