//! A text recording that is being changed: its lines as they were and as they are, and what a person can do to them.
//! Nothing of it is a screen: a face asks for a change and reads the new text in again.

/// Larger recordings are not changed line by line.
pub const DRAFT_LIMIT: usize = 256 << 10;

/// One change. Lines are numbered from 1, as places are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Another text in the place of a line.
    Replace(u32, Vec<u8>),
    /// A line behind one; 0 puts it in front of all.
    Insert(u32, Vec<u8>),
    /// A line less.
    Delete(u32),
    /// The lines from the first to the last of these, and no others.
    Keep(u32, u32),
    /// A line and the one before it change places.
    Up(u32),
    /// A line and the one behind it change places.
    Down(u32),
    /// A capability in the list of these lines, first and last, comes or goes.
    Toggle(u32, u32, String),
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A line of the original is gone; its number there.
    Removed(u32, Vec<u8>),
    /// A line is new; its number now.
    Added(u32, Vec<u8>),
}

/// A recording that can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    original: Vec<Vec<u8>>,
    lines: Vec<Vec<u8>>,
}

impl Draft {
    /// A recording as it is; `None` when it is too long.
    #[must_use]
    pub fn new(octets: &[u8]) -> Option<Self> {
        if octets.len() > DRAFT_LIMIT {
            return None;
        }
        let octets = octets.strip_suffix(b"\n").unwrap_or(octets);
        let lines: Vec<Vec<u8>> = octets.split(|&o| o == b'\n').map(<[u8]>::to_vec).collect();
        Some(Self { original: lines.clone(), lines })
    }

    /// The text as it is now.
    #[must_use]
    pub fn octets(&self) -> Vec<u8> {
        let mut octets = self.lines.join(&b'\n');
        octets.push(b'\n');
        octets
    }

    /// A line, without its end.
    #[must_use]
    pub fn line(&self, number: u32) -> Option<&[u8]> {
        let line = self.lines.get(index(number)?)?;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether anything was changed.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.original != self.lines
    }

    /// With a change, and the line to look at then; `None` when it changes nothing.
    #[must_use]
    pub fn with(&self, edit: &Edit) -> Option<(Self, u32)> {
        let mut next = self.clone();
        let lines = &mut next.lines;
        let at = match edit {
            Edit::Replace(number, text) => {
                let line = lines.get_mut(index(*number)?)?;
                let carriage = if line.ends_with(b"\r") { &b"\r"[..] } else { b"" };
                *line = [&one_line(text)[..], carriage].concat();
                *number
            }
            Edit::Insert(behind, text) => {
                let at = usize::try_from(*behind).ok().filter(|at| *at <= lines.len())?;
                let carriage = lines.first().is_some_and(|line| line.ends_with(b"\r"));
                lines.insert(at, [&one_line(text)[..], if carriage { b"\r" } else { b"" }].concat());
                behind.saturating_add(1)
            }
            Edit::Delete(number) => {
                let at = index(*number).filter(|at| *at < lines.len() && lines.len() > 1)?;
                lines.remove(at);
                (*number).min(u32::try_from(lines.len()).unwrap_or(u32::MAX))
            }
            Edit::Keep(first, last) => {
                let from = index(*first).filter(|from| *from < lines.len())?;
                lines.truncate(usize::try_from(*last).ok().filter(|to| *to > from)?);
                lines.drain(..from);
                1
            }
            Edit::Up(number) => {
                let at = index(*number).filter(|at| *at > 0 && *at < lines.len())?;
                lines.swap(at, at.saturating_sub(1));
                number.saturating_sub(1)
            }
            Edit::Down(number) => {
                let at = index(*number).filter(|at| at.saturating_add(1) < lines.len())?;
                lines.swap(at, at.saturating_add(1));
                number.saturating_add(1)
            }
            Edit::Toggle(first, last, item) => {
                next.toggle(*first, *last, item)?;
                *first
            }
        };
        (next.lines != self.lines).then_some((next, at))
    }

    /// A capability comes or goes: as a word of a list on one line, or as a line of its own in a list of several.
    fn toggle(&mut self, first: u32, last: u32, item: &str) -> Option<()> {
        let (from, to) = (index(first)?, index(last)?.min(self.lines.len().saturating_sub(1)));
        let mut listing = from..=to;
        let on_one_line = listing.clone().find_map(|at| Some((at, capability_words(self.lines.get(at)?)?)));
        if let Some((at, words)) = on_one_line {
            let line = self.lines.get_mut(at)?;
            let same = |range: &&(usize, usize)| {
                line.get(range.0..range.1).is_some_and(|word| word.eq_ignore_ascii_case(item.as_bytes()))
            };
            match words.iter().find(same) {
                // With the space in front.
                Some(&(start, end)) => drop(line.drain(start.saturating_sub(1)..end)),
                None => {
                    let end = words.last()?.1;
                    let new = [b" ", item.as_bytes()].concat();
                    line.splice(end..end, new);
                }
            }
            return Some(());
        }
        // A list in lines ends with a dot of its own, behind the mark of a side if there is one.
        let text = |line: &[u8]| line.trim_ascii_end().to_vec();
        let is = |at: &usize| {
            let line = self.lines.get(*at).map(|line| text(line)).unwrap_or_default();
            let line = line.strip_prefix(b"S: ").unwrap_or(&line);
            line.eq_ignore_ascii_case(item.as_bytes())
        };
        if let Some(at) = listing.clone().find(|at| is(at)) {
            self.lines.remove(at);
            return Some(());
        }
        let dot = listing.find(|at| {
            self.lines.get(*at).is_some_and(|line| text(line) == b"." || text(line).ends_with(b" ."))
        })?;
        let line = self.lines.get(dot)?.clone();
        let mark = line.iter().position(|&o| o == b'.')?;
        let new = [line.get(..mark)?, item.as_bytes(), line.get(mark.saturating_add(1)..)?].concat();
        self.lines.insert(dot, new);
        Some(())
    }

    /// What is different from the original, in order.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let head = self.original.iter().zip(&self.lines).take_while(|(a, b)| a == b).count();
        let old = self.original.get(head..).unwrap_or_default();
        let new = self.lines.get(head..).unwrap_or_default();
        let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
        let old = old.get(..old.len().saturating_sub(tail)).unwrap_or_default();
        let new = new.get(..new.len().saturating_sub(tail)).unwrap_or_default();
        let mut differences = Vec::new();
        let mut behind = 0;
        let number = |at: usize| u32::try_from(head.saturating_add(at).saturating_add(1)).unwrap_or(u32::MAX);
        for (at, line) in old.iter().enumerate() {
            // The next place of this line, if it is still there.
            let kept = new.iter().skip(behind).position(|other| other == line);
            match kept.map(|kept| kept.saturating_add(behind)) {
                Some(kept) => {
                    differences.extend(
                        (behind..kept)
                            .filter_map(|at| Some(Difference::Added(number(at), new.get(at)?.clone()))),
                    );
                    behind = kept.saturating_add(1);
                }
                None => differences.push(Difference::Removed(number(at), line.clone())),
            }
        }
        differences.extend(
            (behind..new.len()).filter_map(|at| Some(Difference::Added(number(at), new.get(at)?.clone()))),
        );
        differences
    }
}

fn index(number: u32) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

/// Whatever a person typed, it stays one line.
fn one_line(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|o| !matches!(o, b'\n' | b'\r')).collect()
}

/// Where the words of a list stand that begins with CAPABILITY.
fn capability_words(line: &[u8]) -> Option<Vec<(usize, usize)>> {
    let upper = line.to_ascii_uppercase();
    let start = memchr::memmem::find(&upper, b"CAPABILITY ")?.saturating_add(b"CAPABILITY ".len());
    // A request for the list has none, and neither has a word in a text for people.
    let rest = line.get(start..)?;
    let end = rest.iter().position(|o| matches!(o, b']' | b'\r')).unwrap_or(rest.len()).saturating_add(start);
    let mut words = Vec::new();
    let mut at = start;
    for word in line.get(start..end)?.split(|&o| o == b' ') {
        if !word.is_empty() {
            words.push((at, at.saturating_add(word.len())));
        }
        at = at.saturating_add(word.len()).saturating_add(1);
    }
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "S: * OK hello\nC: a CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\nS: a OK\n";

    fn text(draft: &Draft) -> String {
        String::from_utf8(draft.octets()).unwrap()
    }

    fn after(edit: &Edit) -> String {
        text(&Draft::new(TEXT.as_bytes()).unwrap().with(edit).unwrap().0)
    }

    #[test]
    fn lines_are_changed_added_deleted_and_moved() {
        assert_eq!(after(&Edit::Replace(1, b"S: * BYE".to_vec())).lines().next(), Some("S: * BYE"));
        assert_eq!(after(&Edit::Insert(0, b"# mine".to_vec())).lines().next(), Some("# mine"));
        assert_eq!(after(&Edit::Insert(4, b"C: b NOOP".to_vec())).lines().last(), Some("C: b NOOP"));
        assert_eq!(after(&Edit::Delete(2)).lines().count(), 3);
        assert_eq!(
            after(&Edit::Keep(2, 3)).lines().collect::<Vec<_>>(),
            TEXT.lines().skip(1).take(2).collect::<Vec<_>>()
        );
        assert_eq!(after(&Edit::Keep(4, 99)), "S: a OK\n");
        assert_eq!(after(&Edit::Up(2)).lines().next(), Some("C: a CAPABILITY"));
        assert_eq!(after(&Edit::Down(1)), after(&Edit::Up(2)));
        // What a person pastes stays one line.
        assert_eq!(after(&Edit::Replace(1, b"a\r\nb".to_vec())).lines().next(), Some("ab"));
    }

    #[test]
    fn what_is_impossible_changes_nothing() {
        let draft = Draft::new(TEXT.as_bytes()).unwrap();
        for edit in [
            Edit::Replace(0, Vec::new()),
            Edit::Replace(9, Vec::new()),
            Edit::Insert(9, Vec::new()),
            Edit::Delete(5),
            Edit::Keep(1, 4),
            Edit::Keep(5, 9),
            Edit::Keep(3, 2),
            Edit::Keep(0, 2),
            Edit::Up(1),
            Edit::Down(4),
            Edit::Replace(1, b"S: * OK hello".to_vec()),
            Edit::Toggle(1, 1, "STARTTLS".to_owned()),
        ] {
            assert_eq!(draft.with(&edit), None, "{edit:?}");
        }
        assert!(Draft::new(&vec![b'x'; DRAFT_LIMIT + 1]).is_none());
        assert!(Draft::new(b"one").unwrap().with(&Edit::Delete(1)).is_none());
    }

    #[test]
    fn capabilities_come_and_go_in_a_line_and_in_lines_of_their_own() {
        let toggled = after(&Edit::Toggle(3, 4, "logindisabled".to_owned()));
        assert!(toggled.contains("* CAPABILITY IMAP4rev1 STARTTLS\n"), "{toggled}");
        let toggled = after(&Edit::Toggle(3, 3, "AUTH=PLAIN".to_owned()));
        assert!(toggled.contains("LOGINDISABLED AUTH=PLAIN\n"), "{toggled}");
        let greeting = Draft::new(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n").unwrap();
        let (without, _) = greeting.with(&Edit::Toggle(1, 1, "STARTTLS".to_owned())).unwrap();
        assert_eq!(text(&without), "* OK [CAPABILITY IMAP4rev1] hi\r\n");
        let pop3 = Draft::new(b"S: +OK\r\nS: UIDL\r\nS: STLS\r\nS: .\r\n").unwrap();
        let (without, _) = pop3.with(&Edit::Toggle(1, 4, "STLS".to_owned())).unwrap();
        assert_eq!(text(&without), "S: +OK\r\nS: UIDL\r\nS: .\r\n");
        let (again, _) = without.with(&Edit::Toggle(1, 3, "STLS".to_owned())).unwrap();
        assert_eq!(text(&again), "S: +OK\r\nS: UIDL\r\nS: STLS\r\nS: .\r\n");
    }

    #[test]
    fn the_difference_to_the_original_is_lines_that_went_and_came() {
        let draft = Draft::new(TEXT.as_bytes()).unwrap();
        assert_eq!(draft.differences(), []);
        let (draft, _) = draft.with(&Edit::Delete(2)).unwrap();
        let (draft, _) = draft.with(&Edit::Insert(3, b"C: b NOOP".to_vec())).unwrap();
        assert_eq!(
            draft.differences(),
            [
                Difference::Removed(2, b"C: a CAPABILITY".to_vec()),
                Difference::Added(4, b"C: b NOOP".to_vec()),
            ]
        );
        assert!(draft.changed());
    }
}
