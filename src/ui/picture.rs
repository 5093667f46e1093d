//! The ladder as pixels: drawn by the browser from the picture that was searched for what is private, so that nothing is in
//! it that is not in that one.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

/// Browsers draw no canvas that is higher, in pixels.
const HIGHEST: u32 = 16_000;

/// Draws an SVG picture as PNG, with two pixels for each of its units where that fits.
///
/// # Errors
/// What the browser cannot do.
pub async fn png(svg: &str) -> Result<Blob, &'static str> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no page")?;
    let image = HtmlImageElement::new().map_err(|_| "the browser makes no pictures")?;
    let text = String::from(js_sys::encode_uri_component(svg));
    image.set_src(&["data:image/svg+xml;charset=utf-8,", &text].concat());
    JsFuture::from(image.decode()).await.map_err(|_| "the browser could not draw it")?;
    let (width, height) = (image.natural_width(), image.natural_height());
    let scale = if height.saturating_mul(2) <= HIGHEST { 2 } else { 1 };
    let canvas =
        document.create_element("canvas").ok().and_then(|made| made.dyn_into::<HtmlCanvasElement>().ok());
    let canvas = canvas.ok_or("the browser has no canvas")?;
    canvas.set_width(width.saturating_mul(scale));
    canvas.set_height(height.saturating_mul(scale).min(HIGHEST));
    let context = canvas.get_context("2d").ok().flatten();
    let context = context.and_then(|found| found.dyn_into::<CanvasRenderingContext2d>().ok());
    let context = context.ok_or("the browser does not draw on a canvas")?;
    let (wide, high) = (f64::from(width.saturating_mul(scale)), f64::from(height.saturating_mul(scale)));
    context
        .draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, wide, high)
        .map_err(|_| "the browser could not draw it")?;
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        if canvas.to_blob(&resolve).is_err() {
            // Nobody waits for what a refusal says.
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    let blob = JsFuture::from(promise).await.map_err(|_| "the browser keeps what was drawn to itself")?;
    blob.dyn_into::<Blob>().map_err(|_| "it is too large for a picture of this kind")
}
