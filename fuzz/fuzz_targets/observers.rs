//! The three observers: the first octet picks the protocol; in what follows an octet above 247 changes the sender, begins
//! or ends TLS, or closes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use starttls_lab::base::{Hop, Layer, Origin, Side, Tick};
use starttls_lab::pipeline;
use starttls_lab::proto::{self, Recorder, Tap};
use starttls_lab::tls::Facts;
use starttls_lab::trace::{Carries, Ending, Stamp};

fuzz_target!(|octets: &[u8]| {
    let Some((first, rest)) = octets.split_first() else { return };
    let record = proto::ALL[usize::from(*first) % proto::ALL.len()];
    let mut recorder = Recorder::new(record, Carries::CAPTURE, false);
    let (mut from, mut layer) = (Side::Server, Layer::Clear);
    let pieces = rest.split_inclusive(|octet| *octet > 247);
    for (place, piece) in (1_u32..).zip(pieces) {
        let stamp = Stamp { at: Tick(u64::from(place)), hop: Hop::Client, place };
        let (mark, text) = match piece.split_last() {
            Some((mark, text)) if *mark > 247 => (Some(*mark), text),
            _ => (None, piece),
        };
        recorder.tap(stamp, Tap::Octets { from, layer, origin: Origin::Unknown, octets: text });
        match mark {
            Some(248) => {
                recorder.tap(stamp, Tap::TlsBegan);
                recorder.tap(stamp, Tap::TlsUp(Facts::default()));
                layer = Layer::Tls;
            }
            Some(249) => {
                recorder.tap(stamp, Tap::TlsEnded(from, Ending::Alert));
                layer = Layer::Clear;
            }
            Some(250) => recorder.tap(stamp, Tap::Closed(from)),
            Some(251) => recorder.tap(stamp, Tap::Omitted(from)),
            Some(_) => from = from.other(),
            None => {}
        }
    }
    let judged = pipeline::judge(recorder.finish(), pipeline::By::default());
    // What a recording shows, played again: nothing in it may go in circles either.
    let _ = judged.record();
    if let Ok(setup) = pipeline::Setup::new(record.protocol) {
        let recorded = [(&judged.trace, "fuzz")];
        let _ = pipeline::replay(&setup, &recorded, &recorded, pipeline::By::default());
    }
});
