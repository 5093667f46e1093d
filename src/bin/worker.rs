//! The worker's WebAssembly module.
fn main() {
    starttls_lab::work::worker::start();
}
