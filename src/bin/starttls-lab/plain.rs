//! `starttls-lab plain`.

use crate::output::{Failure, Output, complain};
use clap::Subcommand;
use starttls_lab::pipeline::plain::{self, Dissection, Grammar, Octet, Role};
use starttls_lab::pipeline::{Secret, printable};
use std::fmt::Write as _;
use std::io::Read;

/// Build a message of the PLAIN mechanism, or take one apart octet by octet
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Encode(Encode),
    Decode(Decode),
}

/// Build a message and print it in base64
#[derive(clap::Args)]
struct Encode {
    /// The identity to act as; without it, the one that logs in
    #[arg(long, value_name = "NAME", default_value = "")]
    authzid: String,
    /// The identity that logs in
    #[arg(long, value_name = "NAME")]
    authcid: String,
    /// Read the password from standard input, up to the end of its last line
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    by: By,
}

/// Take a message apart
#[derive(clap::Args)]
struct Decode {
    /// The message in base64; - reads it from standard input
    #[arg(value_name = "BASE64|-")]
    text: String,
    /// Show the password's octets too
    #[arg(long)]
    show_password: bool,
    #[command(flatten)]
    by: By,
}

#[derive(clap::Args)]
struct By {
    /// The RFC whose grammar the message is held to
    #[arg(long, value_name = "RFC", default_value = "4616", value_parser = ["2595", "4616"])]
    grammar: String,
}

impl By {
    fn grammar(&self) -> Grammar {
        Grammar::ALL.into_iter().find(|grammar| grammar.id() == self.grammar).unwrap_or(Grammar::Rfc4616)
    }
}

/// A password or a message that is longer than any program takes is not read to its end.
const INPUT_LIMIT: u64 = 1 << 20;

pub fn run(args: &Args, to: &mut Output) -> Result<u8, Failure> {
    let mut text = String::new();
    let code = match &args.what {
        What::Encode(args) => encode(args, &mut text),
        What::Decode(args) => decode(args, &mut text),
    }?;
    to.put(&mut text)?;
    Ok(code)
}

fn encode(args: &Encode, to: &mut String) -> Result<u8, Failure> {
    let Some(password) = standard_input() else { return Ok(3) };
    match plain::compose(&args.authzid, &args.authcid, &Secret::new(&password), args.by.grammar()) {
        Ok(message) => {
            let _ = writeln!(to, "{}", plain::to_text(&message));
            Ok(0)
        }
        Err(fault) => {
            complain(&format!("{fault} ({})", fault.section(args.by.grammar())));
            Ok(1)
        }
    }
}

fn decode(args: &Decode, to: &mut String) -> Result<u8, Failure> {
    let text = match args.text.as_str() {
        "-" => match standard_input() {
            Some(text) => text,
            None => return Ok(3),
        },
        text => text.as_bytes().to_vec(),
    };
    let whole = plain::in_command(&text);
    match whole {
        Some(b"") => {
            complain("this is a whole command without a message: the client sends it as a line of its own")
        }
        Some(_) => complain("this is a whole command: taken apart is the message behind PLAIN"),
        None => {}
    }
    let text = whole.map_or_else(|| text.clone(), <[u8]>::to_vec);
    let parts = plain::dissect_text(&text);
    let _ = writeln!(
        to,
        "{} octets: authzid {}, authcid {}, password {}\n",
        parts.octets.len(),
        parts.count(Role::Authzid),
        parts.count(Role::Authcid),
        parts.count(Role::Password)
    );
    let _ = writeln!(to, "octet  hex  character  part      base64");
    for octet in &parts.octets {
        line(octet, &parts, &text, args.show_password, to);
    }
    to.push('\n');
    for mistake in &parts.mistakes {
        let kind = if mistake.tolerable { "remark" } else { "mistake" };
        let _ = writeln!(to, "{kind}: {} ({})", mistake.says, mistake.section);
    }
    for remark in parts.remarks() {
        let _ = writeln!(to, "remark: {remark}");
    }
    for grammar in Grammar::ALL {
        let word = if parts.is_valid(grammar) { "takes it" } else { "refuses it" };
        let _ = writeln!(to, "{} {word}.", grammar.section());
    }
    Ok(u8::from(!parts.is_valid(args.by.grammar())))
}

/// One octet. The characters that made a part of the password are the password.
fn line(octet: &Octet, parts: &Dissection, text: &[u8], show: bool, to: &mut String) {
    let hidden = |octet: &Octet| octet.role.is_secret() && !show;
    let group = parts.groups.iter().find(|group| group.octets.contains(&octet.at));
    let shows = |group: &&starttls_lab::pipeline::Base64Group| {
        !parts.octets.iter().skip(group.octets.start).take(group.octets.len()).any(hidden)
    };
    let base64 = match group {
        Some(group) if shows(&group) => printable(text.get(group.text.clone()).unwrap_or_default()),
        Some(_) => "••••".to_owned(),
        None => String::new(),
    };
    let (hex, character) = match octet.character {
        _ if hidden(octet) => ("••".to_owned(), "•".to_owned()),
        Some('\0') => ("00".to_owned(), "NUL".to_owned()),
        Some(character) => (format!("{:02x}", octet.value), printable(character.to_string().as_bytes())),
        None => (format!("{:02x}", octet.value), String::new()),
    };
    let _ = writeln!(to, "{:5}  {hex:3}  {character:9}  {:8}  {base64}", octet.at, octet.role.name());
}

/// All of standard input without the last line's ending; `None`, announced, if it cannot be read or is far too long.
fn standard_input() -> Option<Vec<u8>> {
    let mut input = Vec::new();
    let read = std::io::stdin().lock().take(INPUT_LIMIT.saturating_add(1)).read_to_end(&mut input);
    match read {
        Err(error) => {
            complain(&format!("standard input: {error}"));
            return None;
        }
        Ok(_) if input.len() as u64 > INPUT_LIMIT => {
            complain("standard input: more than a megabyte is no message of PLAIN");
            return None;
        }
        Ok(_) => {}
    }
    if input.ends_with(b"\n") {
        input.pop();
        if input.ends_with(b"\r") {
            input.pop();
        }
    }
    Some(input)
}
