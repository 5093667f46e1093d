//! What the worker reads is what the page would have read itself.

use starttls_lab::import;
use starttls_lab::work::{self, Answer, Octets, Request, Source};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/sessions");

/// Recordings of the corpus: what is in every twelfth of its folders, which are of all programs and servers.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let mut folders: Vec<_> =
        std::fs::read_dir(CORPUS).unwrap().map(|folder| folder.unwrap().path()).collect();
    folders.sort();
    let mut found = Vec::new();
    for folder in folders.iter().step_by(12) {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            found.push((path.display().to_string(), std::fs::read(&path).unwrap_or_default()));
        }
    }
    found
}

#[test]
fn what_the_worker_sends_is_what_it_read() {
    let mut recordings = 0;
    for (name, octets) in corpus() {
        let Ok(here) = import::read(&octets, None) else { continue };
        let request = Request::Read { names: vec![name.clone()], format: None, keys: Vec::new() };
        let request = work::unpack(&work::pack(&request).unwrap()).unwrap();
        let mut sources: Vec<Box<dyn Source>> = vec![Box::new(Octets(octets))];
        let answer = work::run(request, &mut sources, &mut |_, _| {}).unwrap();
        let Answer::Read(mut read) = work::unpack(&work::pack(&answer).unwrap()).unwrap() else {
            panic!("{answer:?}")
        };
        let there = read.remove(0).1.unwrap();
        assert_eq!(there.format, here.format.id, "{name}");
        // Traces have no equality of their own; all that can be seen of them is in this.
        assert_eq!(format!("{:?}", there.batch), format!("{:?}", here.batch), "{name}");
        recordings += 1;
    }
    assert!(recordings > 20, "{recordings}");
}
