//! The PLAIN codec: what decodes encodes to the same octets, under both grammars.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::sasl::{base64, plain};

fuzz_target!(|octets: &[u8]| {
    let _ = base64::decode(octets);
    let _ = plain::decode(octets, plain::Grammar::Rfc4616);
    let _ = plain::decode(octets, plain::Grammar::Rfc2595);
});
