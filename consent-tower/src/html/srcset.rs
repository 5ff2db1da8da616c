/// Returns the addresses in a `srcset`, split as the HTML standard requires.
pub(super) fn candidates(srcset: &str) -> impl Iterator<Item = &str> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return None;
        }
        let (address, behind) =
            rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let bare = address.trim_end_matches(',');
        rest = if bare.len() < address.len() { behind } else { behind_descriptors(behind) };
        Some(bare)
    })
}

/// Returns the text after the comma that ends a candidate. Commas in parentheses do not end a candidate.
fn behind_descriptors(rest: &str) -> &str {
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return rest.get(at..).unwrap_or_default(),
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_srcset_is_split() {
        let split = |srcset| candidates(srcset).collect::<Vec<_>>();
        assert_eq!(split("a.png, b.png 2x"), ["a.png", "b.png"]);
        assert_eq!(split(" a,b 1x , c 2x (x, y), d"), ["a,b", "c", "d"]);
        assert_eq!(split("a.png,"), ["a.png"]);
        assert_eq!(split(" , "), Vec::<&str>::new());
        assert_eq!(
            split("data:image/png;base64,AAAA 1x,//evil.example/x"),
            ["data:image/png;base64,AAAA", "//evil.example/x"]
        );
    }
}
