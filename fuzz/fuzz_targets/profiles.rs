//! Descriptions of a client or server: what reads is written as text that reads as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::pipeline;

fuzz_target!(|octets: &[u8]| {
    if let Ok(file) = pipeline::read_profile(octets) {
        let text = file.write();
        let again = pipeline::read_profile(text.as_bytes()).expect("what is written reads");
        assert_eq!(again.write(), text);
    }
});
