//! The pages of `docs/` that the page shows too, cut into parts that are drawn as they are. Their text exists once.

use crate::lesson::{Block, Text, prose};
use serde::{Deserialize, Serialize};

/// A page of the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manual {
    /// How to get a log from each client.
    Logs,
    /// What the simulation does not model.
    Model,
    /// What is new.
    News,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// A heading and its level, from 1.
    Heading(usize, String),
    /// A paragraph, a list or code.
    Block(Block),
    /// A table: its rows, of which the first names the columns.
    Table(Vec<Vec<Text>>),
}

impl Manual {
    /// All of them: the part of the address that leads to each, and the title.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Logs, "logs", "How to get a log"),
        (Self::Model, "model", "What the simulation does not model"),
        (Self::News, "news", "What is new"),
    ];

    const fn entry(self) -> (Self, &'static str, &'static str) {
        let [logs, model, news] = Self::ALL;
        match self {
            Self::Logs => logs,
            Self::Model => model,
            Self::News => news,
        }
    }

    /// The part of the address that leads to it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.entry().1
    }

    /// Its title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.entry().2
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Logs => include_str!("../../docs/logs.md"),
            Self::Model => include_str!("../../docs/model.md"),
            Self::News => include_str!("../../CHANGELOG.md"),
        }
    }

    /// Its parts.
    ///
    /// # Errors
    /// The first line that is none of what [`Part`] can be, in a sentence without its end.
    pub fn parts(self) -> Result<Vec<Part>, String> {
        let mut parts = Vec::new();
        let mut rest = Vec::new();
        let mut rows: Vec<Vec<Text>> = Vec::new();
        let mut code = false;
        for (number, line) in (1..).zip(self.text().lines()) {
            let heading = line.bytes().take_while(|octet| *octet == b'#').count();
            let row = line.strip_prefix("| ").and_then(|line| line.strip_suffix('|'));
            if let Some(row) = row {
                flush(&mut rest, &mut parts)?;
                rows.push(
                    row.split(" | ").map(|cell| running(number, cell.trim())).collect::<Result<_, _>>()?,
                );
                continue;
            }
            if line.starts_with("|-") {
                continue;
            }
            if !rows.is_empty() {
                parts.push(Part::Table(std::mem::take(&mut rows)));
            }
            if heading > 0 {
                flush(&mut rest, &mut parts)?;
                parts.push(Part::Heading(heading, line.trim_start_matches('#').trim().to_owned()));
                continue;
            }
            let fence = line.starts_with("```");
            // A paragraph, or an item of a list, is one line there: a mark may close on the next one.
            let more = !code && !fence && !line.trim().is_empty() && !line.starts_with("- ");
            match rest.last_mut().filter(|(_, before): &&mut (u32, String)| more && !before.trim().is_empty())
            {
                Some((_, before)) if !before.starts_with("```") => {
                    before.push(' ');
                    before.push_str(&unlinked(line.trim()));
                }
                _ => rest.push((number, unlinked(line))),
            }
            code ^= fence;
        }
        flush(&mut rest, &mut parts)?;
        if !rows.is_empty() {
            parts.push(Part::Table(rows));
        }
        Ok(parts)
    }
}

/// Reads what has gathered between headings and tables.
fn flush(lines: &mut Vec<(u32, String)>, parts: &mut Vec<Part>) -> Result<(), String> {
    let all: Vec<(u32, &str)> = lines.iter().map(|(number, line)| (*number, line.as_str())).collect();
    parts.extend(prose(&all).map_err(|error| error.to_string())?.into_iter().map(Part::Block));
    lines.clear();
    Ok(())
}

fn running(number: u32, text: &str) -> Result<Text, String> {
    match prose(&[(number, &unlinked(text))]).map_err(|error| error.to_string())?.into_iter().next() {
        Some(Block::Paragraph(text)) => Ok(text),
        _ => Ok(Vec::new()),
    }
}

/// A line whose links are words: the files that they name are not here.
fn unlinked(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('[') {
        let link = behind.split_once("](").filter(|(words, _)| !words.contains(['[', ']']));
        let link = link.and_then(|(words, to)| Some((words, to.split_once(')')?.1)));
        out.push_str(before);
        match link {
            Some((words, behind)) => {
                out.push_str(words);
                rest = behind;
            }
            None => {
                out.push('[');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_can_be_drawn() {
        for (manual, id, title) in Manual::ALL {
            assert_eq!((manual.id(), manual.title()), (id, title));
            let parts = manual.parts().unwrap();
            assert!(matches!(&parts[0], Part::Heading(1, title) if !title.is_empty()), "{manual:?}");
            assert!(parts.len() >= 3, "{manual:?}: {parts:?}");
        }
    }

    #[test]
    fn twelve_clients_and_more_say_how_to_get_a_log() {
        let parts = Manual::Logs.parts().unwrap();
        let rows = parts.iter().find_map(|part| match part {
            Part::Table(rows) => Some(rows),
            _ => None,
        });
        let rows = rows.unwrap();
        assert!(rows.len() > 12, "{}", rows.len());
        assert!(rows.iter().all(|row| row.len() == 3 && row.iter().all(|cell| !cell.is_empty())), "{rows:?}");
        let all = format!("{rows:?}");
        assert!(all.contains("Code(\"curl -v --ssl imap://host/ -u user 2> session.log\")"), "{all}");
    }

    #[test]
    fn links_become_words() {
        assert_eq!(unlinked("see [formats](a.md), `a[0]` and [b](c)"), "see formats, `a[0]` and b");
    }
}
