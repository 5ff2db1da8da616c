use http::HeaderMap;
use http::header::ACCEPT;

/// Returns `true` if the client prefers JSON to HTML in an explicit `Accept` header (RFC 9110, section
/// 12.5.1). Without a preference, returns `otherwise`.
pub(crate) fn wants_json(headers: &HeaderMap, otherwise: bool) -> bool {
    let (mut json, mut html) = (0, 0);
    for line in headers.get_all(ACCEPT) {
        for range in line.to_str().unwrap_or_default().split(',') {
            let mut parts = range.split(';').map(str::trim);
            let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
            let quality = parts.find_map(weight).map_or(1000, quality);
            match essence.as_str() {
                "application/json" | "application/problem+json" => json = json.max(quality),
                "text/html" | "application/xhtml+xml" => html = html.max(quality),
                _ => {}
            }
        }
    }
    if json == html { otherwise } else { json > html }
}

/// Returns the value of a weight parameter, whose name is case-insensitive.
fn weight(parameter: &str) -> Option<&str> {
    parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))
}

/// Returns a quality value in thousandths, or 0 if it cannot be parsed.
fn quality(value: &str) -> u16 {
    value.trim().parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q)).map_or(0, |q| {
        // Between 0 and 1000.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let thousandths = (q * 1000.0) as u16;
        thousandths
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explicit_accept_decides() {
        let cases = [
            (None, false, false),
            (None, true, true),
            (Some("*/*"), false, false),
            (Some("*/*"), true, true),
            (Some("application/json"), false, true),
            (Some("text/html,application/xhtml+xml,*/*;q=0.8"), true, false),
            (Some("text/html;q=0.5, application/json"), false, true),
            (Some("application/json;q=0, text/html"), true, false),
            (Some("application/json;q=x"), false, false),
            (Some("application/json;Q=0.1, text/html;q=0.2"), true, false),
        ];
        for (accept, otherwise, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(wants_json(&headers, otherwise), expected, "{accept:?}");
        }
    }
}
