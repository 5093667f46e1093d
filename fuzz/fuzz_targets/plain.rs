//! The PLAIN codec: what is decoded is encoded to the same octets (where they are no character of today's UTF-8, names have
//! a mark there), what the strict reader takes the lenient one takes too, and every octet has its place in what is shown of
//! a message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::sasl::base64;
use starttls_lab::sasl::plain::{self, Grammar};

fuzz_target!(|octets: &[u8]| {
    let _ = base64::decode(octets);
    let _ = plain::dissect_text(octets).remarks();
    let _ = plain::to_text(octets);
    let dissection = plain::dissect(octets);
    assert_eq!(dissection.message(), octets);
    let _ = dissection.remarks();
    for grammar in [Grammar::Rfc4616, Grammar::Rfc2595] {
        if let Ok(message) = plain::decode(octets, grammar) {
            let again = plain::encode(&message.authzid, &message.authcid, &message.password);
            let marked = message.authzid.contains('\u{fffd}') || message.authcid.contains('\u{fffd}');
            assert!(again == octets || grammar == Grammar::Rfc2595 && marked);
            assert!(plain::accept(octets, grammar).is_ok());
            assert!(dissection.is_valid(grammar));
        }
    }
});
