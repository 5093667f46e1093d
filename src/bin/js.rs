//! The module of the JavaScript package. Its functions are the library's (`src/js`); this makes a module of them.
#![allow(unused_imports)]
use starttls_lab::js;

fn main() {}
