//! Texts that people write: attacks, lessons and descriptions of a program. The first octet picks which. What reads is
//! written as a text that reads as the same, and a run with it ends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::lesson;
use starttls_lab::pipeline::{self, Custom, Protocol, RuleSet, Setup, simulate};

fuzz_target!(|octets: &[u8]| {
    let Some((first, rest)) = octets.split_first() else { return };
    match first % 3 {
        0 => attack(rest),
        1 => {
            if let Ok(lesson) =
                std::str::from_utf8(rest).map_err(drop).and_then(|text| lesson::read(text).map_err(drop))
            {
                let _ = format!("{lesson:?}");
            }
        }
        _ => {
            if let Ok(file) = pipeline::read_profile(rest) {
                let text = file.write();
                let again = pipeline::read_profile(text.as_bytes()).expect("what is written reads");
                assert_eq!(again.write(), text);
            }
        }
    }
});

fn attack(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    let Ok(attack) = Custom::parse(text) else { return };
    assert_eq!(Custom::parse(&attack.text()).expect("what is written reads"), attack);
    for protocol in Protocol::ALL {
        if let Ok(mut setup) = Setup::new(protocol) {
            setup.custom = Some(attack.clone());
            let _ = simulate(&setup, RuleSet::default());
        }
    }
}
