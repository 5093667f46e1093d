//! The report in Markdown, to be pasted into an issue: findings with their evidence, and how it was made.

use super::excerpt::shown;
use super::markup::{fenced, sentence};
use super::{
    Counts, Format, Input, RunRecord, SessionRecord, VerdictRecord, Writer, broken, findings, same_deed,
    set_aside,
};
use crate::view::Ladder;

/// The format.
pub(super) static FORMAT: Format = Format {
    id: "markdown",
    title: "Markdown",
    about: "Findings and the lines they rest on, redacted, to be pasted into an issue.",
    shows: true,
    lists: false,
    tells_why: false,
    terse: false,
    writer: || Box::new(Markdown::default()),
};

/// So many lines of evidence are shown for one finding.
const EVIDENCE: usize = 12;

/// So many lines of a run are shown.
const RUN: usize = 200;

#[derive(Default)]
struct Markdown {
    /// Sessions of the input so far; nothing before its first line.
    here: Option<usize>,
    broken: usize,
    undecided: usize,
}

impl Markdown {
    fn open(&mut self, out: &mut String, input: &Input) -> usize {
        if let Some(sessions) = self.here {
            return sessions;
        }
        out.push_str(&format!("## {}\n\n", sentence(input.name())));
        if let Some((_, title)) = input.format {
            out.push_str(&format!("Read as: {}.\n\n", sentence(title)));
        }
        self.here = Some(0);
        0
    }

    fn verdicts(
        &mut self,
        out: &mut String,
        verdicts: &[VerdictRecord],
        ladder: Option<&Ladder>,
        word: &str,
    ) {
        let counts = Counts::of(verdicts);
        self.broken = self.broken.saturating_add(counts.broken);
        self.undecided = self.undecided.saturating_add(counts.undecided);
        out.push_str(&format!("**{}**\n\n", counts.words()));
        let broken = findings(verdicts);
        for (number, verdict) in broken.iter().enumerate() {
            finding(out, verdict, same_deed(&broken, number), ladder, word);
        }
    }
}

fn finding(
    out: &mut String,
    verdict: &VerdictRecord,
    same: Option<String>,
    ladder: Option<&Ladder>,
    word: &str,
) {
    let tail = same.into_iter().chain(set_aside(verdict));
    let tail: String = tail.map(|text| format!("  \n  *{}*", sentence(&text))).collect();
    out.push_str(&format!(
        "- **{}** ({}): {}  \n  {}  \n  {}{tail}\n",
        verdict.rule,
        broken(verdict),
        sentence(verdict.title),
        sentence(&verdict.message),
        sentence(&verdict.citation),
    ));
    if let Some(link) = &verdict.link {
        out.push_str(&format!("  [Open it]({link})\n"));
    }
    let Some(ladder) = ladder else { return };
    let lit: Vec<String> = shown(ladder)
        .filter(|line| verdict.lines.contains(&line.place))
        .take(EVIDENCE)
        .map(|line| format!("{word} {}  {}", line.place, line.text()))
        .collect();
    if !lit.is_empty() {
        out.push('\n');
        let mut block = String::new();
        fenced(&mut block, &lit);
        for line in block.lines() {
            out.push_str("  ");
            out.push_str(line);
            out.push('\n');
        }
    }
    out.push('\n');
}

impl Writer for Markdown {
    fn session(&mut self, out: &mut String, input: &Input, session: &SessionRecord) {
        let number = self.open(out, input).saturating_add(1);
        self.here = Some(number);
        let protocol = session.protocol.map_or("protocol not known", |protocol| protocol.title());
        out.push_str(&format!("### Session {number}: {protocol}\n\n"));
        self.verdicts(out, &session.verdicts, session.ladder().as_ref(), input.place());
        for remark in &session.remarks {
            out.push_str(&format!("- {}\n", sentence(&remark.message)));
        }
    }

    fn end_of_input(&mut self, out: &mut String, input: &Input) {
        self.open(out, input);
        if let Some(error) = &input.error {
            out.push_str(&format!("Not readable: {}\n\n", sentence(&error.message)));
        }
        for remark in &input.remarks {
            out.push_str(&format!("- {}\n", sentence(&remark.message)));
        }
        self.here = None;
    }

    fn finish(&mut self, out: &mut String) {
        out.push_str(&format!(
            "\n{} broken and {} undecided in all. Made by starttls-lab {}; secrets and names are replaced.\n",
            self.broken,
            self.undecided,
            env!("CARGO_PKG_VERSION")
        ));
    }

    fn run(&mut self, out: &mut String, run: &RunRecord) {
        let setup = &run.setup;
        out.push_str(&format!(
            "## {} against {}\n\n",
            sentence(&setup.client.id),
            sentence(&setup.server.id)
        ));
        for attack in &setup.attacks {
            out.push_str(&format!("- attack: {}\n", sentence(&attack.id)));
        }
        for harm in run.harms.iter().chain(&run.denied) {
            out.push_str(&format!("- **{}**: {}\n", sentence(harm.title), sentence(harm.message)));
        }
        out.push('\n');
        let lines: Vec<String> =
            shown(&run.ladder).take(RUN).map(|line| format!("{}  {}", line.place, line.text())).collect();
        fenced(out, &lines);
        let more = shown(&run.ladder).count().saturating_sub(RUN);
        if more > 0 {
            out.push_str(&format!("\n{more} more lines are not shown.\n"));
        }
        out.push('\n');
        self.verdicts(out, &run.verdicts, None, "event");
        self.finish(out);
    }
}
