//! Screens by address: everything behind the `#`, so that the page works under any path and from a file.
//!
//! ```text
//! #/                                          the workbench as it opens
//! #/?p=imap&c=careless&a=strip-capability&set=client.tls=required&e=7
//! #/?z=1.eNp…                                 a recording, packed
//! #t=S%3A%20*%20OK%20ready%0A…                a recording, as text
//! #/rules?side=client   #/rules/A12   #/about
//! ```

use super::aside;
use super::chosen;
use super::learn::Place;
use super::lens::Lens;
use crate::attack::Custom;
use crate::base::{Party, Profile, Side};
use crate::pipeline::policy::Accepted;
use crate::pipeline::{self, Assumed, Select};
use crate::rules;
use crate::sim::Setup;
use crate::spec::RuleSet;
use crate::trace::Policy;
use crate::work::Manual;

/// A screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// The workbench.
    #[default]
    Bench,
    /// The machines' states, and which protocol's as the address writes it.
    Machines(String),
    /// The questions about somebody's own client or server.
    Own,
    /// The PLAIN tool.
    Plain,
    /// An attack of one's own, as text.
    Attack,
    /// Attacks against rules and profiles, and the filters as the address writes them.
    Matrix(String),
    /// The search for attacks, and what is looked for as the address writes it.
    Search(String),
    /// The list of rules, and its filters as the address writes them.
    Rules(String),
    /// A rule or requirement by its id.
    Rule(String),
    /// Two sessions side by side.
    Compare,
    /// Sessions to look at.
    Examples,
    /// A screen about lessons.
    Learn(Place),
    /// What this is.
    About,
    /// A page of the documentation.
    Read(Manual),
    /// An address that leads nowhere.
    Missing(String),
}

impl Route {
    /// The screen of an address, and what stands behind its `?`. An address that is none of ours, such as `#ladder`,
    /// is no screen.
    #[must_use]
    pub fn read(hash: &str) -> Option<(Self, String)> {
        let hash = hash.strip_prefix('#').unwrap_or(hash);
        if hash.starts_with("t=") {
            // The shortest address that another program can make: a recording as text.
            return Some((Self::Bench, hash.to_owned()));
        }
        if !hash.is_empty() && !hash.starts_with('/') {
            return None;
        }
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        let path = decoded(path);
        let segments: Vec<_> = path.trim_matches('/').split('/').collect();
        if let Some(place) = Place::read(&segments) {
            return Some((Self::Learn(place), query.to_owned()));
        }
        let route = match segments.as_slice() {
            [""] => Self::Bench,
            ["rules"] => Self::Rules(query.to_owned()),
            ["rules", id] => Self::Rule((*id).to_owned()),
            ["machines"] => Self::Machines(query.to_owned()),
            ["own"] => Self::Own,
            ["plain"] => Self::Plain,
            ["matrix"] => Self::Matrix(query.to_owned()),
            ["search"] => Self::Search(query.to_owned()),
            ["attack"] => Self::Attack,
            ["compare"] => Self::Compare,
            ["about"] => Self::About,
            ["examples"] => Self::Examples,
            [id] => Manual::ALL
                .into_iter()
                .find(|manual| manual.1 == *id)
                .map_or_else(|| Self::Missing(path.clone()), |manual| Self::Read(manual.0)),
            _ => Self::Missing(path),
        };
        Some((route, query.to_owned()))
    }

    /// The address, without what the workbench adds.
    #[must_use]
    pub fn hash(&self) -> String {
        match self {
            Self::Bench => "#/".to_owned(),
            Self::Rules(query) if query.is_empty() => "#/rules".to_owned(),
            Self::Rules(query) => format!("#/rules?{query}"),
            Self::Rule(id) => format!("#/rules/{id}"),
            Self::Machines(query) if query.is_empty() => "#/machines".to_owned(),
            Self::Machines(query) => format!("#/machines?{query}"),
            Self::Own => "#/own".to_owned(),
            Self::Plain => "#/plain".to_owned(),
            Self::Matrix(query) if query.is_empty() => "#/matrix".to_owned(),
            Self::Matrix(query) => format!("#/matrix?{query}"),
            Self::Search(query) if query.is_empty() => "#/search".to_owned(),
            Self::Search(query) => format!("#/search?{query}"),
            Self::Attack => "#/attack".to_owned(),
            Self::Compare => "#/compare".to_owned(),
            Self::Learn(place) => place.hash(),
            Self::About => "#/about".to_owned(),
            Self::Read(manual) => format!("#/{}", manual.id()),
            Self::Examples => "#/examples".to_owned(),
            Self::Missing(path) => format!("#{path}"),
        }
    }

    /// A session is on the screen.
    #[must_use]
    pub fn bench(&self) -> bool {
        match self {
            Self::Bench => true,
            Self::Learn(place) => place.step().is_some(),
            _ => false,
        }
    }

    /// A step is shown to a room.
    #[must_use]
    pub fn room(&self) -> bool {
        matches!(self, Self::Learn(Place::Present(..)))
    }

    /// The screen alone.
    #[must_use]
    pub fn without_query(self) -> Self {
        match self {
            Self::Rules(_) => Self::Rules(String::new()),
            Self::Machines(_) => Self::Machines(String::new()),
            Self::Matrix(_) => Self::Matrix(String::new()),
            Self::Search(_) => Self::Search(String::new()),
            other => other,
        }
    }

    /// The title of the window on this screen; the workbench has its own.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        match self {
            Self::Bench => None,
            Self::Rules(_) => Some("Rules".to_owned()),
            Self::Rule(id) => {
                Some(rules::find(id).map_or_else(|| id.clone(), |rule| format!("{id}: {}", rule.title)))
            }
            Self::Machines(_) => Some("Machines".to_owned()),
            Self::Own => Some("Your own".to_owned()),
            Self::Plain => Some("PLAIN".to_owned()),
            Self::Matrix(_) => Some("Matrix".to_owned()),
            Self::Search(_) => Some("Look for an attack".to_owned()),
            Self::Attack => Some("Your own attack".to_owned()),
            Self::Compare => Some("Compare".to_owned()),
            Self::Learn(place) => Some(place.title()),
            Self::About => Some("About".to_owned()),
            Self::Read(manual) => Some(manual.title().to_owned()),
            Self::Examples => Some("Examples".to_owned()),
            Self::Missing(_) => Some("Not found".to_owned()),
        }
    }
}

/// The screens by name; the pages of [`Manual`] are some more.
pub const SCREENS: &[(&str, &str)] = &[
    ("Workbench", "#/"),
    ("Examples: sessions and logs to look at", "#/examples"),
    ("Lessons", "#/learn"),
    ("Room check", "#/preflight"),
    ("Five questions", "#/quiz"),
    ("Worksheet to print", "#/worksheet"),
    ("Worksheet with answers", "#/worksheet/key"),
    ("Tally of a class", "#/tally"),
    ("Objections and answers", "#/objections"),
    ("A lesson of your own", "#/learn/own"),
    ("Rules", "#/rules"),
    ("Machines and their states", "#/machines"),
    ("Your own client or server", "#/own"),
    ("PLAIN, octet by octet", "#/plain"),
    ("Write an attack of your own", "#/attack"),
    ("Matrix: attacks against profiles and rules", "#/matrix"),
    ("Look for an attack", "#/search"),
    ("About", "#/about"),
];

/// What a link to the workbench asks for.
#[derive(Debug)]
pub struct Wish {
    /// The setup, as far as it could be understood.
    pub setup: Setup,
    /// The documents in force.
    pub rule_set: RuleSet,
    /// The place to look at.
    pub place: Option<u32>,
    /// Through whose eyes to look.
    pub lens: Lens,
    /// The verdict to open.
    pub verdict: Option<(&'static str, Side)>,
    /// The verdicts to list.
    pub select: Select,
    /// What to look for in the rows.
    pub sieve: String,
    /// What is assumed of the ends of a recording.
    pub assumed: Assumed,
    /// What is set aside.
    pub aside: Vec<Accepted>,
    /// What could not be understood, in sentences.
    pub wrong: Vec<String>,
}

/// Reads what stands behind the `?` of the workbench. Whatever it does not understand it names and leaves out.
#[must_use]
pub fn wish(query: &str, opening: &Setup) -> Wish {
    let mut wish = Wish {
        setup: opening.clone(),
        rule_set: RuleSet::default(),
        place: None,
        lens: Lens::default(),
        verdict: None,
        select: Select::default(),
        sieve: String::new(),
        assumed: Assumed::default(),
        aside: Vec::new(),
        wrong: Vec::new(),
    };
    let parts = parts(query);
    if parts.is_empty() {
        return wish;
    }
    let values = |wanted: &'static str| {
        parts.iter().filter(move |(key, _)| *key == wanted).map(|(_, value)| value.as_str())
    };
    let protocol = values("p").next().unwrap_or(opening.protocol.protocol.id());
    match pipeline::protocols().find(|known| known.id() == protocol).map(Setup::new) {
        Some(Ok(setup)) => wish.setup = setup,
        _ => {
            wish.wrong.push(format!("there is no protocol “{protocol}” here"));
            wish.setup.attacks.clear();
        }
    }
    for (key, side) in [("c", Side::Client), ("s", Side::Server)] {
        for id in values(key) {
            let known = wish.setup.profile(side, id);
            wish.wrong.extend(known.err().map(|error| brief(&error.to_string())));
        }
    }
    for id in values("a").filter(|id| *id != "none") {
        let known = wish.setup.attack(id);
        wish.wrong.extend(known.err().map(|error| brief(&error.to_string())));
    }
    for text in values("x") {
        match Custom::parse(text) {
            Ok(custom) => {
                wish.setup.custom = Some(custom);
                // It stands on the path where it stands in the address.
                let nearer = parts.iter().take_while(|(key, _)| *key != "x").filter(|(key, _)| *key == "a");
                let place = nearer.filter(|(_, id)| *id != "none").count();
                wish.setup.custom_at = (place < wish.setup.attacks.len()).then_some(place);
            }
            Err(error) => wish.wrong.push(brief(&format!("the written attack cannot be read: {error}"))),
        }
    }
    for number in values("h") {
        match number.parse() {
            Ok(number) => wish.setup.hold = Some(number),
            Err(_) => wish.wrong.push(format!("“{number}” is no number of a message")),
        }
    }
    for text in values("set") {
        let known = wish.setup.set_text(text);
        wish.wrong.extend(known.err().map(|error| brief(&error.to_string())));
    }
    for id in values("r") {
        match RuleSet::ALL.into_iter().find(|set| set.id() == id) {
            Some(set) => wish.rule_set = set,
            None => wish.wrong.push(format!("there is no rule set “{id}”")),
        }
    }
    for place in values("e") {
        match place.parse() {
            Ok(place) => wish.place = Some(place),
            Err(_) => wish.wrong.push(format!("“{place}” is no number of an event")),
        }
    }
    for text in values("v") {
        match text.rsplit_once('.').and_then(|(id, side)| Some((rules::find(id)?.id, side_of(side)?))) {
            Some(verdict) => wish.verdict = Some(verdict),
            None => wish.wrong.push(format!("there is no verdict “{text}”")),
        }
    }
    for id in values("l") {
        match Lens::ALL.into_iter().find(|lens| lens.id() == id) {
            Some(lens) => wish.lens = lens,
            None => wish.wrong.push(format!("nobody here is called “{id}”")),
        }
    }
    for id in values("as") {
        match Policy::ALL.into_iter().find(|policy| policy.id() == id) {
            Some(policy) => wish.assumed = wish.assumed.with(policy.side(), Some(policy)),
            None => wish.wrong.push(format!("there is no policy “{id}”")),
        }
    }
    for text in values("aside") {
        match aside::read(text) {
            Some(accepted) => wish.aside.push(accepted),
            None => wish.wrong.push(format!("nothing can be set aside by “{text}”")),
        }
    }
    for (key, value) in parts.iter().filter(|(key, _)| chosen::KEYS.contains(key)) {
        if !chosen::read(&mut wish.select, key, value) {
            wish.wrong.push(format!("no verdicts can be chosen by “{key}={value}”"));
        }
    }
    wish.sieve = values("f").next_back().unwrap_or_default().to_owned();
    let known = ["p", "c", "s", "a", "x", "h", "l", "set", "r", "e", "v", "as", "z", "t", "f", "aside"];
    for (key, _) in parts.iter().filter(|(key, _)| !known.contains(key) && !chosen::KEYS.contains(key)) {
        wish.wrong.push(format!("“{key}” means nothing here"));
    }
    wish
}

/// What is wrong, without the list of all that there is, and without its end: more of it follows.
fn brief(error: &str) -> String {
    error.split("; there are ").next().unwrap_or(error).trim_end_matches('.').to_owned()
}

/// The address of the workbench in a state; the state that it opens with has nothing behind the `?`.
#[must_use]
pub fn address(
    setup: &Setup,
    opening: &Setup,
    rule_set: RuleSet,
    place: Option<u32>,
    verdict: Option<(&'static str, Side)>,
) -> String {
    address_of(
        setup,
        opening,
        &Shown {
            rule_set,
            place,
            verdict,
            lens: Lens::default(),
            select: &Select::default(),
            assumed: Assumed::default(),
            sieve: "",
            aside: &[],
        },
    )
}

/// What is shown of a setup.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The documents in force.
    pub rule_set: RuleSet,
    /// The place that is looked at.
    pub place: Option<u32>,
    /// The verdict that is open.
    pub verdict: Option<(&'static str, Side)>,
    /// Through whose eyes.
    pub lens: Lens,
    /// The verdicts that are listed.
    pub select: &'a Select,
    /// What is looked for in the rows.
    pub sieve: &'a str,
    /// What is assumed of the ends of a recording.
    pub assumed: Assumed,
    /// What is set aside.
    pub aside: &'a [Accepted],
}

/// The address of the workbench with all that can be shown on it.
#[must_use]
pub fn address_of(setup: &Setup, opening: &Setup, shown: &Shown<'_>) -> String {
    let played = written(setup);
    let mut query = if played == written(opening) { String::new() } else { played.clone() };
    let more = view(shown);
    if !more.is_empty() && query.is_empty() {
        query = played;
    }
    if query.is_empty() { "#/".to_owned() } else { format!("#/?{query}{more}") }
}

/// What is shown, as parts of an address with a `&` in front of each.
#[must_use]
pub fn view(shown: &Shown<'_>) -> String {
    let &Shown { rule_set, place, verdict, lens, select, assumed, sieve, aside } = shown;
    let mut more = String::new();
    if rule_set != RuleSet::default() {
        more.push_str(&format!("&r={}", rule_set.id()));
    }
    if let Some((rule, side)) = verdict {
        more.push_str(&format!("&v={rule}.{}", side.name()));
    }
    if let Some(place) = place {
        more.push_str(&format!("&e={place}"));
    }
    if lens != Lens::All {
        more.push_str(&format!("&l={}", lens.id()));
    }
    if !sieve.trim().is_empty() {
        more.push_str("&f=");
        more.push_str(&encoded(sieve.trim()));
    }
    for policy in Side::BOTH.into_iter().filter_map(|side| assumed.of(side)) {
        more.push_str(&format!("&as={}", policy.id()));
    }
    more.push_str(&chosen::query(select));
    more.push_str(&aside::query(aside));
    more
}

/// A setup as a query: whatever differs from the protocol's defaults.
fn written(setup: &Setup) -> String {
    let mut parts = vec![format!("p={}", setup.protocol.protocol.id())];
    for (key, side) in [("c", Side::Client), ("s", Side::Server)] {
        let usual = linked(setup, side);
        if (setup.protocol.profiles)(side).first().is_none_or(|first| first.id != usual.id) {
            parts.push(format!("{key}={}", usual.id));
        }
    }
    if setup.attacks.is_empty() {
        parts.push("a=none".to_owned());
    }
    let attacks = parts.len();
    parts.extend(setup.attacks.iter().map(|(attack, _)| format!("a={}", attack.id)));
    if let Some(custom) = &setup.custom {
        let own = format!("x={}", encoded(custom.text().trim_end()));
        parts.insert(attacks.saturating_add(setup.custom_place()), own);
    }
    for (side, (_, now)) in [(Side::Client, &setup.client), (Side::Server, &setup.server)] {
        let list = (setup.protocol.switches)(side);
        let usual = linked(setup, side).switches(list);
        for switch in list.iter().filter(|switch| now.get(switch) != usual.get(switch)) {
            parts.push(format!("set={}.{}={}", side.name(), switch.id, now.get(switch)));
        }
    }
    for (_, values) in &setup.attacks {
        parts
            .extend(values.changed().map(|(id, value)| format!("set={}.{id}={value}", Party::Middle.name())));
    }
    parts.extend(setup.hold.map(|hold| format!("h={hold}")));
    parts.join("&")
}

/// The profile that a link names: somebody's own is not known elsewhere, so its switches are given instead.
fn linked(setup: &Setup, side: Side) -> &Profile {
    let (profile, _) = match side {
        Side::Client => &setup.client,
        Side::Server => &setup.server,
    };
    let known = (setup.protocol.profiles)(side);
    known
        .iter()
        .copied()
        .find(|known| **known == **profile)
        .or_else(|| known.first().copied())
        .unwrap_or(profile)
}

/// A side by its name.
#[must_use]
pub fn side_of(name: &str) -> Option<Side> {
    Side::BOTH.into_iter().find(|side| side.name() == name)
}

/// What stands behind a `?`, part by part.
#[must_use]
pub fn parts(query: &str) -> Vec<(&str, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(key, value)| (key, decoded(value)))
        .collect()
}

/// Text as a value behind the `?`.
#[must_use]
pub fn encoded(text: &str) -> String {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~:,".contains(&octet);
    text.bytes().map(|o| if plain(o) { char::from(o).to_string() } else { format!("%{o:02X}") }).collect()
}

/// Percent signs and two digits become the octet that they stand for.
fn decoded(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.filter(|_| first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(octet) => {
                octets.push(octet);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                octets.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Protocol;

    fn opening() -> Setup {
        let mut setup = Setup::new(Protocol::Imap).unwrap();
        setup.attack("strip-capability").unwrap();
        setup
    }

    #[test]
    fn every_address_leads_where_it_says() {
        let route = |hash: &str| Route::read(hash).map(|(route, _)| route);
        assert_eq!(route(""), Some(Route::Bench));
        assert_eq!(route("#/"), Some(Route::Bench));
        assert_eq!(route("#/?e=3"), Some(Route::Bench));
        assert_eq!(route("#/rules?side=client"), Some(Route::Rules("side=client".to_owned())));
        assert_eq!(route("#/rules/A12"), Some(Route::Rule("A12".to_owned())));
        assert_eq!(route("#/nowhere"), Some(Route::Missing("/nowhere".to_owned())));
        assert_eq!(route("#ladder"), None);
        for hash in [
            "#/",
            "#/rules",
            "#/rules?side=client",
            "#/rules/A12",
            "#/plain",
            "#/machines?p=pop3",
            "#/matrix?p=acap",
            "#/search",
            "#/about",
        ] {
            assert_eq!(route(hash).unwrap().hash(), hash);
        }
    }

    #[test]
    fn a_state_comes_back_from_its_address() {
        let opening = opening();
        assert_eq!(address(&opening, &opening, RuleSet::Today, None, None), "#/");
        let mut setup = Setup::new(Protocol::Pop3).unwrap();
        setup.profile(Side::Client, "careless").unwrap();
        setup.set_text("client.retry=never").unwrap();
        setup.attack("fail-starttls").unwrap();
        setup.set_text("middle.answer=close").unwrap();
        let hash = address(&setup, &opening, RuleSet::Then, Some(7), Some(("A12", Side::Client)));
        assert_eq!(
            hash,
            "#/?p=pop3&c=careless&a=fail-starttls&set=client.retry=never&set=middle.answer=close&r=1999&v=A12.client&e=7"
        );
        let (_, query) = Route::read(&hash).unwrap();
        let back = wish(&query, &opening);
        assert_eq!(back.wrong, Vec::<String>::new());
        assert_eq!(address(&back.setup, &opening, back.rule_set, back.place, back.verdict), hash);
        // An honest relay is no opening.
        let honest = Setup::new(Protocol::Imap).unwrap();
        let hash = address(&honest, &opening, RuleSet::Today, None, None);
        assert_eq!(hash, "#/?p=imap&a=none");
        assert!(wish("p=imap&a=none", &opening).setup.attacks.is_empty());
    }

    #[test]
    fn a_written_attack_and_a_held_message_live_in_the_address() {
        let opening = opening();
        let mut setup = opening.clone();
        let text = "when message 2 do answer \"{tag} NO not \\\"now\\\"\"\nwhen server greeting do drop\n";
        setup.custom = Some(Custom::parse(text).unwrap());
        setup.hold = Some(3);
        let hash = address(&setup, &opening, RuleSet::Today, None, None);
        assert!(!hash.contains(' ') && !hash.contains('"'), "{hash}");
        let (_, query) = Route::read(&hash).unwrap();
        let back = wish(&query, &opening);
        assert_eq!(back.wrong, Vec::<String>::new());
        assert_eq!((back.setup.custom, back.setup.hold), (setup.custom.clone(), Some(3)));
        setup.attacks.clear();
        for id in ["strip-capability", "fail-starttls"] {
            setup.attack(id).unwrap();
        }
        for place in 0..=2 {
            setup.custom_at = Some(place);
            let hash = address(&setup, &opening, RuleSet::Today, None, None);
            let (_, query) = Route::read(&hash).unwrap();
            assert_eq!(wish(&query, &opening).setup.custom_place(), place, "{hash}");
        }
        let broken = wish("p=imap&x=when%20fly&h=no", &opening);
        assert_eq!(broken.wrong.len(), 2);
        assert!(broken.wrong.iter().any(|why| why.contains("line 1, column 6")), "{:?}", broken.wrong);
    }

    #[test]
    fn what_is_not_understood_is_named_and_the_rest_kept() {
        let query =
            "p=imap&c=nobody&a=no-such&set=client.tls=required&set=x&r=2030&e=two&v=A99.client&zoom=3";
        let wish = wish(query, &opening());
        assert_eq!(wish.wrong.len(), 7, "{:?}", wish.wrong);
        assert!(wish.setup.client.1.changed().any(|set| set == ("tls", "required")));
        assert_eq!(super::wish("p=smtp", &opening()).wrong.len(), 1);
        assert_eq!(decoded("a%2Bb%3d%zz%"), "a+b=%zz%");
        assert_eq!(parts(&format!("q={}", encoded("1 & 2=ü"))), [("q", "1 & 2=ü".to_owned())]);
    }
}
