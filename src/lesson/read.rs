//! Reads a lesson file.

use super::error::LessonError;
use super::prose::{self, Text, joined, unmarked};
use super::{Answer, Check, Lesson, Move, Question, Step, Task};
use crate::base::meant;
use crate::sim::Setup;

/// The longest file, in octets.
pub const SIZE_LIMIT: usize = 65_536;

/// The fields between the two `---`.
const FIELDS: [&str; 6] = ["id", "title", "about", "minutes", "place", "start"];

type Numbered<'a> = (u32, &'a str);
/// Line, name and value.
type Field<'a> = (u32, &'a str, &'a str);

/// Reads a lesson.
///
/// # Errors
/// The first mistake, with its line and column.
pub fn read(text: &str) -> Result<Lesson, LessonError> {
    if text.len() > SIZE_LIMIT {
        let message = format!("the file has {} octets; a lesson has at most {SIZE_LIMIT}", text.len());
        return Err(LessonError::new(1, 1, message));
    }
    let lines: Vec<Numbered<'_>> = (1..).zip(text.lines()).collect();
    let (fields, body) = front(&lines)?;
    let field = |name: &str| fields.iter().find(|(_, known, _)| *known == name);
    let needed = |name: &str| {
        let found = field(name).filter(|(_, _, value)| !value.is_empty());
        found.ok_or_else(|| {
            LessonError::new(1, 1, format!("the lesson lacks a line `{name}: ...` between the two ---"))
        })
    };
    let (id_line, _, id) = *needed("id")?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.chars().all(fits) {
        return Err(LessonError::new(id_line, 5, "an id has lower-case letters, digits and hyphens only"));
    }
    let (minutes_line, _, minutes) = *needed("minutes")?;
    let minutes =
        minutes.parse().map_err(|_| LessonError::new(minutes_line, 10, "`minutes:` takes a number"))?;
    let place = field("place").map(|(line, _, value)| {
        let number = value.strip_prefix("spare").unwrap_or(value).trim().parse();
        number
            .map(|number| (number, !value.starts_with("spare")))
            .map_err(|_| LessonError::new(*line, 8, "`place:` takes a number, or `spare` and a number"))
    });
    let (place, core) = place.transpose()?.unzip();
    let (start_line, _, start) = *needed("start")?;
    let start = begun(start_line, start)?;
    let mut steps = Vec::new();
    for (line, title, lines) in sections(body, "# ")? {
        if title.is_empty() {
            return Err(LessonError::new(line, 3, "a step has a title behind its #"));
        }
        steps.push(step(line, title, lines, &start)?);
    }
    if steps.is_empty() {
        let last = lines.last().map_or(1, |(number, _)| *number);
        return Err(LessonError::new(last, 1, "the lesson has no step; one begins with `# Title`"));
    }
    Ok(Lesson {
        id: id.to_owned(),
        title: needed("title")?.2.to_owned(),
        about: needed("about")?.2.to_owned(),
        minutes,
        place,
        core: core.unwrap_or(false),
        steps,
    })
}

/// The fields between the first two `---`, and what follows.
fn front<'a, 'b>(lines: &'b [Numbered<'a>]) -> Result<(Vec<Field<'a>>, &'b [Numbered<'a>]), LessonError> {
    let opened = lines.first().is_some_and(|(_, line)| line.trim_end() == "---");
    if !opened {
        return Err(LessonError::new(
            1,
            1,
            "a lesson begins with a line `---`, then `id: ...` and its other fields",
        ));
    }
    let rest = lines.get(1..).unwrap_or_default();
    let end = rest.iter().position(|(_, line)| line.trim_end() == "---");
    let end = end.ok_or_else(|| LessonError::new(1, 1, "this --- has no second one behind the fields"))?;
    let mut fields: Vec<Field<'a>> = Vec::new();
    for (number, line) in rest.iter().take(end).filter(|(_, line)| !line.trim().is_empty()) {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| LessonError::new(*number, 1, "a field is written `name: value`"))?;
        let name = name.trim();
        if !FIELDS.contains(&name) {
            let near = meant(name, FIELDS);
            return Err(LessonError::new(
                *number,
                1,
                format!("there is no field `{name}`{near}; there are {}", FIELDS.join(", ")),
            ));
        }
        if fields.iter().any(|(_, known, _)| *known == name) {
            return Err(LessonError::new(*number, 1, format!("`{name}` stands here a second time")));
        }
        fields.push((*number, name, value.trim()));
    }
    Ok((fields, rest.get(end.saturating_add(1)..).unwrap_or_default()))
}

/// A start state: `imap attack=strip-capability client.tls=required`, and `seen` for a session that is drawn to its end.
fn begun(line: u32, words: &str) -> Result<(Setup, bool), LessonError> {
    let (words, seen) = match words.strip_suffix("seen") {
        Some(words) => (words.trim_end(), true),
        None => (words, false),
    };
    let setup = Setup::from_words(words).map_err(|error| LessonError::new(line, 8, error.to_string()))?;
    Ok((setup, seen))
}

type Section<'a, 'b> = (u32, &'a str, &'b [Numbered<'a>]);

/// What stands under each heading of a kind, outside code.
fn sections<'a, 'b>(lines: &'b [Numbered<'a>], mark: &str) -> Result<Vec<Section<'a, 'b>>, LessonError> {
    let mut heads = Vec::new();
    let mut code = false;
    for (at, (number, line)) in lines.iter().enumerate() {
        code ^= line.starts_with("```");
        match line.strip_prefix(mark).filter(|_| !code) {
            Some(title) => heads.push((at, *number, title.trim())),
            None if heads.is_empty() && !line.trim().is_empty() => {
                return Err(LessonError::new(
                    *number,
                    1,
                    format!("this belongs to no step; one begins with `{mark}Title`"),
                ));
            }
            None => {}
        }
    }
    let ends = heads.iter().skip(1).map(|(at, ..)| *at).chain([lines.len()]);
    let all = heads.iter().zip(ends).map(|((at, number, title), end)| {
        (*number, *title, lines.get(at.saturating_add(1)..end).unwrap_or_default())
    });
    Ok(all.collect())
}

fn step(line: u32, title: &str, lines: &[Numbered<'_>], start: &(Setup, bool)) -> Result<Step, LessonError> {
    let mut code = false;
    let end = lines.iter().position(|(_, line)| {
        code ^= line.starts_with("```");
        !code && line.starts_with("## ")
    });
    let (intro, rest) = lines.split_at(end.unwrap_or(lines.len()));
    let mut intro: Vec<_> = intro.to_vec();
    let own = intro.iter().position(|(_, line)| line.starts_with("start:"));
    let (start, seen) = match own {
        Some(at) => {
            let (number, words) = intro.remove(at);
            begun(number, words.strip_prefix("start:").unwrap_or_default().trim())?
        }
        None => start.clone(),
    };
    let mut step = Step {
        title: title.to_owned(),
        line,
        start,
        seen,
        story: prose::read(&intro)?,
        log: None,
        question: None,
        tasks: Vec::new(),
        after: Vec::new(),
        notes: Vec::new(),
    };
    if step.story.is_empty() {
        return Err(LessonError::new(line, 1, "this step tells no story: write a paragraph under its title"));
    }
    for (number, name, lines) in sections(rest, "## ")? {
        match name {
            "Question" if step.question.is_none() => step.question = Some(question(number, lines)?),
            "Task" => step.tasks.push(task(number, lines)?),
            "After" if step.after.is_empty() => step.after = prose::read(lines)?,
            "Notes" if step.notes.is_empty() => step.notes = prose::read(lines)?,
            "Log" if step.log.is_none() => step.log = Some(log(number, lines)?),
            "Question" | "After" | "Notes" | "Log" => {
                return Err(LessonError::new(number, 4, format!("this step has a part `{name}` already")));
            }
            _ => {
                let known = ["Question", "Task", "After", "Notes", "Log"];
                let near = meant(name, known);
                return Err(LessonError::new(
                    number,
                    4,
                    format!("no part is called `{name}`{near}; there are {}", known.join(", ")),
                ));
            }
        }
    }
    Ok(step)
}

fn log(number: u32, lines: &[Numbered<'_>]) -> Result<String, LessonError> {
    match prose::read(lines)?.as_slice() {
        [prose::Block::Code(code)] => Ok(format!("{code}\n")),
        _ => Err(LessonError::new(number, 4, "a log is one piece of code between two lines of ```")),
    }
}

fn question(number: u32, lines: &[Numbered<'_>]) -> Result<Question, LessonError> {
    let answer = |line: &str| line.starts_with("- [");
    let first = lines.iter().position(|(_, line)| answer(line)).unwrap_or(lines.len());
    let (asked, mut rest) = lines.split_at(first);
    let text = text(asked, number, "a question is asked in a sentence before its answers")?;
    let mut answers = Vec::new();
    while let Some(((number, line), behind)) = rest.split_first() {
        let more = behind.iter().position(|(_, line)| answer(line)).unwrap_or(behind.len());
        let (more, behind) = behind.split_at(more);
        rest = behind;
        let mark = line.get(..6).unwrap_or_default();
        let right = match mark {
            "- [x] " => true,
            "- [ ] " => false,
            _ => {
                return Err(LessonError::new(
                    *number,
                    1,
                    "an answer begins with `- [x] ` if it is right and with `- [ ] ` if not",
                ));
            }
        };
        let reason: Vec<_> = more.iter().copied().filter(|(_, line)| !line.trim().is_empty()).collect();
        let Some(((first, said), more)) = reason.split_first() else {
            return Err(LessonError::new(
                *number,
                1,
                "this answer has no reason: write it on the next line, indented",
            ));
        };
        answers.push(Answer {
            text: joined(*number, 7, line.get(6..).unwrap_or_default(), &[])?,
            right,
            reason: joined(*first, 3, said.trim_start(), more)?,
        });
    }
    if answers.len() < 2 {
        return Err(LessonError::new(number, 1, "a question has two answers or more"));
    }
    match answers.iter().filter(|answer| answer.right).count() {
        1 => Ok(Question { text, answers }),
        count => {
            Err(LessonError::new(number, 1, format!("{count} of the answers are marked [x]; one is right")))
        }
    }
}

/// Lines as one running text, of which there must be some.
fn text(lines: &[Numbered<'_>], number: u32, missing: &str) -> Result<Text, LessonError> {
    let lines: Vec<_> = lines.iter().copied().filter(|(_, line)| !line.trim().is_empty()).collect();
    let Some(((first, line), more)) = lines.split_first() else {
        return Err(LessonError::new(number, 1, missing));
    };
    joined(*first, 1, line, more)
}

fn task(number: u32, lines: &[Numbered<'_>]) -> Result<Task, LessonError> {
    let names = ["done:", "hint:", "do:"];
    let named = |line: &str| names.iter().find(|name| line.starts_with(**name)).copied();
    let first = lines.iter().position(|(_, line)| named(line).is_some()).unwrap_or(lines.len());
    let (said, mut rest) = lines.split_at(first);
    let text = text(said, number, "a task says what to do in a sentence")?;
    let (mut done, mut hints, mut solution) = (None, Vec::new(), Vec::new());
    while let Some(((line, words), behind)) = rest.split_first() {
        let more = behind.iter().position(|(_, line)| named(line).is_some()).unwrap_or(behind.len());
        let (more, behind) = behind.split_at(more);
        rest = behind;
        let more: Vec<_> = more.iter().copied().filter(|(_, line)| !line.trim().is_empty()).collect();
        if let Some((number, _)) = more.iter().find(|(_, line)| !line.starts_with(' ')) {
            return Err(LessonError::new(
                *number,
                1,
                "a line that goes on is indented; a part begins with ## and its name",
            ));
        }
        let name = named(words).unwrap_or_default();
        let value = words.get(name.len()..).unwrap_or_default();
        let column =
            name.len().saturating_add(1).saturating_add(value.len().saturating_sub(value.trim_start().len()));
        let value = value.trim();
        match name {
            "done:" if done.is_none() => {
                let (then, check) = match value.strip_prefix("then ") {
                    Some(check) => (true, check),
                    None => (false, value),
                };
                let column = column.saturating_add(value.len().saturating_sub(check.len()));
                done = Some((then, Check::read(check, *line, column)?));
            }
            "hint:" => hints.push(joined(*line, column, value, &more)?),
            "do:" => {
                // An attack that is written holds semicolons of its own and ends the line.
                let (words, written) = match value.find("write=") {
                    Some(at) => value.split_at(at),
                    None => (value, ""),
                };
                let words = words.split(';').filter(|word| !word.trim().is_empty());
                for word in words.chain(Some(written).filter(|written| !written.is_empty())) {
                    let read =
                        Move::read(word).map_err(|message| LessonError::new(*line, column, message))?;
                    solution.push(read);
                }
            }
            _ => return Err(LessonError::new(*line, 1, format!("`{name}` stands here a second time"))),
        }
    }
    let (then, done) = done.ok_or_else(|| {
        LessonError::new(number, 1, "this task lacks a line `done: ...` that says when it is done")
    })?;
    if hints.len() != 3 {
        let message = format!(
            "this task has {} lines `hint:`; it takes three: a nudge, a place to look, the answer",
            hints.len()
        );
        return Err(LessonError::new(number, 1, message));
    }
    if solution.is_empty() {
        return Err(LessonError::new(
            number,
            1,
            "this task lacks a line `do: ...` with the moves that solve it",
        ));
    }
    if unmarked(&text).chars().count() > 400 {
        return Err(LessonError::new(number, 1, "a task is said in 400 letters; tell the rest in the story"));
    }
    Ok(Task { text, line: number, done, then, hints, solution })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LESSON: &str = include_str!("content/strip.md");

    #[test]
    fn every_built_in_file_is_read_and_its_name_is_its_id() {
        let mut places = Vec::new();
        for (id, text) in super::super::ALL {
            let lesson = read(text).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(lesson.id, *id);
            places.push(lesson.place.expect("a place"));
            assert!(lesson.about.ends_with(['.', '?']) && lesson.steps.len() <= super::super::STEPS, "{id}");
        }
        assert!(
            places.is_sorted_by(|a, b| a < b) && places.iter().all(|p| *p < super::super::SLOTS),
            "{places:?}"
        );
        assert_eq!(super::super::quiz().len(), super::super::QUESTIONS);
    }

    #[test]
    fn a_mistake_is_told_by_line_and_column() {
        let wrong = |from: &str, to: &str| {
            assert!(LESSON.contains(from), "{from}");
            read(&LESSON.replacen(from, to, 1)).unwrap_err()
        };
        let error = wrong("minutes: 8", "minutes: eight");
        assert_eq!(error.column, 10, "{error}");
        assert!(wrong("title:", "titel:").message.contains("did you mean `title`?"));
        assert!(wrong("start: imap", "start: smtp").line > 1);
        assert!(wrong("## Question", "## Qestion").message.contains("did you mean `Question`?"));
        assert!(wrong("- [x] ", "- [ ] ").message.contains("0 of the answers"));
        assert!(wrong("done: ", "done: nothing.at.all or ").message.contains("nothing is known"));
        assert!(wrong("hint: ", "hint: one\nhint: ").message.contains("4 lines"));
        assert!(read("").is_err() && read("---\nid: x\n").is_err());
        assert!(read(&"x".repeat(SIZE_LIMIT + 1)).unwrap_err().message.contains("at most"));
        let error =
            read("---\nid: x\ntitle: T\nabout: A.\nminutes: 1\nstart: imap\n---\n\nstray\n").unwrap_err();
        assert_eq!((error.line, error.column), (9, 1));
    }
}
