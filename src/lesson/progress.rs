//! How far somebody came, as forty letters that can be read out, copied to another device, or given to a teacher. There
//! is no name in it.
//!
//! Forty letters of Crockford's alphabet are 200 bits: 4 for the version; 5 for the steps and 2 for the hints of each of
//! 24 lessons; 5 questions of 3 bits; and 13 that check the others.

use std::fmt;

/// How many lessons fit.
pub const SLOTS: usize = 24;
/// How many steps of a lesson fit.
pub const STEPS: usize = 5;
/// How many questions fit.
pub const QUESTIONS: usize = 5;

const VERSION: u8 = 1;
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 40;
const CHECKED: usize = 187;

/// The answers to the questions at the end, by number from 0.
pub type Answers = [Option<u8>; QUESTIONS];

/// How far somebody came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// For each lesson, by place: which steps are done.
    pub done: [[bool; STEPS]; SLOTS],
    /// For each lesson: the highest level of a hint that was opened, up to 3.
    pub hints: [u8; SLOTS],
    /// The first answer to each question at the end.
    pub answers: Answers,
}

/// Why a code is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressError {
    /// It has this many letters.
    Length(usize),
    /// This letter, from 1, is not of the alphabet.
    Letter(usize),
    /// A letter is mistyped, or it was made by another version.
    Check,
    /// Of a later version of the page.
    Version,
}

impl fmt::Display for ProgressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(length) => write!(f, "a code has {LENGTH} letters and digits; this has {length}"),
            Self::Letter(place) => write!(f, "letter {place} stands in no code"),
            Self::Check => f.write_str("a letter of this code is wrong"),
            Self::Version => f.write_str("this code is of a newer version of the page"),
        }
    }
}

impl std::error::Error for ProgressError {}

impl Progress {
    /// How many steps of a lesson are done.
    #[must_use]
    pub fn steps(&self, place: usize) -> usize {
        self.done.get(place).map_or(0, |steps| steps.iter().filter(|done| **done).count())
    }

    /// Notes a step as done.
    pub fn finish(&mut self, place: usize, step: usize) {
        if let Some(done) = self.done.get_mut(place).and_then(|steps| steps.get_mut(step)) {
            *done = true;
        }
    }

    /// Notes that a hint was opened.
    pub fn hinted(&mut self, place: usize, level: u8) {
        if let Some(known) = self.hints.get_mut(place) {
            *known = (*known).max(level.min(3));
        }
    }

    /// Takes over what another device knew: whatever is done on either is done.
    pub fn join(&mut self, other: &Self) {
        for (mine, others) in self.done.iter_mut().flatten().zip(other.done.iter().flatten()) {
            *mine |= others;
        }
        for (mine, others) in self.hints.iter_mut().zip(other.hints) {
            *mine = (*mine).max(others);
        }
        for (mine, others) in self.answers.iter_mut().zip(other.answers) {
            *mine = mine.or(others);
        }
    }

    /// Nothing was done yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The code: forty letters and digits.
    #[must_use]
    pub fn code(&self) -> String {
        let mut bits = Vec::with_capacity(LENGTH.saturating_mul(5));
        push(&mut bits, VERSION.into(), 4);
        for (steps, hints) in self.done.iter().zip(self.hints) {
            bits.extend(steps);
            push(&mut bits, hints.into(), 2);
        }
        for answer in self.answers {
            push(&mut bits, answer.map_or(0, |answer| u16::from(answer.min(6)).saturating_add(1)), 3);
        }
        let check = checksum(&bits);
        push(&mut bits, check, 13);
        let letter = |five: &[bool]| {
            let value = number(five);
            LETTERS.get(usize::from(value)).copied().map_or('0', char::from)
        };
        bits.chunks(5).map(letter).collect()
    }

    /// Reads a code; spaces and hyphens mean nothing, and neither does case.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(code: &str) -> Result<Self, ProgressError> {
        let letters: Vec<char> = code
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if letters.len() != LENGTH {
            return Err(ProgressError::Length(letters.len()));
        }
        let mut bits = Vec::with_capacity(LENGTH.saturating_mul(5));
        for (place, letter) in (1..).zip(letters) {
            let letter = match letter {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = LETTERS.iter().position(|known| char::from(*known) == letter);
            let value =
                value.and_then(|value| u16::try_from(value).ok()).ok_or(ProgressError::Letter(place))?;
            push(&mut bits, value, 5);
        }
        let (checked, check) = bits.split_at(CHECKED.min(bits.len()));
        if checksum(checked) != number(check) {
            return Err(ProgressError::Check);
        }
        let mut rest = checked;
        let mut take = |count: usize| {
            let (head, tail) = rest.split_at(count.min(rest.len()));
            rest = tail;
            head
        };
        if number(take(4)) != u16::from(VERSION) {
            return Err(ProgressError::Version);
        }
        let mut progress = Self::default();
        for (steps, hints) in progress.done.iter_mut().zip(&mut progress.hints) {
            steps.iter_mut().zip(take(STEPS)).for_each(|(step, bit)| *step = *bit);
            *hints = u8::try_from(number(take(2))).unwrap_or_default();
        }
        for answer in &mut progress.answers {
            *answer = number(take(3)).checked_sub(1).and_then(|answer| u8::try_from(answer).ok());
        }
        Ok(progress)
    }
}

fn push(bits: &mut Vec<bool>, value: u16, count: u32) {
    bits.extend((0..count).rev().map(|bit| value.checked_shr(bit).unwrap_or_default() & 1 == 1));
}

fn number(bits: &[bool]) -> u16 {
    bits.iter().fold(0_u16, |value, bit| value.wrapping_shl(1) | u16::from(*bit))
}

/// Thirteen bits of CRC-16 (the polynomial of X.25) over the others.
fn checksum(bits: &[bool]) -> u16 {
    let crc = bits.iter().fold(0xFFFF_u16, |crc, bit| {
        let out = (crc >> 15 == 1) != *bit;
        let shifted = crc.wrapping_shl(1);
        if out { shifted ^ 0x1021 } else { shifted }
    });
    crc & 0x1FFF
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_forty_letters_and_comes_back() {
        let mut progress = Progress::default();
        progress.finish(3, 1);
        progress.finish(23, 4);
        progress.finish(99, 0);
        progress.hinted(3, 2);
        progress.answers = [Some(0), None, Some(3), Some(6), None];
        let code = progress.code();
        assert_eq!(code.len(), LENGTH);
        assert_eq!(Progress::read(&code), Ok(progress.clone()));
        let spaced: Vec<_> = code
            .to_lowercase()
            .as_bytes()
            .chunks(8)
            .map(|c| String::from_utf8_lossy(c).into_owned())
            .collect();
        assert_eq!(Progress::read(&spaced.join("-")), Ok(progress));
        assert!(Progress::default().is_empty());
    }

    #[test]
    fn each_mistyped_letter_is_noticed() {
        let mut progress = Progress::default();
        progress.finish(0, 0);
        let code = progress.code();
        for at in 0..LENGTH {
            for letter in LETTERS {
                let mut other = code.clone().into_bytes();
                if other[at] == *letter {
                    continue;
                }
                other[at] = *letter;
                let other = String::from_utf8(other).unwrap();
                assert!(Progress::read(&other).is_err(), "{other}");
            }
        }
        assert_eq!(Progress::read("ABC"), Err(ProgressError::Length(3)));
        assert_eq!(Progress::read(&"U".repeat(40)), Err(ProgressError::Letter(1)));
    }

    #[test]
    fn two_devices_are_joined() {
        let (mut one, mut two) = (Progress::default(), Progress::default());
        one.finish(1, 0);
        one.answers[0] = Some(1);
        two.finish(1, 1);
        two.hinted(1, 3);
        two.answers = [Some(2), Some(2), None, None, None];
        one.join(&two);
        assert_eq!((one.steps(1), one.hints[1]), (2, 3));
        assert_eq!(one.answers, [Some(1), Some(2), None, None, None]);
    }
}
