//! An address as a picture that phones read.

use qrcodegen::{QrCode, QrCodeEcc};
use yew::prelude::*;

/// The free space around it that the standard asks for, in modules.
const QUIET: i32 = 4;

/// The code of an address, at level M; nothing for an address that is too long for one.
pub fn qr(address: &str) -> Html {
    let Ok(code) = QrCode::encode_text(address, QrCodeEcc::Medium) else { return html! {} };
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                let (x, y) = (x.saturating_add(QUIET), y.saturating_add(QUIET));
                path.push_str(&format!("M{x} {y}h1v1h-1z"));
            }
        }
    }
    let side = code.size().saturating_add(QUIET.saturating_mul(2));
    html! {
        <svg class="qr" viewBox={format!("0 0 {side} {side}")} role="img" aria-label={format!("A code to scan, for {address}")}
            shape-rendering="crispEdges"><path class="ground" d={format!("M0 0h{side}v{side}h-{side}z")} /><path d={path} /></svg>
    }
}
