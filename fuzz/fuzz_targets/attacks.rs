//! Attacks as text: what reads is written as text that reads as the same, and a run with it ends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::pipeline::{Custom, Protocol, RuleSet, Setup, simulate};

fuzz_target!(|octets: &[u8]| {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    let Ok(attack) = Custom::parse(text) else { return };
    assert_eq!(Custom::parse(&attack.text()).expect("what is written reads"), attack);
    for protocol in Protocol::ALL {
        if let Ok(mut setup) = Setup::new(protocol) {
            setup.custom = Some(attack.clone());
            let _ = simulate(&setup, RuleSet::default());
        }
    }
});
