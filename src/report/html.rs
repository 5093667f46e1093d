//! The report as one HTML file that needs nothing else: no script, no other host, readable from a disk and on paper.

use super::excerpt::{Shown, shown};
use super::markup::{escape, escaped};
use super::{
    Counts, Entry, Format, Input, Kind, MatrixRecord, RunRecord, SearchRecord, SessionRecord, VerdictRecord,
    Writer, broken, evidence, findings, same_deed, set_aside,
};
use crate::base::{Layer, Side};
use crate::rules::Outcome;
use crate::view::Ladder;

/// The format.
pub(super) static FORMAT: Format = Format {
    id: "html",
    title: "HTML",
    about: "One file without scripts, redacted, to be opened in any browser or printed.",
    shows: true,
    lists: true,
    tells_why: false,
    terse: false,
    writer: || Box::new(Html::default()),
};

/// Above so many octets no further lines of sessions are written, and the file says so.
const LINES_LIMIT: usize = 220 << 10;

/// Above so many octets no further findings are.
const LIMIT: usize = 280 << 10;

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>STARTTLS Lab report</title>
<style>
:root{color-scheme:light dark;--paper:light-dark(#fbfaf7,#14171c);--ink:light-dark(#1c2128,#e8e6e1);--soft:light-dark(#555e6a,#b2b9c1);--line:light-dark(#cfcabd,#3a424d);--danger:light-dark(#b3261e,#ff8f84);--doubt:light-dark(#8a5a00,#e5b454);--safe:light-dark(#0b6e69,#5cc4b8)}
body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1rem}
ol.session{list-style:none;padding:0;border-top:1px solid var(--line);font:13px/1.5 ui-monospace,monospace}
ol.session li{display:grid;grid-template-columns:4rem 5rem 4rem 1fr;gap:.5rem;border-bottom:1px solid var(--line);padding:.2rem 0;overflow-wrap:anywhere}
ol.session .say{white-space:pre-wrap}.tls{color:var(--safe)}.remark{color:var(--danger);display:block}
.finding{border-left:3px solid var(--danger);padding-left:.8rem;margin:1rem 0}.finding.open{border-color:var(--doubt)}
.finding.aside{border-color:var(--line);color:var(--soft)}
.finding p{margin:.2rem 0}.soft{color:var(--soft)}.lit{font-weight:bold}
@media print{body{max-width:none;padding:0}li,.finding{break-inside:avoid}}
@media (max-width:40rem){ol.session li{grid-template-columns:3rem 1fr}}
</style>
</head>
<body>
<main>
<h1>STARTTLS Lab report</h1>
<p class="soft">Secrets are replaced, and in recordings names too. This file loads nothing and runs nothing.</p>
"#;

#[derive(Default)]
struct Html {
    begun: bool,
    here: Option<usize>,
    written: usize,
    left_out: usize,
}

impl Html {
    fn begin(&mut self, out: &mut String) {
        if !std::mem::replace(&mut self.begun, true) {
            self.put(out, HEAD);
        }
    }

    fn put(&mut self, out: &mut String, text: &str) {
        out.push_str(text);
        self.written = self.written.saturating_add(text.len());
    }

    /// A whole file of lines as they are.
    fn lines(&mut self, out: &mut String, text: &str) {
        self.begin(out);
        self.put(out, &format!("<pre>{}</pre>\n", escape_lines(text)));
        self.finish(out);
    }

    fn open(&mut self, out: &mut String, input: &Input) -> usize {
        self.begin(out);
        if let Some(sessions) = self.here {
            return sessions;
        }
        let format =
            input.format.map(|(_, title)| format!("<p class=\"soft\">Read as: {}</p>\n", escaped(title)));
        self.put(out, &format!("<h2>{}</h2>\n{}", escaped(input.name()), format.unwrap_or_default()));
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
        let counts = format!("<p><strong>{}</strong></p>\n", Counts::of(verdicts).words());
        self.put(out, &counts);
        let broken = findings(verdicts);
        let same: Vec<_> = (0..broken.len()).map(|number| same_deed(&broken, number)).collect();
        let open = verdicts.iter().filter(|verdict| {
            verdict.outcome == Outcome::CannotTell && verdict.message != crate::rules::PROBE
        });
        let same = same.into_iter().chain(std::iter::repeat(None));
        for (verdict, same) in broken.into_iter().chain(open).zip(same) {
            if self.written > LIMIT {
                self.left_out = self.left_out.saturating_add(1);
                continue;
            }
            let text = finding(verdict, same, word);
            self.put(out, &text);
        }
        if let Some(ladder) = ladder {
            self.ladder(out, ladder, verdicts);
        }
    }

    fn ladder(&mut self, out: &mut String, ladder: &Ladder, verdicts: &[VerdictRecord]) {
        let lit: std::collections::BTreeSet<u32> =
            findings(verdicts).into_iter().flat_map(|verdict| verdict.lines.iter().copied()).collect();
        self.put(out, "<h3>What was said</h3>\n<ol class=\"session\">\n");
        for line in shown(ladder) {
            if self.written > LINES_LIMIT {
                self.left_out = self.left_out.saturating_add(1);
                continue;
            }
            let text = row(&line, lit.contains(&line.place));
            self.put(out, &text);
        }
        self.put(out, "</ol>\n");
    }
}

fn finding(verdict: &VerdictRecord, same: Option<String>, word: &str) -> String {
    let (class, outcome) = match verdict.outcome {
        Outcome::Fail if !verdict.counts() => ("finding aside", broken(verdict)),
        Outcome::Fail => ("finding", broken(verdict)),
        outcome => ("finding open", format!("{}, {}", outcome.word(), verdict.side.name())),
    };
    let link =
        verdict.link.as_ref().map(|link| format!("<p><a href=\"{}\">Open it</a></p>\n", escaped(link)));
    format!(
        "<section class=\"{class}\"><h3>{}: {}</h3>\n<p>{outcome}{}</p>\n<p>{}</p>\n<p class=\"soft\">{}</p>\n{}{}</section>\n",
        escaped(verdict.rule),
        escaped(verdict.title),
        set_aside(verdict).map_or_else(String::new, |aside| [", ", &escaped(&aside)].concat()),
        escaped(&evidence(word, verdict)),
        escaped(&verdict.citation),
        same.map_or_else(String::new, |same| format!("<p class=\"soft\">{}</p>\n", escaped(&same))),
        link.unwrap_or_default()
    )
}

fn row(line: &Shown, lit: bool) -> String {
    let who = match line.from {
        Some(Side::Client) => "client →",
        Some(Side::Server) => "← server",
        None => "",
    };
    let layer = match line.layer {
        Layer::Clear => "<span>clear</span>",
        Layer::Tls => "<span class=\"tls\">TLS</span>",
    };
    let mut say = String::new();
    escape(&mut say, &line.lines.join(" ⏎ "));
    for remark in &line.remarks {
        say.push_str("<span class=\"remark\">");
        escape(&mut say, remark);
        say.push_str("</span>");
    }
    let class = if lit { "say lit" } else { "say" };
    format!(
        "<li><span>{}</span><span>{who}</span>{layer}<span class=\"{class}\">{say}</span></li>\n",
        line.place
    )
}

impl Writer for Html {
    fn session(&mut self, out: &mut String, input: &Input, session: &SessionRecord) {
        let number = self.open(out, input).saturating_add(1);
        self.here = Some(number);
        let protocol = session.protocol.map_or("protocol not known", |protocol| protocol.title());
        self.put(out, &format!("<h3>Session {number}: {protocol}</h3>\n"));
        self.verdicts(out, &session.verdicts, session.ladder().as_ref(), input.place());
        for remark in &session.remarks {
            self.put(out, &format!("<p>{}</p>\n", escaped(&remark.message)));
        }
    }

    fn end_of_input(&mut self, out: &mut String, input: &Input) {
        self.open(out, input);
        if let Some(error) = &input.error {
            self.put(out, &format!("<p>Not readable: {}</p>\n", escaped(&error.message)));
        }
        for remark in &input.remarks {
            self.put(out, &format!("<p>{}</p>\n", escaped(&remark.message)));
        }
        self.here = None;
    }

    fn finish(&mut self, out: &mut String) {
        self.begin(out);
        if self.left_out > 0 {
            let text = format!(
                "<p><strong>{} lines and findings did not fit into this file; the command line's other outputs have them.</strong></p>\n",
                self.left_out
            );
            self.put(out, &text);
        }
        out.push_str(&format!(
            "</main>\n<footer class=\"soft\"><p>Made by starttls-lab {}.</p></footer>\n</body>\n</html>\n",
            env!("CARGO_PKG_VERSION")
        ));
    }

    fn run(&mut self, out: &mut String, run: &RunRecord) {
        self.begin(out);
        let setup = &run.setup;
        let title = format!("<h2>{} against {}</h2>\n", escaped(&setup.client.id), escaped(&setup.server.id));
        self.put(out, &title);
        for attack in &setup.attacks {
            self.put(out, &format!("<p>Attack: {}</p>\n", escaped(&attack.id)));
        }
        for harm in run.harms.iter().chain(&run.denied) {
            self.put(
                out,
                &format!("<p><strong>{}</strong>: {}</p>\n", escaped(harm.title), escaped(harm.message)),
            );
        }
        self.verdicts(out, &run.verdicts, Some(&run.ladder), "event");
        self.finish(out);
    }

    fn list(&mut self, out: &mut String, kind: Kind, entries: &[Entry]) {
        let mut text = String::new();
        super::text::list(&mut text, kind, entries);
        self.lines(out, &text);
    }

    fn matrix(&mut self, out: &mut String, matrix: &MatrixRecord) {
        self.lines(out, &matrix.text());
    }

    fn search(&mut self, out: &mut String, searched: &SearchRecord) {
        self.lines(out, &searched.text());
    }
}

fn escape_lines(text: &str) -> String {
    text.lines().map(|line| escaped(line) + "\n").collect()
}
