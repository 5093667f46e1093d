//! `starttls-lab replay`.

use crate::inputs;
use crate::output::{self, Failure, Output};
use crate::simulate;
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::{self, Recorded, Setup, Side, formats};
use std::path::PathBuf;

/// Play a recorded session again: as it was, with an attack in it, or with another client or server
///
/// A recorded party does what it did as long as what it meets is what it met. From the first decision that the
/// recording does not show, nothing is made up: the answer names the decision, what is missing, and what is certain all
/// the same. The exit code is 0 when the session was played, whatever came out of it.
#[derive(clap::Args)]
pub struct Args {
    /// The input's format; without this its own look tells it
    #[arg(long, value_parser = PossibleValuesParser::new(formats().iter().map(|format| format.id)))]
    format: Option<String>,
    /// Which session of the input, from 1
    #[arg(long, value_name = "N", default_value_t = 1)]
    session: usize,
    /// More recordings of the same client with the same settings, which show more of what it does; may be given several
    /// times
    #[arg(long, value_name = "FILE")]
    also: Vec<PathBuf>,
    /// A key log for captures; may be given several times
    #[arg(long, value_name = "FILE")]
    keylog: Vec<PathBuf>,
    /// Who plays the client: `recorded`, a profile (`list profiles`) or a file that describes one
    #[arg(long, value_name = "recorded|ID|FILE", default_value = "recorded")]
    client: String,
    /// Who plays the server
    #[arg(long, value_name = "recorded|ID|FILE", default_value = "recorded")]
    server: String,
    /// An attack (`list attacks`); repeat it to stack several, the nearest to the client first
    #[arg(long = "attack", value_name = "ID")]
    attacks: Vec<String>,
    /// An attack that was written as text (see `docs/attack.md`); it stands behind the others
    #[arg(long, value_name = "FILE")]
    attack_file: Option<String>,
    /// Change a switch (`list switches`); the side is client, middle or server
    #[arg(long = "set", value_name = "SIDE.SWITCH=VALUE")]
    set: Vec<String>,
    /// Take the recorded client to be told to keep a policy; no recording without an attack shows which one it was
    #[arg(long, value_name = "client=POLICY", value_parser = output::policy)]
    assume: Vec<pipeline::Policy>,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    output: String,
    /// The recording
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let keys = inputs::keys(&args.keylog)?;
    let format = args.format.as_deref();
    let mut sessions = vec![(inputs::session(&args.file, args.session, format, &keys)?, &args.file)];
    for path in &args.also {
        sessions.push((inputs::session(path, 1, None, &keys)?, path));
    }
    let names: Vec<String> = sessions.iter().map(|(_, path)| path.to_string_lossy().into_owned()).collect();
    let recorded: Vec<Recorded<'_>> = sessions
        .iter()
        .zip(&names)
        .map(|((session, _), name)| (&session.judged.trace, name.as_str()))
        .collect();
    let protocol = sessions.first().map(|(session, _)| session.judged.trace.protocol());
    let mut setup = Setup::new(protocol.unwrap_or(pipeline::Protocol::Imap))?;
    let mut plays = [true, true];
    for ((side, party), plays) in
        [(Side::Client, &args.client), (Side::Server, &args.server)].into_iter().zip(&mut plays)
    {
        if party != "recorded" {
            simulate::party(&mut setup, side, party)?;
            *plays = false;
        }
    }
    for attack in &args.attacks {
        setup.attack(attack)?;
    }
    for text in &args.set {
        setup.set_text(text)?;
    }
    setup.custom = args.attack_file.as_deref().map(simulate::written).transpose()?;
    let [client, server] = plays;
    let of = |plays: bool, recorded: &[Recorded<'_>]| if plays { recorded.len() } else { 0 };
    let clients = recorded.get(..of(client, &recorded)).unwrap_or_default();
    let servers = recorded.get(..usize::from(server)).unwrap_or_default();
    let by = pipeline::By { assumed: output::assumed(&args.assume)?, ..pipeline::By::default() };
    let (_, record) = pipeline::replay(&setup, clients, servers, by)
        .map_err(|error| Failure::Usage(format!("{}: {error}", args.file.display())))?;
    let mut text = if args.output == "json" { output::json(&record) } else { record.text() };
    to.put(&mut text)?;
    Ok(0)
}
