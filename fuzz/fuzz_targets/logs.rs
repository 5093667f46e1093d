//! Text recordings: the first octet picks the format, the second where the input is cut into chunks, and of every eighth
//! input what was read is judged and drawn too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::import::{self, Batch};
use starttls_lab::pipeline::{Checker, RuleSet, formats};

fuzz_target!(|octets: &[u8]| {
    let [first, second, log @ ..] = octets else { return };
    // 255 is no format: then its look tells.
    let format =
        (*first < 255).then(|| formats().get(usize::from(*first) % formats().len()).copied()).flatten();
    let cut = usize::from(*second) * log.len() / 255;
    if second % 8 != 0 {
        let found = format.or_else(|| import::detect(log).ok().map(|detected| detected.format));
        if let Some(format) = found {
            let (mut reader, mut batch) = (format.reader(), Batch::default());
            reader.push(&log[..cut], &mut batch);
            reader.push(&log[cut..], &mut batch);
            reader.finish(&mut batch);
        }
        return;
    }
    let mut checker = Checker::new(format, RuleSet::default());
    let mut sessions = checker.push(&log[..cut]);
    sessions.extend(checker.push(&log[cut..]));
    let (last, _) = checker.finish();
    sessions.extend(last);
    for session in &sessions {
        let _ = session.record();
        let _ = starttls_lab::view::ladder(std::slice::from_ref(&session.judged.trace), &[]);
    }
});
