use super::*;
use crate::base::Protocol;
use crate::base::{Party, Side};
use crate::matrix;
use crate::pipeline::RuleSet;
use crate::pipeline::policy::{Accepted, Aside, Policy};
use crate::sim::Setup;

fn asked(request: &Request, octets: &[&[u8]]) -> (Result<Answer, String>, Vec<(u64, u64)>) {
    // As it is sent and as it comes back.
    let request = unpack(&pack(request).unwrap()).unwrap();
    let mut sources: Vec<Box<dyn Source>> = Vec::new();
    octets.iter().for_each(|octets| sources.push(Box::new(Octets(octets.to_vec()))));
    let mut told = Vec::new();
    let answer = run(request, &mut sources, &mut |done, of| told.push((done, of)));
    (answer.map(|answer| unpack(&pack(&answer).unwrap()).unwrap()), told)
}

fn read(names: &[&str], octets: &[&[u8]]) -> Vec<(String, Result<Read, String>)> {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let (answer, told) = asked(&Request::Read { names, format: None, keys: Vec::new() }, octets);
    assert!(told.first().is_some_and(|first| first.0 == 0 && first.1 > 0) && told.is_sorted(), "{told:?}");
    match answer.unwrap() {
        Answer::Read(read) => read,
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_several_files_each_is_answered_for() {
    let good: &[u8] = b"S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n";
    let answers = read(&["a.log", "empty.log"], &[good, b""]);
    let [(a, Ok(read)), (empty, Err(why))] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!((a.as_str(), read.batch.sessions.len(), empty.as_str()), ("a.log", 1, "empty.log"));
    assert!(!why.is_empty());
}

#[test]
fn a_key_log_alone_is_no_recording() {
    let line = format!("CLIENT_RANDOM {} {}\n", "ab".repeat(32), "cd".repeat(48));
    let names = vec!["keys.txt".to_owned()];
    let (answer, _) = asked(&Request::Read { names, format: None, keys: Vec::new() }, &[line.as_bytes()]);
    assert!(answer.unwrap_err().contains("key log"));
}

#[test]
fn what_there_is_not_is_an_error() {
    let unknown = Request::Read { names: Vec::new(), format: Some("tarot".to_owned()), keys: Vec::new() };
    assert!(asked(&unknown, &[]).0.unwrap_err().contains("tarot"));
    let nobody = Wanted { server: Some("nobody".to_owned()), ..Wanted::all(Protocol::Imap, RuleSet::Today) };
    assert!(asked(&Request::Matrix(nobody), &[]).0.unwrap_err().contains("nobody"));
    let setup = Sheet::from(&Setup::new(Protocol::Imap).unwrap());
    let harm = Request::Search { setup, harm: "boredom".to_owned(), bounds: (1, 1, 1) };
    assert!(asked(&harm, &[]).0.unwrap_err().contains("boredom"));
}

fn stripped() -> Setup {
    let mut setup = Setup::new(Protocol::Imap).unwrap();
    setup.attack("strip-capability").unwrap();
    setup
}

#[test]
fn a_setup_arrives_as_it_left() {
    let mut setup = stripped();
    setup.profile(Side::Client, "careless").unwrap();
    setup.set(Party::Client, "tls", "required").unwrap();
    let switch = setup.attacks[0].0.switches[0];
    setup.set(Party::Middle, switch.id, switch.values[1]).unwrap();
    setup.custom =
        Some(pipeline::Custom::parse("when server lists LOGINDISABLED do remove LOGINDISABLED").unwrap());
    setup.seed = crate::base::Seed(7);
    let arrived: Sheet = unpack(&pack(&Sheet::from(&setup)).unwrap()).unwrap();
    let arrived = arrived.setup().unwrap();
    assert_eq!((&arrived.client.1, &arrived.server.1), (&setup.client.1, &setup.server.1));
    assert_eq!(arrived.attacks[0].1, setup.attacks[0].1);
    assert_eq!(format!("{:?}", arrived.custom), format!("{:?}", setup.custom));
    assert_eq!(arrived.seed, setup.seed);
    let octets = |setup| {
        let run = crate::sim::run(setup);
        format!("{:?}", run.connections)
    };
    assert_eq!(octets(&arrived), octets(&setup));
}

#[test]
fn fixes_and_searches_are_those_of_the_library() {
    let setup = stripped();
    let (answer, _) = asked(&Request::Fixes(Sheet::from(&setup)), &[]);
    let Ok(Answer::Fixes(fixes)) = answer else { panic!("{answer:?}") };
    let here = matrix::fixes::fixes(&setup);
    let texts: Vec<Vec<String>> =
        here.switches.iter().map(|set| set.iter().map(matrix::fixes::Change::text).collect()).collect();
    assert!(!texts.is_empty());
    assert_eq!(fixes.switches, texts);

    let peaceful = Setup::new(Protocol::Imap).unwrap();
    let request =
        Request::Search { setup: Sheet::from(&peaceful), harm: "credential".to_owned(), bounds: (1, 4, 500) };
    let (answer, told) = asked(&request, &[]);
    let Ok(Answer::Search(found)) = answer else { panic!("{answer:?}") };
    assert!(found.runs > 0 && !told.is_empty(), "{found:?}");
    if let Some(attack) = &found.attack {
        pipeline::Custom::parse(attack).unwrap();
    }
}

#[test]
fn a_recording_is_made_ready_to_leave_without_what_is_private() {
    let log = b"S: * OK ready\nC: a1 LOGIN wilhelmina swordfish-77\nS: a1 OK in\n";
    let read = read(&["a.log"], &[log]);
    let [(_, Ok(read))] = read.as_slice() else { panic!("{read:?}") };
    let traces: Vec<_> = read.batch.sessions.iter().map(|session| session.trace.clone()).collect();
    let order = Order {
        subject: Subject::Recording(traces),
        names: false,
        kept: Vec::new(),
        shape: false,
        guessed: false,
        by: RuleSet::Today.into(),
        aside: Aside::default(),
        page: "https://example.test/".to_owned(),
        bench: "#/".to_owned(),
        view: "&e=2".to_owned(),
    };
    let parcel = |order: Order| match asked(&Request::Share(Box::new(order)), &[]).0.unwrap() {
        Answer::Share(parcel) => *parcel,
        other => panic!("{other:?}"),
    };
    let hidden = parcel(order.clone());
    assert_eq!(hidden.blocked(), None);
    assert!(hidden.found.contains("1 password") && hidden.found.contains("1 user name"), "{}", hidden.found);
    let link = hidden.link.clone().unwrap().unwrap();
    assert!(link.starts_with("https://example.test/#/?z=1.") && link.ends_with("&e=2"), "{link}");
    assert!(hidden.markdown.as_ref().unwrap().contains(&link));
    let packed = link.split(['=', '&']).nth(1).unwrap();
    let text = crate::link::unpack(packed).unwrap();
    assert_eq!(&text, hidden.session.as_ref().unwrap());
    let ways = [&hidden.markdown, &hidden.session, &hidden.html, &hidden.svg].map(|way| way.clone().unwrap());
    let all = [
        ways.join("\n"),
        hidden.preview.join("\n"),
        hidden.items.iter().map(|item| item.says.as_str()).collect::<Vec<_>>().join("\n"),
    ]
    .join("\n");
    assert!(all.contains("LOGIN") && !all.contains("swordfish") && !all.contains("wilhelmina"), "{all}");
    // A single name stays when it is asked for; the number of a secret changes nothing.
    let of = |kind: &str| hidden.items.iter().position(|item| item.says.starts_with(kind)).unwrap();
    let (user, password) = (of("A user name"), of("A password"));
    assert_eq!((hidden.items[user].name, hidden.items[password].name), (true, false));
    let one = parcel(Order { kept: vec![user, password], ..order.clone() });
    assert_eq!(one.blocked(), None);
    assert_eq!(one.items, hidden.items);
    let session = one.session.unwrap();
    assert!(session.contains("wilhelmina") && !session.contains("swordfish"), "{session}");
    assert!(!one.found.contains("user name") && one.found.contains("1 password"), "{}", one.found);
    // Names only stay when they are asked for, secrets never do.
    let named = parcel(Order { names: true, ..order });
    let session = named.session.unwrap();
    assert!(session.contains("wilhelmina") && !session.contains("swordfish"), "{session}");
}

#[test]
fn a_simulation_leaves_as_its_setup() {
    let mut setup = Setup::new(Protocol::Imap).unwrap();
    setup.attack("strip-capability").unwrap();
    let order = Order {
        subject: Subject::Simulation(Sheet::from(&setup), None),
        names: false,
        kept: Vec::new(),
        shape: false,
        guessed: false,
        by: RuleSet::Today.into(),
        aside: Aside::default(),
        page: "https://example.test/".to_owned(),
        bench: "#/?p=imap&e=3".to_owned(),
        view: String::new(),
    };
    let Answer::Share(parcel) = asked(&Request::Share(Box::new(order)), &[]).0.unwrap() else { panic!() };
    assert_eq!(parcel.blocked(), None);
    assert_eq!(parcel.link, Some(Ok("https://example.test/#/?p=imap&e=3".to_owned())));
    assert!(parcel.preview.iter().any(|line| line.contains("LOGIN")), "{:?}", parcel.preview);
}

#[test]
fn what_is_set_aside_leaves_with_its_reason_in_every_form() {
    let log = b"S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\nC: a1 LOGIN wilhelmina swordfish-77\nS: a1 OK in\n";
    let read = read(&["a.log"], &[log]);
    let [(_, Ok(read))] = read.as_slice() else { panic!("{read:?}") };
    let order = |reason: &str, until: &str| Order {
        subject: Subject::Recording(
            read.batch.sessions.iter().map(|session| session.trace.clone()).collect(),
        ),
        names: false,
        kept: Vec::new(),
        shape: false,
        guessed: false,
        by: RuleSet::Today.into(),
        aside: Aside {
            accepted: vec![Accepted {
                rule: "A16".to_owned(),
                side: Some(Side::Client),
                file: None,
                reason: reason.to_owned(),
                until: Some(until.to_owned()),
            }],
            today: "2026-11-22".to_owned(),
        },
        page: "https://example.test/".to_owned(),
        bench: "#/".to_owned(),
        view: "&aside=A16.client:2027-01-31:in%20spring".to_owned(),
    };
    let parcel = |order: Order| match asked(&Request::Share(Box::new(order)), &[]).0.unwrap() {
        Answer::Share(parcel) => *parcel,
        other => panic!("{other:?}"),
    };
    let made = parcel(order("it goes in spring", "2027-01-31"));
    assert_eq!(made.blocked(), None);
    let other = |ending: &str| {
        let found = made.others.iter().find(|other| other.ending == ending).unwrap();
        found.way.clone().unwrap()
    };
    let said = "set aside: it goes in spring";
    for text in [made.markdown.as_ref().unwrap(), made.html.as_ref().unwrap(), &other(".txt")] {
        assert!(text.contains(said) && text.contains("of them 1 set aside"), "{text}");
    }
    assert!(
        other(".json").contains("\"accepted\": \"it goes in spring\"")
            || other(".json").contains("\"accepted\":\"it goes in spring\"")
    );
    let sarif: serde_json::Value = serde_json::from_str(&other(".sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let (aside, rest): (Vec<_>, Vec<_>) =
        results.iter().partition(|result| result["suppressions"].is_array());
    assert!(aside.len() == 1 && aside[0]["ruleId"] == "A16" && !rest.is_empty());
    assert_eq!(aside[0]["suppressions"][0]["justification"], "it goes in spring");
    assert!(
        results.iter().all(|result| result["kind"] != "fail" || result["partialFingerprints"].is_object())
    );
    // The policy file means the same.
    assert_eq!(
        Policy::read(&other(".toml")).unwrap().accepted(),
        order("it goes in spring", "2027-01-31").aside.accepted
    );
    assert!(made.link.unwrap().unwrap().contains("&aside=A16.client"));
    // After its last day it counts; and a reason that tells the password leaves in no form.
    let over = parcel(order("it goes in spring", "2026-11-21"));
    assert!(!over.markdown.unwrap().contains("set aside"));
    let told = parcel(order("swordfish-77 is an old one", "2027-01-31"));
    assert!(
        told.blocked().is_some() && told.link.unwrap().is_err() && told.others.iter().all(|o| o.way.is_err())
    );
}
