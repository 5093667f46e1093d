use super::*;
use proptest::prelude::*;

const OWN: &str = "\
# mine
side = client
protocols = imap, pop3
id = my-client
title = Mein Cliënt = 3.1
about = It does what it likes.
tls = required
auth = plain
pop3.auth = login
ignore-logindisabled = on
";

fn wrong(text: &str) -> Vec<String> {
    read(text.as_bytes()).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn what_was_set_is_found_and_can_be_taken_back() {
    let mut file = ProfileFile::new(Side::Client);
    file.set(None, "tls", "required").unwrap();
    file.set(Some(Protocol::Pop3), "auth", "login").unwrap();
    file.set(Some(Protocol::Imap), "ignore-logindisabled", "on").unwrap();
    assert_eq!(file.value(None, "tls"), Some("required"));
    assert_eq!((file.value(None, "auth"), file.value(Some(Protocol::Pop3), "auth")), (None, Some("login")));
    file.speak(vec![Protocol::Pop3]);
    assert_eq!(file.value(Some(Protocol::Imap), "ignore-logindisabled"), None);
    assert_eq!(read(file.write().as_bytes()).unwrap(), file);
    file.speak(Vec::new());
    assert_eq!(file.protocols, [Protocol::Pop3]);
    file.unset("auth");
    assert_eq!(file.value(Some(Protocol::Pop3), "auth"), None);
}

#[test]
fn a_file_sets_switches_for_all_its_protocols_and_for_one() {
    let file = read(OWN.as_bytes()).unwrap();
    assert_eq!((&*file.id, &*file.title, file.side), ("my-client", "Mein Cliënt = 3.1", Side::Client));
    let imap = file.profile(Protocol::Imap).unwrap();
    assert_eq!(*imap.set, [("auth", "plain"), ("ignore-logindisabled", "on"), ("tls", "required")]);
    let pop3 = file.profile(Protocol::Pop3).unwrap();
    assert_eq!(*pop3.set, [("auth", "login"), ("tls", "required")]);
    assert_eq!(file.profile(Protocol::Acap), None);
}

#[test]
fn the_example_of_the_documentation_is_a_profile() {
    let page = include_str!("../../../docs/profile.md");
    let (_, example) = page.split_once("```ini\n").unwrap();
    let file = read(example.split_once("```").unwrap().0.as_bytes()).unwrap();
    assert_eq!(*file.profile(Protocol::Pop3).unwrap().set, [("auth", "login"), ("tls", "required")]);
}

#[test]
fn spaces_tabs_line_ends_and_the_mark_of_some_editors_mean_nothing() {
    let same = "\u{feff}\r\n  side=client\r\n\ttls =\t required  \r\n\r\n# end";
    let file = read(same.as_bytes()).unwrap();
    assert_eq!(file, read(b"side = client\ntls = required").unwrap());
    assert_eq!(file.protocols, Protocol::ALL);
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let table = [
        ("", "line 1, column 1: `side` is missing; it is client or server"),
        (
            "side = cleint",
            "line 1, column 8: `side` does not take `cleint`; it takes client, server; did you mean `client`?",
        ),
        ("side = client\n tsl = required", "line 2, column 2: there is no `tsl`; did you mean `tls`?"),
        (
            "side = client\nclient.tls = required",
            "line 2, column 1: there is no `client.tls`; did you mean `tls`?",
        ),
        ("side = client\nnonsense = 1", "line 2, column 1: there is no `nonsense`"),
        (
            "side = client\ntls = requierd",
            "line 2, column 7: `tls` does not take `requierd`; it takes opportunistic, required",
        ),
        (
            "side = client\nlogindisabled = on",
            "line 2, column 1: `logindisabled` is a switch of the server, and this is the profile of a client",
        ),
        (
            "side = client\nprotocols = acap\naccept-preauth = on",
            "line 3, column 1: `accept-preauth` is only in IMAP, which this line is not about",
        ),
        (
            "side = client\npop3.accept-preauth = on",
            "line 2, column 1: `accept-preauth` is only in IMAP, which this line is not about",
        ),
        (
            "side = client\nprotocols = imap\npop3.tls = required",
            "line 3, column 1: `tls` is only in IMAP and POP3 and ACAP, which this line is not about",
        ),
        (
            "side = client\nprotocols = imap, smtp",
            "line 2, column 19: `protocols` does not take `smtp`; it takes imap, pop3, acap",
        ),
        (
            "side = client\ntls = required\n\ntls = required",
            "line 4, column 1: `tls` is set already in line 2",
        ),
        ("side = client\nwhatever", "line 2, column 1: this line does not read NAME = VALUE"),
        ("side = client\n= x", "line 2, column 1: this line does not read NAME = VALUE"),
        ("side = client\ntls =  ", "line 2, column 8: `tls` has no value"),
        (
            "side = client\nid = My client",
            "line 2, column 6: an id has only letters, digits, `-` and `.`, and begins with a letter",
        ),
        ("side = client\ntitle = a\u{202e}b", "line 2, column 10: an invisible character"),
    ];
    for (text, expected) in table {
        let errors = wrong(text);
        assert!(errors.len() == 1 && errors[0].starts_with(expected), "{text:?}\n{errors:?}\n{expected}");
    }
    let long = format!("side = client\ntitle = {}", "é".repeat(61));
    assert_eq!(wrong(&long), ["line 2, column 9: `title` has at most 60 characters"]);
    let large = vec![b'#'; SIZE_LIMIT + 1];
    assert_eq!(read(&large).unwrap_err()[0].problem, Problem::TooLarge { limit: SIZE_LIMIT });
    let octets = read(b"side = client\n# \xc3\xa9 \xff").unwrap_err();
    assert_eq!((octets[0].line, octets[0].column, &octets[0].problem), (2, 5, &Problem::NotText));
}

#[test]
fn one_reading_shows_all_mistakes_in_order_up_to_a_limit() {
    assert_eq!(wrong("side = client\ntls = maybe\nx\nauth = pl").len(), 3);
    assert_eq!(wrong(&"x\n".repeat(1000)).len(), 20);
}

#[test]
fn what_is_written_is_read_as_the_same_and_every_switch_stands_in_it() {
    let file = read(OWN.as_bytes()).unwrap();
    let text = file.write();
    let again = read(text.as_bytes()).unwrap();
    for protocol in Protocol::ALL {
        assert_eq!(again.profile(protocol), file.profile(protocol));
    }
    assert_eq!(again.write(), text);
    for switch in (crate::proto::pop3::RECORD.switches)(Side::Client) {
        assert!(
            text.contains(&format!("\n{} = ", switch.id)) || text.contains(&format!("\n#{} = ", switch.id))
        );
    }
}

#[test]
fn every_built_in_profile_is_the_same_as_a_file() {
    for record in crate::proto::ALL {
        for side in Side::BOTH {
            for profile in record.all_profiles(side) {
                let file = ProfileFile::built_in(side, &profile.id).unwrap();
                let read = read(file.write().as_bytes()).unwrap().profile(record.protocol).unwrap();
                let list = (record.switches)(side);
                assert_eq!(
                    read.switches(list),
                    profile.switches(list),
                    "{} in {:?}",
                    profile.id,
                    record.protocol
                );
            }
        }
    }
}

#[test]
fn the_page_can_fill_a_file_by_answers() {
    let mut file = ProfileFile::new(Side::Server);
    file.set(Some(Protocol::Imap), "logindisabled", "off").unwrap();
    file.set(None, "starttls", "off").unwrap();
    file.set(None, "starttls", "on").unwrap();
    assert!(file.set(None, "tls", "required").is_err() && file.set(None, "starttls", "maybe").is_err());
    assert_eq!(*file.profile(Protocol::Imap).unwrap().set, [("logindisabled", "off")]);
    assert!(file.profile(Protocol::Pop3).unwrap().set.is_empty());
}

proptest! {
    #[test]
    fn any_octets_are_read_or_refused_and_places_lie_in_the_text(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Err(errors) = read(&octets) {
            prop_assert!(!errors.is_empty());
        }
    }

    #[test]
    fn any_text_near_the_form_is_read_or_refused_with_places_in_it(
        lines in prop::collection::vec(("(side|tls|auth|imap.auth|title|é|)", "( =|= |=)", "(client|server|required|plain|é#x|)"), 0..8)
    ) {
        let text: String = lines.iter().map(|(name, sign, value)| format!("{name}{sign}{value}\n")).collect();
        match read(text.as_bytes()) {
            Ok(file) => prop_assert_eq!(read(file.write().as_bytes()).unwrap().write(), file.write()),
            Err(errors) => for error in errors {
                let line = text.lines().nth(error.line - 1).unwrap_or_default();
                prop_assert!(error.column <= line.chars().count() + 1, "{error} in {text:?}");
            }
        }
    }
}
