//! S-4978: behind COMPRESS the client waits for the answer.

use super::kit::*;

/// The rule.
pub static RULE: Rule = Rule {
    id: "S-4978",
    title: "Behind COMPRESS the client waits for the answer",
    why: "What is sent before the answer may be read as text by one side and as compressed octets by the other.",
    how: "A command of the client between COMPRESS and its answer.",
    blind: "What stands behind a compression layer that came up.",
    protocols: &[Imap],
    examples: Examples {
        bad: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: a OK welcome
             C: b COMPRESS DEFLATE
             C: c NOOP
             S: b NO not here
             S: c OK done",
        ),
        good: Session(
            "==TLS==
             S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
             C: a AUTHENTICATE PLAIN
             S: +
             C: AGFuYQBzM2NyZXQ=
             S: a OK welcome
             C: b COMPRESS DEFLATE
             S: b NO not here
             C: c NOOP
             S: c OK done",
        ),
        implies: &[],
    },
    check,
};

fn check(case: &Case<'_>) -> Finding {
    let leg = case.leg;
    let mut commands = leg
        .commands()
        .filter(|(event, _)| case.own(event))
        .map(|(event, command)| (event, command.name == "COMPRESS"));
    let mut asked: Option<&Event> = None;
    let occasions = std::iter::from_fn(move || {
        loop {
            let Some((event, compress)) = commands.next() else { return asked.take().map(Occasion::Kept) };
            let waiting = asked.filter(|asked| leg.reply_to(asked.id).is_none_or(|(at, _)| at.id > event.id));
            if let Some(asked) = waiting {
                return Some(broken([asked, event], "The client sent more before COMPRESS was answered."));
            }
            if compress {
                asked = Some(event);
            }
        }
    });
    each(occasions, "The client waited for the answer to COMPRESS.", "No COMPRESS was sent.")
}

#[cfg(test)]
mod tests {
    crate::testing::outcomes! {
        "S-4978"
        Client "C: a COMPRESS DEFLATE <-- S-4978 fail
             C: b NOOP <-- S-4978 fail
             S: a OK"
        Client "C: a COMPRESS DEFLATE <-- S-4978 pass
             S: a NO
             C: b NOOP"
        Client "C: a NOOP
             <-- S-4978 not-applicable"
    }
}
