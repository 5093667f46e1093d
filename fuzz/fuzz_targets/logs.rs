//! Text recordings: the first octet picks the format, the second where the input is cut into chunks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::pipeline::{Checker, RuleSet, formats};

fuzz_target!(|octets: &[u8]| {
    let [first, second, log @ ..] = octets else { return };
    // One number more than there are formats: then its look tells.
    let format = formats().get(usize::from(*first) % (formats().len() + 1)).copied();
    let mut checker = Checker::new(format, RuleSet::default());
    let cut = usize::from(*second) * log.len() / 255;
    let mut sessions = checker.push(&log[..cut]);
    sessions.extend(checker.push(&log[cut..]));
    let (last, _) = checker.finish();
    sessions.extend(last);
    for session in &sessions {
        let _ = session.record();
        let _ = starttls_lab::view::ladder(std::slice::from_ref(&session.judged.trace), &[]);
    }
});
