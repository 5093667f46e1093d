//! A good and a bad example of every rule, which a test judges.

/// The two examples.
#[derive(Clone, Copy, Debug)]
pub struct Examples {
    /// A session that breaks the rule.
    pub bad: Sample,
    /// A session that breaks none.
    pub good: Sample,
    /// Other rules that the bad example breaks, because whoever does the one thing does the other.
    pub implies: &'static [&'static str],
}

/// A session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// Lines with `C:` and `S:`, as a transcript has them. `P client TlsRequired` states a party's policy and
    /// `N client WarnedUser` another fact that no wire shows.
    Session(&'static str),
    /// A simulation: the protocol, then `client=PROFILE`, `server=PROFILE`, `attack=ID` and `SIDE.SWITCH=VALUE`.
    Run(&'static str),
    /// A probe: the protocol, then `client=PROFILE` or `server=PROFILE`, whoever is probed, and its switches.
    Probe(&'static str),
    /// No party here can do it: why not.
    Nobody(&'static str),
}

impl Sample {
    /// Its lines, as they are shown and opened: a transcript, in which comments say what no line of the wire does. Of a
    /// run and a probe, the command that makes it.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Session(text) => text.lines().filter_map(|line| shown(line.trim())).collect(),
            Self::Run(words) => command("simulate", words),
            Self::Probe(words) => command("probe", words),
            Self::Nobody(why) => [why, "\n"].concat(),
        }
    }
}

/// The command that does what the words of a run say.
fn command(name: &str, words: &str) -> String {
    let mut words = words.split_whitespace();
    let mut command = ["starttls-lab ", name, " --protocol ", words.next().unwrap_or_default()].concat();
    for word in words {
        let option = match word.split_once('=') {
            Some((known @ ("client" | "server" | "attack" | "seed"), value)) => {
                [" --", known, " ", value].concat()
            }
            _ => [" --set ", word].concat(),
        };
        command.push_str(&option);
    }
    command + "\n"
}

/// A line of an example as a transcript has it; nothing for one that only says how to read the others.
fn shown(line: &str) -> Option<String> {
    let text = match line {
        "==POP3==" | "==ACAP==" => return None,
        "==TLS==" => "<TLS negotiation>".to_owned(),
        "==TLS FAILED==" => "<TLS negotiation failed>".to_owned(),
        "==SERVER HOP==" => "# what follows is what the server has on its side of the wire".to_owned(),
        _ => match line.split_once(' ') {
            Some(("==TLS", said)) => ["<TLS negotiation>\n# ", &came_up(said)].concat(),
            Some(("==CLIENT", said)) => ended("client", said),
            Some(("==SERVER", said)) => ended("server", said),
            Some(("P" | "N" | "A", said)) => ["# the ", &stated(said)].concat(),
            _ => line.to_owned(),
        },
    };
    Some(text + "\n")
}

fn ended(side: &str, said: &str) -> String {
    let what = match said {
        "CUT==" => "closes the connection without ending TLS",
        "ALERT==" => "ends TLS by an alert",
        _ => "closes the connection",
    };
    ["# the ", side, " ", what].concat()
}

/// What is known of a handshake that was completed.
fn came_up(said: &str) -> String {
    let mut known = vec![match said.contains("OLD") {
        true => "TLS 1.0",
        false => "TLS 1.3",
    }];
    let facts = [
        ("REFUSED", "the client found another name in the certificate, and its user said yes to it"),
        ("UNCHECKED", "the client did not compare the name"),
        (" CHECKED", "the client found the name that it looked for"),
        ("CNAME", "which was that of an alias"),
        ("COMMON", "the certificate has it as its common name only"),
        ("STAR", "the certificate has a star that does not cover it"),
        ("CASE", "the certificate has it in other letters, upper and lower"),
        ("PATHLESS", "the client did not look who had issued the certificate"),
        ("UNASKED", "the client did not ask whether the certificate was revoked"),
        ("UNTRUSTED", "nobody vouches for the certificate"),
        ("ASKED==", "the server asked for a certificate"),
    ];
    // The last word of one is the end of another.
    let has = |word: &str| said.contains(word) && !(word == "ASKED==" && said.contains("UNASKED"));
    known.extend(facts.iter().filter(|(word, _)| has(word)).map(|(_, fact)| *fact));
    known.extend(said.split([' ', '=']).find(|word| word.starts_with("TLS_")));
    ["TLS came up: ", &known.join(", ")].concat()
}

/// What a side says of itself, behind its name.
fn stated(said: &str) -> String {
    let (side, name) = said.split_once(' ').unwrap_or((said, ""));
    let what = match name.trim() {
        "TlsRequired" => "requires TLS",
        "TlsIfOffered" => "uses TLS where it is offered and logs in regardless",
        "ClearTextRefused" => "is set to take no password outside TLS",
        "ClearTextAccepted" => "is set to take passwords outside TLS",
        "WarnedUser" => "warned its user",
        "UserNotWarned" => "did not warn its user",
        "ResultChecked" => "looked at what became of STARTTLS",
        "ResultIgnored" => "did not look at what became of STARTTLS",
        "CapabilitiesDropped" => "forgot what it had been told outside TLS",
        "CapabilitiesKept" => "still goes by what it was told outside TLS",
        "Alert" | "Answer" | "Capabilities" | "ErrorText" | "MailboxData" => "acts on that",
        "KeptIncomplete" => "kept data that was cut off",
        "Crashed" => "crashed",
        "Reset" => "put itself back as it was before the login",
        "Refused(StartTlsRefused)" => "gives up, because STARTTLS was refused",
        "SetTo(WithoutUnauthenticate)" => "is set not to offer UNAUTHENTICATE",
        other => other,
    };
    [side, " ", what].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_an_example_is_of_a_transcript() {
        for rule in crate::rules::ALL {
            for sample in [rule.examples.bad, rule.examples.good] {
                let Sample::Session(_) = sample else { continue };
                for line in sample.text().lines() {
                    let known = ["C: ", "S: ", "C:", "S:", "<TLS negotiation", "# "];
                    assert!(known.iter().any(|start| line.starts_with(start)), "{}: {line}", rule.id);
                    // No name of ours in a comment.
                    let inner = line.starts_with("# ") && line.contains(['(', '=']);
                    assert!(!inner, "{}: {line}", rule.id);
                }
            }
        }
    }

    #[test]
    fn a_run_is_a_command() {
        let run = Sample::Run("imap client=private attack=fail-starttls client.no-name-check=on");
        assert_eq!(
            run.text(),
            "starttls-lab simulate --protocol imap --client private --attack fail-starttls --set client.no-name-check=on\n"
        );
        assert_eq!(
            Sample::Probe("imap server=open").text(),
            "starttls-lab probe --protocol imap --server open\n"
        );
    }

    #[test]
    fn what_is_known_of_a_handshake_is_said_in_words() {
        assert_eq!(
            shown("==TLS UP NAME CHECKED UNASKED==").unwrap(),
            "<TLS negotiation>\n# TLS came up: TLS 1.3, the client found the name that it looked for, the client did not ask whether the certificate was revoked\n"
        );
        assert_eq!(shown("==TLS UP OLD==").unwrap(), "<TLS negotiation>\n# TLS came up: TLS 1.0\n");
        assert_eq!(
            shown("==TLS UP ASKED==").unwrap(),
            "<TLS negotiation>\n# TLS came up: TLS 1.3, the server asked for a certificate\n"
        );
    }
}
