//! `starttls-lab simulate`.

use crate::output::{self, Failure, Output};
use clap::builder::PossibleValuesParser;
use starttls_lab::pipeline::{self, ATTACK_LIMIT, Custom, PROFILE_LIMIT, Protocol, Seed, Setup, Side};
use std::borrow::Cow;
use std::fs::File;
use std::io::{ErrorKind, Read};

/// Run a client, an attacker and a server against each other and judge what happens
///
/// The exit code is 0 when the run was made, whatever came out of it.
#[derive(clap::Args)]
pub struct Args {
    /// The protocol
    #[arg(long, value_parser = PossibleValuesParser::new(Protocol::ALL.map(Protocol::id)))]
    protocol: String,
    /// The client: a profile (`list profiles`) or a file that describes one (docs/profile.md)
    #[arg(long, value_name = "ID|FILE")]
    client: Option<String>,
    /// The server: a profile or a file
    #[arg(long, value_name = "ID|FILE")]
    server: Option<String>,
    /// An attack (`list attacks`); repeat it to stack several, the nearest to the client first; `all` tries each of them
    /// alone and says what each gained
    #[arg(long = "attack", value_name = "ID")]
    attacks: Vec<String>,
    /// An attack that was written as text (see `docs/attack.md`); it stands behind the others
    #[arg(long, value_name = "FILE")]
    attack_file: Option<String>,
    /// So many of the other attacks stand between the client and the written one
    #[arg(long, value_name = "NUMBER", requires = "attack_file")]
    attack_file_behind: Option<usize>,
    /// Look for the smallest changes that stop the attacks
    #[arg(long)]
    fixes: bool,
    /// Change a switch (`list switches`); the side is client, middle or server
    #[arg(long = "set", value_name = "SIDE.SWITCH=VALUE")]
    set: Vec<String>,
    /// The documents in force
    #[arg(long, default_value = "today", value_parser = output::rule_sets())]
    rules: String,
    /// Where chance comes from: the same seed gives the same bytes
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Say why a rule (`list rules`) did or did not fire on each connection
    #[arg(long, value_name = "RULE")]
    why: Option<String>,
    /// How to write the report
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = output::formats())]
    output: String,
    /// Also write the connections as a capture (pcapng) that Wireshark and tshark read
    #[arg(long, value_name = "FILE")]
    pcap: Option<std::path::PathBuf>,
}

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let rule_set = output::rule_set(&args.rules);
    let setup = setup(args)?;
    if args.why.is_some() {
        output::needs(&args.output, "--why", |format| format.tells_why)?;
    }
    if args.attacks == ["all"] {
        output::needs(&args.output, "--attack all", |format| format.lists)?;
        let asked = [("--pcap", args.pcap.is_some()), ("--fixes", args.fixes), ("--why", args.why.is_some())];
        if let Some((name, _)) = asked.into_iter().find(|(_, asked)| *asked) {
            return Err(Failure::Usage(format!(
                "{name} is about one run; `--attack all` is a table of many. Name the attack."
            )));
        }
        let mut text = String::new();
        output::writer(&args.output)?.trials(&mut text, &pipeline::trials(&setup, rule_set));
        return to.put(&mut text).map(|()| 0);
    }
    let run = pipeline::simulate(&setup, rule_set);
    let mut record = run.record(rule_set);
    if let Some(rule) = args.why.as_deref().map(output::rule).transpose()? {
        for (session, judged) in record.sessions.iter_mut().zip(&run.connections) {
            session.why = judged.why(rule);
        }
    }
    record.fixes = args.fixes.then(|| pipeline::fixes(&setup));
    let mut text = String::new();
    output::writer(&args.output)?.run(&mut text, &record);
    // For people: who saw nothing happen wants to know what it takes.
    let nearby = if args.output == "text" { pipeline::nearby(&setup) } else { Vec::new() };
    if !nearby.is_empty() {
        let ways = nearby.iter().map(|way| format!("`{way}`")).collect::<Vec<_>>().join(" or with ");
        text.push_str(&format!("\nThe attack does not reach what it is for here. It does with {ways}.\n"));
    }
    let traces: Vec<_> = run.connections.iter().map(|judged| judged.trace.clone()).collect();
    let share = pipeline::Share::new(&traces, pipeline::Hide::SECRETS, false);
    let blocked = |blocked: pipeline::Blocked| Failure::Unreadable(blocked.to_string());
    share.check(text.as_bytes()).map_err(blocked)?;
    if let Some(path) = &args.pcap {
        let octets = share.pcapng().map_err(blocked)?;
        std::fs::write(path, octets)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    }
    to.put(&mut text)?;
    Ok(0)
}

fn setup(args: &Args) -> Result<Setup, Failure> {
    let protocol = Protocol::ALL.into_iter().find(|protocol| protocol.id() == args.protocol);
    let mut setup = Setup::new(protocol.unwrap_or(Protocol::Imap))?;
    if let Some(seed) = args.seed {
        setup.seed = Seed(seed);
    }
    for (side, profile) in [(Side::Client, &args.client), (Side::Server, &args.server)] {
        if let Some(profile) = profile {
            party(&mut setup, side, profile)?;
        }
    }
    if args.attacks.len() > 1 && args.attacks.iter().any(|attack| attack == "all") {
        return Err(Failure::Usage("`--attack all` stands alone".to_owned()));
    }
    for attack in args.attacks.iter().filter(|_| args.attacks != ["all"]) {
        setup.attack(attack)?;
    }
    for text in &args.set {
        setup.set_text(text)?;
    }
    setup.custom = args.attack_file.as_deref().map(written).transpose()?;
    setup.custom_at = args.attack_file_behind;
    Ok(setup)
}

/// Reads an attack that was written as text.
pub fn written(name: &str) -> Result<Custom, Failure> {
    let mut octets = Vec::new();
    // A little more than is permitted, so that the reader sees that it is too much.
    let limit = u64::try_from(ATTACK_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    File::open(name)
        .and_then(|file| file.take(limit).read_to_end(&mut octets))
        .map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
    let text = String::from_utf8_lossy(&octets);
    Custom::parse(&text).map_err(|error| Failure::Usage(format!("{name}: {error}")))
}

/// The protocols of a built-in profile, in words.
fn speaks(side: Side, id: &str) -> Option<String> {
    let setups = Protocol::ALL.into_iter().filter_map(|protocol| Setup::new(protocol).ok());
    let speaking = setups.filter(|setup| setup.protocol.all_profiles(side).any(|profile| profile.id == id));
    let names: Vec<_> = speaking.map(|setup| setup.protocol.protocol.title()).collect();
    (!names.is_empty()).then(|| names.join(" and "))
}

/// Gives a side a built-in profile, or else the one that a file describes.
pub fn party(setup: &mut Setup, side: Side, name: &str) -> Result<(), Failure> {
    // As `list` writes it where a client and a server have the same name.
    let id = name.strip_prefix(side.name()).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name);
    let Err(unknown) = setup.profile(side, id) else { return Ok(()) };
    let protocol = setup.protocol.protocol;
    let mut octets = Vec::new();
    // A little more than is permitted, so that the reader sees that it is too much.
    let limit = u64::try_from(PROFILE_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    match File::open(name).and_then(|file| file.take(limit).read_to_end(&mut octets)) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound && speaks(side, id).is_some() => {
            let (is, other) = (side.name(), speaks(side, id).unwrap_or_default());
            let wanted = protocol.title();
            return Err(Failure::Usage(format!("{name}: this {is} speaks {other} and not {wanted}")));
        }
        Err(error) if error.kind() == ErrorKind::NotFound && !name.contains(['/', '.']) => {
            return Err(Failure::Usage(format!("there is no file `{name}`, and {unknown}")));
        }
        Err(error) => return Err(Failure::Usage(format!("{name}: {error}"))),
    }
    let file = pipeline::read_profile(&octets).map_err(|errors| {
        let (last, others) =
            errors.split_last().map_or((String::new(), &[][..]), |(l, o)| (l.to_string(), o));
        for error in others {
            output::complain(&format!("{name}: {error}"));
        }
        Failure::Usage(format!("{name}: {last}"))
    })?;
    if file.side != side {
        let (is, wanted) = (file.side.name(), side.name());
        return Err(Failure::Usage(format!("{name}: this is the profile of a {is}, not of a {wanted}")));
    }
    let profile = file.profile(protocol).ok_or_else(|| {
        Failure::Usage(format!("{name}: this {} does not speak {}", side.name(), protocol.title()))
    })?;
    setup.behave(Cow::Owned(profile));
    Ok(())
}
