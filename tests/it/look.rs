//! The look: one type scale, one scale of spaces, colours from one place (`styles/tokens.css`).

use std::path::Path;

/// Every style sheet with its name.
fn sheets() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("styles");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = files
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    all.sort();
    assert!(all.len() > 5, "the style sheets are there");
    all
}

/// The declarations of a sheet: property and value.
fn declarations(sheet: &str) -> impl Iterator<Item = (&str, &str)> {
    sheet.split(['{', '}', ';']).filter_map(|part| {
        let (name, value) = part.rsplit_once("*/").map_or(part, |(_, rest)| rest).split_once(": ")?;
        Some((name.trim(), value.trim()))
    })
}

/// The numbers of a value that are followed by `rem`.
fn rems(value: &str) -> impl Iterator<Item = &str> {
    value.split(|c: char| c.is_whitespace() || "(),/".contains(c)).filter_map(|part| part.strip_suffix("rem"))
}

#[test]
fn letters_have_the_sizes_of_one_scale() {
    for (name, sheet) in sheets() {
        for (property, value) in declarations(&sheet) {
            if matches!(property, "font" | "font-size") {
                assert_eq!(
                    rems(value).collect::<Vec<_>>(),
                    Vec::<&str>::new(),
                    "{name}: {property}: {value}"
                );
            }
        }
    }
}

#[test]
fn spaces_are_quarters_or_an_eighth() {
    let quarters = |number: &str| {
        let behind = number.split_once('.').map_or("", |(_, behind)| behind);
        ["", "25", "5", "75"].contains(&behind) || number.trim_start_matches('-') == "0.125"
    };
    let mut seen = 0;
    for (name, sheet) in sheets() {
        for (property, value) in declarations(&sheet) {
            let space = ["margin", "padding", "gap", "row-gap", "column-gap"];
            if space.iter().any(|one| property == *one || property.starts_with(&format!("{one}-"))) {
                for number in rems(value) {
                    assert!(quarters(number), "{name}: {property}: {value}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 200, "{seen} spaces");
}

#[test]
fn colours_stand_in_one_place() {
    for (name, sheet) in sheets().into_iter().filter(|(name, _)| name != "tokens.css") {
        for (property, value) in declarations(&sheet) {
            // A code to scan and a blank screen are black and white whatever the colours are.
            let fixed = ["#000", "#fff", "#767676"].contains(&value);
            let literal = value.split([' ', ',', '(']).any(|part| part.starts_with('#') && part.len() > 3);
            assert!(!literal || fixed, "{name}: {property}: {value}");
        }
    }
}
