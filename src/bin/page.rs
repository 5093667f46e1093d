//! The page's WebAssembly module.
fn main() {
    starttls_lab::ui::start();
}
