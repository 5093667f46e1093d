//! A session made ready to leave: everything of it that can be copied or saved, each searched for what was taken out.
//!
//! The worker does this, so that neither the redaction nor the writers are in the page's first module.

use super::Sheet;
use crate::link::{self, Size};
use crate::pipeline::policy::{Aside, policy_file};
use crate::pipeline::{self, Blocked, By, Hide, Share, redacted_counts};
use crate::redact::Item;
use crate::report::{self, Input};
use crate::trace::Trace;
use serde::{Deserialize, Serialize};

/// So many lines of the session are shown before it leaves.
const PREVIEW: usize = 300;

/// A longer session, in events, is not tried as a link.
const LINK_EVENTS: usize = 8_000;

/// So many places of an item are told.
const PLACES: usize = 8;

/// What is to leave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Subject {
    /// A recording's connections, which are redacted.
    Recording(Vec<Trace>),
    /// A run, which is made again from its setup and the message that is held: nothing of anybody is in it.
    Simulation(Sheet, Option<u32>),
}

/// What is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// What is to leave.
    pub subject: Subject,
    /// Names of users and hosts stay as they are.
    pub names: bool,
    /// Which of the items stay as they are, by their places in the list; only names can.
    pub kept: Vec<usize>,
    /// Secrets show how long they are and of what kind their characters.
    pub shape: bool,
    /// Who speaks was guessed.
    pub guessed: bool,
    /// What it is judged by.
    pub by: By,
    /// The page's address, without what stands behind the `#`.
    pub page: String,
    /// What stands behind it for a simulation, from the `#` on.
    pub bench: String,
    /// What is selected, as a part of an address; it stands in the link to a recording.
    pub view: String,
    /// What is set aside, which every report says.
    pub aside: Aside,
}

/// Something to copy or to save, or why it must not leave.
pub type Way = Result<String, String>;

/// An item of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// What it is, where it stands and what stands in its place, without the value.
    pub says: String,
    /// It is a name, which can stay as it is. Nothing else can.
    pub name: bool,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parcel {
    /// What was found and hidden, by kind, in words; empty where nothing was.
    pub found: String,
    /// One by one, those that stay as well.
    pub items: Vec<Listed>,
    /// How many values are searched for.
    pub values: usize,
    /// The lines of the session as they leave.
    pub preview: Vec<String>,
    /// How many more there are.
    pub more: usize,
    /// The whole address; nothing where the session is too long to be one.
    pub link: Option<Way>,
    /// A report for an issue, with the link.
    pub markdown: Way,
    /// A session file.
    pub session: Way,
    /// A report as a page of its own.
    pub html: Way,
    /// The ladder as a picture.
    pub svg: Way,
    /// The other forms of the report.
    pub others: Vec<Other>,
}

/// Another form, to be saved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Other {
    /// What it is called.
    pub title: String,
    /// The ending of its file's name.
    pub ending: String,
    /// Its kind, as the internet names kinds.
    pub kind: String,
    /// The file.
    pub way: Way,
}

impl Parcel {
    /// Why something in it must not leave: the first reason.
    #[must_use]
    pub fn blocked(&self) -> Option<&str> {
        let ways = self.link.iter().chain([&self.session, &self.markdown, &self.html, &self.svg]);
        let ways = ways.chain(self.others.iter().map(|other| &other.way));
        ways.filter_map(|way| way.as_ref().err()).map(String::as_str).next()
    }
}

/// Makes a session ready to leave.
///
/// # Errors
/// When there is no such setup.
pub fn parcel(order: Order) -> Result<Parcel, String> {
    let Order { subject, names, kept, shape, guessed, by, page, bench, view, aside } = order;
    let (traces, hide, title) = match subject {
        Subject::Recording(traces) => {
            (traces, Hide { names: !names, shape, ..Hide::ALL }, "A recorded session")
        }
        Subject::Simulation(sheet, hold) => {
            let mut setup = sheet.setup()?;
            setup.hold = hold;
            let run = pipeline::simulate(&setup, by.rule_set);
            let traces = run.connections.into_iter().map(|judged| judged.trace).collect();
            (traces, Hide::SECRETS, "A simulated session")
        }
    };
    // The list is that of everything, so that what stays can be hidden again.
    let whole = Share::new(&traces, hide, guessed);
    let listed: Vec<Listed> =
        whole.items().iter().map(|item| Listed { says: told(item), name: item.kind.is_name() }).collect();
    let staying: Vec<Item> = kept
        .iter()
        .filter_map(|number| whole.items().get(*number))
        .filter(|i| i.kind.is_name())
        .cloned()
        .collect();
    let share = if staying.is_empty() { whole } else { Share::but(&traces, hide, guessed, &staying) };
    let simulated = hide == Hide::SECRETS;
    let mut preview = share.preview();
    let shown = share.check(preview.join("\n").as_bytes());
    let more = preview.len().saturating_sub(PREVIEW);
    preview.truncate(PREVIEW);
    // Why something is set aside was typed too, and stands percent-encoded in the link, where no search finds it.
    let shown = shown.and_then(|()| {
        aside.accepted.iter().try_for_each(|accepted| share.check(accepted.reason.as_bytes()))
    });
    let way = |made: Result<String, Blocked>| match &shown {
        // What must not even be looked at does not leave in any form.
        Err(blocked) => Err(blocked.to_string()),
        Ok(()) => made.map_err(|blocked| blocked.to_string()),
    };
    // What somebody looks for in the rows was typed, and may be a part of what is private: no search finds a part.
    let view = without(&view, "f=");
    let events: usize = share.traces().iter().map(|trace| trace.events().len()).sum();
    let link = if simulated {
        Some(way(Ok([page.as_str(), &bench].concat())))
    } else if events > LINK_EVENTS {
        None
    } else {
        Some(way(share.packed().map(|packed| [page.as_str(), "#/?z=", &packed, &view].concat())))
    };
    let input = Input { file: title.to_owned(), ..Input::default() };
    let report = |id| {
        let format = report::find(id);
        format.map_or(Ok(String::new()), |format| share.report(format, &input, by, &aside, None))
    };
    let mut others: Vec<Other> = OTHERS
        .into_iter()
        .map(|(id, title, ending, kind)| Other::new(title, ending, kind, way(report(id))))
        .collect();
    if !aside.accepted.is_empty() {
        let text = policy_file(&aside.accepted);
        let policy = way(share.check(text.as_bytes()).map(|()| text));
        others.push(Other::new("policy file", ".toml", "application/toml", policy));
    }
    let fits = link.as_ref().and_then(|link| link.as_ref().ok()).filter(|l| link::size(l) != Size::TooLong);
    let markdown = way(report("markdown")).map(|mut text| {
        if let Some(link) = fits {
            // One link for all of it: it may be thousands of characters long.
            text.push_str(&["\n[Open this session in STARTTLS Lab](", link, ")\n"].concat());
        }
        text
    });
    Ok(Parcel {
        found: redacted_counts(share.items()),
        items: listed,
        values: share.leaks().values(),
        markdown,
        session: way(share.session_file()),
        html: way(report("html")),
        svg: way(share.svg(title)),
        others,
        // Nothing of it is shown either when the search finds something.
        preview: if shown.is_ok() { preview } else { Vec::new() },
        more: if shown.is_ok() { more } else { 0 },
        link,
    })
}

/// What a report can be saved as beside the forms that have a button of their own: its id, what it is called, the ending
/// of its file's name, and its kind.
const OTHERS: [(&str, &str, &str, &str); 3] = [
    ("sarif", "SARIF report", ".sarif", "application/sarif+json"),
    ("json", "JSON report", ".json", "application/json"),
    ("text", "text report", ".txt", "text/plain"),
];

impl Other {
    fn new(title: &str, ending: &str, kind: &str, way: Way) -> Self {
        Self { title: title.to_owned(), ending: ending.to_owned(), kind: kind.to_owned(), way }
    }
}

/// The parts of an address but for one.
fn without(view: &str, key: &str) -> String {
    let kept = view.split('&').filter(|part| !part.is_empty() && !part.starts_with(key));
    kept.flat_map(|part| ["&", part]).collect()
}

/// An item in a sentence without its end.
fn told(item: &Item) -> String {
    let mut places: Vec<u32> =
        item.places.iter().map(|(_, place)| *place).filter(|place| *place > 0).collect();
    places.dedup();
    let more = places.len().saturating_sub(PLACES);
    let shown: Vec<String> = places.iter().take(PLACES).map(u32::to_string).collect();
    let mut text = ["A ", item.kind.words().0, ", ", &item.shape.to_string()].concat();
    if !shown.is_empty() {
        text.push_str(&[", line ", &shown.join(", ")].concat());
        if more > 0 {
            text.push_str(&[" and ", &more.to_string(), " more"].concat());
        }
    }
    text.push_str(&["; in its place: ", &item.shown].concat());
    if item.common {
        text.push_str("; too short or too common to be searched for elsewhere, so look yourself");
    }
    text
}
