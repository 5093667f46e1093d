//! The PLAIN codec from outside: on the command line, and against another implementation.

use crate::cli::run;

const PUBLISHED: &str = "AHRpbQB0YW5zdGFhZnRhbnN0YWFm";

#[test]
fn the_command_line_builds_the_published_message() {
    let made = run(&["plain", "encode", "--authcid", "tim", "--password-stdin"], b"tanstaaftanstaaf\n");
    assert_eq!((made.code, made.out.as_str(), made.err.as_str()), (0, format!("{PUBLISHED}\n").as_str(), ""));
    let acting = run(
        &["plain", "encode", "--authzid", "bob", "--authcid", "ana", "--password-stdin", "--grammar", "2595"],
        b"s3cret\r\n",
    );
    assert_eq!((acting.code, acting.out.as_str()), (0, "Ym9iAGFuYQBzM2NyZXQ=\n"));
}

#[test]
fn the_command_line_says_why_fields_make_no_message() {
    let empty = run(&["plain", "encode", "--authcid", "tim", "--password-stdin"], b"\n");
    assert_eq!((empty.code, empty.out.as_str()), (1, ""));
    assert!(empty.err.contains("password at octet 5 is empty (RFC 4616 section 2)"), "{}", empty.err);
    let broken =
        run(&["plain", "encode", "--authcid", "a\nb", "--password-stdin", "--grammar", "2595"], b"x");
    assert!(broken.code == 1 && broken.err.contains("octet 2 is CR or LF"), "{}", broken.err);
    assert_eq!(run(&["plain", "encode", "--authcid", "tim"], b"").code, 2, "a password is not guessed");
}

#[test]
fn the_command_line_takes_a_message_apart_without_showing_the_password() {
    let parts = run(&["plain", "decode", PUBLISHED], b"");
    assert_eq!(parts.code, 0, "{}", parts.err);
    assert!(parts.out.starts_with("21 octets: authzid 0, authcid 3, password 16\n"), "{}", parts.out);
    assert!(parts.out.contains("    1  74   t          authcid   AHRp\n"), "{}", parts.out);
    assert!(parts.out.contains("    5  ••   •          password  ••••\n"), "{}", parts.out);
    assert!(!parts.out.contains("YW5z"), "{}", parts.out);
    let shown = run(&["plain", "decode", "-", "--show-password"], format!("{PUBLISHED}\r\n").as_bytes());
    assert!(shown.out.contains("    5  74   t          password  bQB0\n"), "{}", shown.out);
}

#[test]
fn the_command_line_tells_every_mistake_with_its_section() {
    // The damaged copy of RFC 2595's example: 22 octets, three NULs.
    let damaged = run(&["plain", "decode", "AHRpbQB0YW5zdGFhZgB0YW5zdGFhZg=="], b"");
    assert_eq!(damaged.code, 1);
    assert!(
        damaged.out.contains("mistake: octet 13 is a third NUL; a field cannot hold one (RFC 2595 section 6, RFC 4616 section 2)\n"),
        "{}",
        damaged.out
    );
    // CR inside: the older grammar excludes it, the newer one does not.
    for (grammar, code) in [("2595", 1), ("4616", 0)] {
        let broken = run(&["plain", "decode", "AGEAYg1j", "--grammar", grammar], b"");
        assert_eq!(broken.code, code, "{}", broken.out);
        assert!(broken.out.contains("RFC 2595 section 6 refuses it.\nRFC 4616 section 2 takes it.\n"));
    }
    let text = run(&["plain", "decode", "AHRp bQB0"], b"");
    assert!(
        text.code == 1 && text.out.contains("mistake: character 4 is white space (RFC 4648 section 3.3)"),
        "{}",
        text.out
    );
    assert_eq!(run(&["plain", "decode", "-"], &vec![b'A'; (1 << 20) + 1]).code, 3);
}

/// Another implementation of PLAIN: what its server makes of a message, as authzid, authcid and password.
mod other {
    use rsasl::callback::{Context, SessionCallback, SessionData};
    use rsasl::prelude::{Mechname, SASLClient, SASLConfig, SASLServer};
    use rsasl::property::{AuthId, AuthzId, Password};
    use rsasl::validate::{Validate, Validation, ValidationError};

    pub type Fields = (String, String, Vec<u8>);

    struct Seen;
    impl Validation for Seen {
        type Value = Fields;
    }

    struct Callback;
    impl SessionCallback for Callback {
        fn validate(
            &self,
            _: &SessionData,
            context: &Context,
            validate: &mut Validate<'_>,
        ) -> Result<(), ValidationError> {
            validate.with::<Seen, _>(|| {
                let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
                let password = context.get_ref::<Password>().unwrap_or_default().to_vec();
                Ok((text(context.get_ref::<AuthzId>()), text(context.get_ref::<AuthId>()), password))
            })?;
            Ok(())
        }
    }

    fn plain() -> &'static Mechname {
        Mechname::parse(b"PLAIN").unwrap()
    }

    pub fn decode(message: &[u8]) -> Option<Fields> {
        let config = SASLConfig::builder().with_defaults().with_callback(Callback).unwrap();
        let mut session = SASLServer::<Seen>::new(config).start_suggested(plain()).unwrap();
        session.step(Some(message), &mut Vec::new()).ok()?;
        session.validation()
    }

    pub fn encode(authzid: &str, authcid: &str, password: &str) -> Option<Vec<u8>> {
        let authzid = (!authzid.is_empty()).then(|| authzid.to_owned());
        let config = SASLConfig::with_credentials(authzid, authcid.to_owned(), password.to_owned()).unwrap();
        let mut session = SASLClient::new(config).start_suggested(&[plain()]).unwrap();
        let mut message = Vec::new();
        session.step(None, &mut message).ok().map(|_| message)
    }
}

fn runner() -> proptest::test_runner::TestRunner {
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let config = Config { cases: 2000, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn another_implementation_builds_the_same_messages_and_reads_ours() {
    use proptest::prelude::*;
    use starttls_lab::base::Secret;
    use starttls_lab::pipeline::plain::{self, Grammar};
    // Characters that SASLprep (RFC 4013) leaves as they are: it prepares the fields, we compare octets.
    let field = |least| {
        proptest::collection::vec(
            prop::sample::select(vec!['a', 'Z', '7', ' ', '@', '"', '\\', 'é', 'ж', '語', '€']),
            least..6,
        )
    };
    let text = |chars: Vec<char>| chars.into_iter().collect::<String>();
    runner()
        .run(&(field(0), field(0), field(0)), |(authzid, authcid, password)| {
            let (authzid, authcid, password) = (text(authzid), text(authcid), text(password));
            let ours =
                plain::compose(&authzid, &authcid, &Secret::new(password.as_bytes()), Grammar::Rfc4616);
            prop_assert_eq!(other::encode(&authzid, &authcid, &password), ours.clone().ok());
            if let Ok(message) = ours {
                let fields = (authzid, authcid, password.into_bytes());
                prop_assert_eq!(other::decode(&message), Some(fields));
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn another_implementation_refuses_what_we_refuse() {
    use proptest::prelude::*;
    use starttls_lab::pipeline::plain::{self, Grammar};
    let pieces: Vec<&[u8]> = vec![
        b"\0",
        b"\0",
        b"\0",
        b"a",
        b"b",
        "é".as_bytes(),
        b"\xC3",
        b"\x80",
        b"\xC1\xA1",
        b"\xED\xA0\x80",
        b"\xF4\x90\x80\x80",
        b"\xF8\x88\x80\x80\x80",
        b"\xFF",
    ];
    let message =
        proptest::collection::vec(prop::sample::select(pieces), 0..8).prop_map(|parts| parts.concat());
    runner()
        .run(&message, |message| {
            let theirs = other::decode(&message);
            let password =
                message.iter().enumerate().filter(|(_, octet)| **octet == 0).nth(1).map(|(at, _)| at);
            match plain::decode(&message, Grammar::Rfc4616) {
                Ok(plain) => {
                    let ours = (plain.authzid, plain.authcid, plain.password.reveal().to_vec());
                    prop_assert_eq!(theirs, Some(ours), "{:02x?}", message);
                }
                // A difference: it takes any octets for a password, the grammar of RFC 4616 only UTF-8.
                Err(fault) if theirs.is_some() => {
                    prop_assert!(password.is_some_and(|at| fault.at() > at), "{:02x?} {}", message, fault);
                    prop_assert!(std::str::from_utf8(&message).is_err(), "{:02x?} {}", message, fault);
                }
                Err(_) => {}
            }
            Ok(())
        })
        .unwrap();
    // Another difference: SASLprep excludes control characters, so that it refuses line breaks, which the grammar of RFC 4616
    // allows. RFC 2595 refuses them by its grammar.
    let with_break = b"\0ana\0a\nb";
    assert_eq!(other::decode(with_break), None);
    assert!(plain::decode(with_break, Grammar::Rfc4616).is_ok());
    assert!(plain::decode(with_break, Grammar::Rfc2595).is_err());
}
