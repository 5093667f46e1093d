//! The small part of Markdown that lessons are written in: paragraphs, lists, code, emphasis and links within the page.

use super::error::LessonError;
use serde::{Deserialize, Serialize};

/// A piece of running text.
pub type Text = Vec<Span>;

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Span {
    /// Words.
    Plain(String),
    /// `**words**`
    Strong(String),
    /// `*words*`
    Emphasis(String),
    /// What stands between backticks: a command or what is on the wire.
    Code(String),
    /// `[words](#/address)`, which leads to a screen of the page and nowhere else.
    Link(String, String),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A paragraph.
    Paragraph(Text),
    /// A list with dots.
    List(Vec<Text>),
    /// Lines as they are.
    Code(String),
}

/// Reads lines with their numbers.
///
/// # Errors
/// A mark that is not closed, or a link that leads out of the page.
pub fn read(lines: &[(u32, &str)]) -> Result<Vec<Block>, LessonError> {
    let mut blocks = Vec::new();
    let mut rest = lines;
    while let Some(((number, line), behind)) = rest.split_first() {
        let line = line.trim_end();
        if line.trim().is_empty() {
            rest = behind;
        } else if line.starts_with("```") {
            let end = behind.iter().position(|(_, line)| line.trim_end() == "```");
            let end = end.ok_or_else(|| LessonError::new(*number, 1, "this code has no closing ```"))?;
            let code: Vec<_> = behind.iter().take(end).map(|(_, line)| line.trim_end()).collect();
            blocks.push(Block::Code(code.join("\n")));
            rest = behind.get(end.saturating_add(1)..).unwrap_or_default();
        } else if line.starts_with("- ") {
            let mut items = Vec::new();
            while let Some(((number, line), behind)) =
                rest.split_first().filter(|((_, l), _)| l.starts_with("- "))
            {
                let more =
                    behind.iter().position(|(_, line)| !line.starts_with("  ")).unwrap_or(behind.len());
                let (more, behind) = behind.split_at(more);
                items.push(joined(*number, 3, line.get(2..).unwrap_or_default(), more)?);
                rest = behind;
            }
            blocks.push(Block::List(items));
        } else {
            let ends =
                |line: &str| line.trim().is_empty() || line.starts_with("- ") || line.starts_with("```");
            let more = behind.iter().position(|(_, line)| ends(line)).unwrap_or(behind.len());
            let (more, behind) = behind.split_at(more);
            blocks.push(Block::Paragraph(joined(*number, 1, line, more)?));
            rest = behind;
        }
    }
    Ok(blocks)
}

/// A first line, the column where it begins, and the lines that go on with it.
pub(super) fn joined(
    number: u32,
    column: usize,
    first: &str,
    more: &[(u32, &str)],
) -> Result<Text, LessonError> {
    let mut text = Text::new();
    spans(number, column, first.trim_end(), &mut text)?;
    for (number, line) in more {
        let words = line.trim();
        let indent = line.len().saturating_sub(line.trim_start().len()).saturating_add(1);
        plain(&mut text, " ");
        spans(*number, indent, words, &mut text)?;
    }
    Ok(text)
}

fn plain(text: &mut Text, words: &str) {
    match text.last_mut() {
        Some(Span::Plain(last)) => last.push_str(words),
        _ if words.is_empty() => {}
        _ => text.push(Span::Plain(words.to_owned())),
    }
}

fn spans(number: u32, column: usize, line: &str, text: &mut Text) -> Result<(), LessonError> {
    let mut rest = line;
    while let Some(at) = rest.find(['*', '`', '[']) {
        let (before, from) = rest.split_at(at);
        plain(text, before);
        let here = || {
            let done = line.len().saturating_sub(from.len());
            column.saturating_add(line.get(..done).unwrap_or_default().chars().count())
        };
        let (mark, wrong) = match from.as_bytes() {
            [b'*', b'*', ..] => ("**", "this ** is not closed on its line"),
            [b'*', ..] => ("*", "this * is not closed on its line"),
            [b'`', ..] => ("`", "this ` is not closed on its line"),
            _ => ("[", ""),
        };
        let inside = from.get(mark.len()..).unwrap_or_default();
        if mark == "[" {
            let link = inside.split_once("](").and_then(|(words, behind)| {
                let (address, behind) = behind.split_once(')')?;
                Some((words, address, behind))
            });
            match link {
                Some((words, address, behind)) if address.starts_with("#/") => {
                    text.push(Span::Link(words.to_owned(), address.to_owned()));
                    rest = behind;
                }
                Some(_) => {
                    return Err(LessonError::new(
                        number,
                        here(),
                        "a link leads to a screen of this page: its address begins with #/",
                    ));
                }
                None => {
                    plain(text, "[");
                    rest = inside;
                }
            }
            continue;
        }
        let Some((words, behind)) = inside.split_once(mark).filter(|(words, _)| !words.is_empty()) else {
            return Err(LessonError::new(number, here(), wrong));
        };
        text.push(match mark {
            "**" => Span::Strong(words.to_owned()),
            "*" => Span::Emphasis(words.to_owned()),
            _ => Span::Code(words.to_owned()),
        });
        rest = behind;
    }
    plain(text, rest);
    Ok(())
}

/// A text without its marks.
#[must_use]
pub fn unmarked(text: &[Span]) -> String {
    let words = text.iter().map(|span| match span {
        Span::Plain(words)
        | Span::Strong(words)
        | Span::Emphasis(words)
        | Span::Code(words)
        | Span::Link(words, _) => words.as_str(),
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(text: &str) -> Vec<(u32, &str)> {
        (5..).zip(text.lines()).collect()
    }

    #[test]
    fn paragraphs_lists_and_code_are_told_apart() {
        let text = "One **bold** line\nand `a1 LOGIN`.\n\n- first\n  goes on\n- [second](#/rules)\n\n```\nS: * OK\n```\n";
        let plain = |words: &str| Span::Plain(words.to_owned());
        assert_eq!(
            read(&numbered(text)).unwrap(),
            [
                Block::Paragraph(vec![
                    plain("One "),
                    Span::Strong("bold".to_owned()),
                    plain(" line and "),
                    Span::Code("a1 LOGIN".to_owned()),
                    plain(".")
                ]),
                Block::List(vec![
                    vec![plain("first goes on")],
                    vec![Span::Link("second".to_owned(), "#/rules".to_owned())]
                ]),
                Block::Code("S: * OK".to_owned()),
            ]
        );
    }

    #[test]
    fn what_is_not_closed_or_leads_away_is_told() {
        let error = |text: &str| read(&numbered(text)).unwrap_err().to_string();
        assert_eq!(error("fine\nnot `closed"), "line 6, column 5: this ` is not closed on its line");
        assert!(error("[x](https://example.test)").contains("begins with #/"));
        assert!(error("```\nS: x").contains("no closing"));
        assert_eq!(read(&numbered("an [open] bracket")).map(|b| b.len()), Ok(1));
    }
}
