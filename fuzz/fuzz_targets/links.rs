//! Links: the address as it is, and what is packed in one. What unpacks can be packed and comes back as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::lesson::Progress;
use starttls_lab::link;
use starttls_lab::pipeline::{Protocol, RuleSet, Setup, check};
use starttls_lab::ui::route::{self, Route};

fuzz_target!(|octets: &[u8]| {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    if let Some((_, query)) = Route::read(text)
        && let Ok(opening) = Setup::new(Protocol::Imap)
    {
        let _ = route::wish(&query, &opening);
    }
    if let Ok(progress) = Progress::read(text) {
        assert_eq!(Progress::read(&progress.code()).expect("what is written reads").code(), progress.code());
    }
    // An input that is no packed text is packed, so that what is found in either is looked at.
    let session = match link::unpack(text) {
        Ok(unpacked) => {
            assert_eq!(link::unpack(&link::pack(&unpacked)).as_ref(), Ok(&unpacked));
            unpacked
        }
        Err(_) => return,
    };
    let _ = check(session.as_bytes(), None, RuleSet::default());
});
