//! A matrix as rows and cells in words, for the screen and for files.

use super::filters::{Filters, View};
use crate::attack::{self, Attack};
use crate::base::{Side, order};
use crate::harm;
use crate::rules;
use crate::sim::Setup;
use crate::spec::Level;
use crate::ui::state::link;
use crate::ui::words::{gain, many};
use crate::work::Grid;

/// What is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it is, in a few words.
    pub title: String,
    /// The columns: id and full name.
    pub columns: Vec<(String, String)>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What there is to say of all of it.
    pub summary: String,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The id of the attack; nobody's is `none`.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it does.
    pub about: &'static str,
    /// One for each column.
    pub squares: Vec<Square>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Square {
    /// Which of the looks.
    pub class: &'static str,
    /// Its words; empty where there is nothing to say.
    pub words: String,
    /// The address of the run that shows it.
    pub link: Option<String>,
    /// What it was before the flip, if that was something else.
    pub before: Option<String>,
}

/// The address of a run by the arguments of `simulate`.
fn opens(run: &[String], place: Option<u32>) -> Option<String> {
    let mut words = Vec::new();
    let mut arguments = run.iter();
    while let Some(name) = arguments.next() {
        let value = arguments.next()?;
        words.push(match name.as_str() {
            "--protocol" | "--set" => value.clone(),
            "--client" => format!("client={value}"),
            "--server" => format!("server={value}"),
            "--attack" => format!("attack={value}"),
            // The page has its own choice of rules.
            "--rules" => continue,
            _ => return None,
        });
    }
    Setup::from_words(&words.join(" ")).ok().map(|setup| link(&setup, place, None))
}

impl Table {
    /// What the filters leave of a matrix.
    #[must_use]
    pub fn new(filters: &Filters, base: &Grid, flipped: Option<&Grid>) -> Self {
        let mut table = match filters.view {
            View::Profiles => Self::profiles(filters, base, flipped),
            View::Rules => Self::rules(filters, base),
        };
        let words = filters.text.to_lowercase();
        table.rows.retain(|row| {
            let of = attack::find(&row.id);
            let group = of.map_or("", |attack| attack.group.title());
            let told = [&row.id, &row.title, row.about, group].map(str::to_lowercase).join(" ");
            words.split_whitespace().all(|word| told.contains(word))
        });
        table
    }

    fn profiles(filters: &Filters, base: &Grid, flipped: Option<&Grid>) -> Self {
        let known = Setup::new(filters.protocol).ok().map(|setup| setup.protocol);
        let title = |id: &String| {
            let found =
                known.and_then(|record| record.all_profiles(Side::Client).find(|profile| profile.id == *id));
            found.map_or_else(|| id.clone(), |profile| profile.title.to_string())
        };
        let columns: Vec<_> = base.clients.iter().map(|id| (id.clone(), title(id))).collect();
        let square = |matrix: &Grid, attack: &str, client: &str| {
            let pair = matrix
                .pairs
                .iter()
                .find(|p| p.attack == attack && p.client == client && p.server == filters.server)?;
            let gains = harm::ALL.iter().find(|harm| pair.gains.as_deref() == Some(harm.id));
            let words = match (pair.succeeds, gains) {
                (false, _) => "stopped".to_owned(),
                (true, Some(harm)) => gain(harm),
                (true, None) => "succeeds".to_owned(),
            };
            let class = if pair.succeeds { "lost" } else { "safe" };
            Some(Square { class, words, link: opens(&pair.run, pair.place), before: None })
        };
        let login = |matrix: &Grid, client: &str| {
            let (_, _, works) = matrix.logins.iter().find(|(c, s, _)| c == client && *s == filters.server)?;
            let words = if *works { "login works" } else { "no login" }.to_owned();
            let flip = filters
                .flip
                .iter()
                .filter(|_| flipped.is_some())
                .flat_map(|flip| ["--set".to_owned(), flip.clone()]);
            let run: Vec<_> =
                ["--protocol", filters.protocol.id(), "--client", client, "--server", &filters.server]
                    .map(str::to_owned)
                    .into_iter()
                    .chain(flip)
                    .collect();
            Some(Square {
                class: if *works { "works" } else { "fails" },
                words,
                link: opens(&run, None),
                before: None,
            })
        };
        let both = |at: &dyn Fn(&Grid) -> Option<Square>| {
            let before = at(base);
            let Some(flipped) = flipped else { return before.unwrap_or_else(nothing) };
            let mut now = at(flipped).unwrap_or_else(nothing);
            now.before = before.filter(|before| before.words != now.words).map(|before| before.words);
            now
        };
        let mut rows = vec![Row {
            id: "none".to_owned(),
            title: "Nobody in the middle".to_owned(),
            about: "The client and the server alone.",
            squares: columns.iter().map(|(client, _)| both(&|matrix| login(matrix, client))).collect(),
        }];
        let mut attacks: Vec<_> = base.attacks.iter().filter_map(|id| attack::find(id)).collect();
        order::sort_by_key(&mut attacks, |attack| (attack.group, attack.id));
        rows.extend(attacks.iter().map(|attack| {
            row(
                attack,
                columns.iter().map(|(client, _)| both(&|matrix| square(matrix, attack.id, client))).collect(),
            )
        }));
        let runs = flipped.map_or(0, |flipped| flipped.runs).saturating_add(base.runs);
        let mut summary = format!(
            "{} against {}, from {} just now.",
            many(base.attacks.len(), "attack"),
            many(columns.len(), "client"),
            many(runs, "run")
        );
        if flipped.is_some() {
            let squares =
                || rows.iter().flat_map(|row| &row.squares).filter(|square| square.before.is_some());
            let count = |class: &str, was: &dyn Fn(&str) -> bool| {
                squares().filter(|s| s.class == class && s.before.as_deref().is_some_and(was)).count()
            };
            let freed = |square: &Square| square.class == "safe" && square.before.is_some();
            let stopped = rows.iter().filter(|row| row.squares.iter().any(freed)).count();
            let cells = count("safe", &|_| true);
            let opened = count("lost", &|was| was == "stopped");
            let broken = count("fails", &|_| true);
            let mended = count("works", &|_| true);
            summary = format!(
                "{summary} After the flip {} now stopped ({}), {} now succeeding, {} now broken, {} now possible.",
                many(stopped, "attack"),
                many(cells, "cell"),
                opened,
                many(broken, "honest login"),
                mended
            );
        }
        Self {
            title: format!("Attacks against clients, {}", filters.protocol.title()),
            columns,
            rows,
            summary,
        }
    }

    fn rules(filters: &Filters, base: &Grid) -> Self {
        let strict = |id: &str| {
            let requirement = rules::find(id).and_then(rules::Rule::requirement);
            requirement
                .is_some_and(|row| row.clauses.iter().any(|clause| clause.keyword.level() == Level::Error))
        };
        let used = |id: &str| {
            base.cells.iter().any(|cell| cell.rule == id && (cell.stops || cell.needed || cell.notices))
        };
        let shown: Vec<_> = base
            .rules
            .iter()
            .filter_map(|id| rules::find(id))
            .filter(|rule| (filters.all || used(rule.id)) && (!filters.must || strict(rule.id)))
            .collect();
        let columns: Vec<_> = shown.iter().map(|rule| (rule.id.to_owned(), rule.title.to_owned())).collect();
        let mut attacks: Vec<_> = base.attacks.iter().filter_map(|id| attack::find(id)).collect();
        order::sort_by_key(&mut attacks, |attack| (attack.group, attack.id));
        let caught = |attack: &Attack| {
            base.cells
                .iter()
                .any(|cell| cell.attack == attack.id && (cell.stops || cell.needed || cell.notices))
        };
        let uncaught = attacks.iter().filter(|attack| !caught(attack)).count();
        attacks.retain(|attack| !filters.gaps || !caught(attack));
        let rows = attacks.iter().map(|attack| {
            let squares = columns.iter().map(|(rule, _)| {
                let Some(cell) =
                    base.cells.iter().find(|cell| cell.attack == attack.id && cell.rule == *rule)
                else {
                    return nothing();
                };
                let words = [(cell.stops, "stops"), (cell.needed, "decides"), (cell.notices, "notices")];
                let words: Vec<_> = words.into_iter().filter(|(on, _)| *on).map(|(_, word)| word).collect();
                let class = match (cell.stops || cell.needed, cell.notices) {
                    (true, _) => "safe",
                    (false, true) => "noticed",
                    (false, false) => "",
                };
                let link = (!words.is_empty()).then(|| opens(&cell.run, cell.place)).flatten();
                Square { class, words: words.join(", "), link, before: None }
            });
            row(attack, squares.collect())
        });
        Self {
            title: format!("Attacks against rules, {}", filters.protocol.title()),
            rows: rows.collect(),
            summary: format!(
                "{} against {}, from {} just now. {} neither stopped nor noticed by any rule.",
                many(base.attacks.len(), "attack"),
                many(columns.len(), "rule"),
                many(base.runs, "run"),
                many(uncaught, "attack")
            ),
            columns,
        }
    }

    /// As comma separated values: the first line names the columns.
    #[must_use]
    pub fn csv(&self) -> String {
        let field = |text: &str| {
            if text.contains([',', '"', '\n']) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text.to_owned()
            }
        };
        self.lines()
            .map(|cells| cells.iter().map(|cell| field(cell)).collect::<Vec<_>>().join(",") + "\r\n")
            .collect()
    }

    /// As a table for an issue.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("{}. {}\n\n", self.title, self.summary);
        for (number, cells) in self.lines().enumerate() {
            let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            text.push_str(&format!("| {} |\n", cells.join(" | ")));
            if number == 0 {
                text.push_str(&format!("|{}\n", " --- |".repeat(cells.len())));
            }
        }
        text
    }

    fn lines(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        let names = self.columns.iter().map(|(id, title)| {
            if id.chars().any(|c| c.is_ascii_digit()) { format!("{id} {title}") } else { title.clone() }
        });
        let first = std::iter::once("Attack".to_owned()).chain(names).collect();
        let rows = self.rows.iter().map(|row| {
            let squares = row.squares.iter().map(|square| match &square.before {
                Some(before) => format!("{} (was: {before})", square.words),
                None => square.words.clone(),
            });
            std::iter::once(row.title.clone()).chain(squares).collect()
        });
        std::iter::once(first).chain(rows)
    }
}

fn row(attack: &'static Attack, squares: Vec<Square>) -> Row {
    Row { id: attack.id.to_owned(), title: attack.title.to_owned(), about: attack.about, squares }
}

fn nothing() -> Square {
    Square { class: "", words: String::new(), link: None, before: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{self, Wanted};

    fn made(wanted: Wanted) -> Grid {
        pipeline::matrix_with(wanted, &mut |_, _| {}).unwrap().into()
    }

    #[test]
    fn a_flip_shows_what_it_stops_and_what_it_breaks() {
        let filters = Filters::read("p=pop3&flip=client.tls%3Drequired&server=open&q=strip%20offer");
        let made: Vec<_> = filters.wanted().into_iter().map(made).collect();
        let table = Table::new(&filters, &made[0], Some(&made[1]));
        assert!(table.rows.iter().any(|row| row.id == "strip-capability"), "{:?}", table.rows);
        let changed =
            table.rows.iter().flat_map(|row| &row.squares).filter(|square| square.before.is_some()).count();
        assert!(changed > 0 && table.summary.contains("now stopped"), "{}", table.summary);
        let lost =
            made[0].pairs.iter().find(|pair| pair.succeeds && pair.attack == "strip-capability").unwrap();
        let link = opens(&lost.run, lost.place).unwrap();
        assert!(link.starts_with("#/?p=pop3") && link.contains("&e="), "{link}");
        let csv = table.csv();
        assert!(csv.starts_with("Attack,") && csv.contains("(was: "), "{csv}");
        assert!(
            table.markdown().lines().nth(3).is_some_and(|line| line.starts_with("| --- |"))
                || table.markdown().contains("| --- |")
        );
    }

    #[test]
    fn rules_are_named_and_the_gaps_are_those_that_nothing_catches() {
        let filters = Filters::read("p=pop3&view=rules");
        let matrix = made(filters.wanted().remove(0));
        let all = Table::new(&filters, &matrix, None);
        assert!(all.columns.iter().all(|(_, title)| title.len() > 8));
        let strip = all.rows.iter().find(|row| row.id == "strip-capability").unwrap();
        assert!(strip.squares.iter().any(|square| square.words.contains("stops") && square.link.is_some()));
        let gaps = Table::new(&Filters { gaps: true, ..filters }, &matrix, None);
        assert!(gaps.rows.len() < all.rows.len() && !gaps.rows.is_empty());
        assert!(gaps.rows.iter().flat_map(|row| &row.squares).all(|square| square.words.is_empty()));
    }
}
