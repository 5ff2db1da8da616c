use super::Node;
use alloc::borrow::ToOwned;
use alloc::string::String;

/// Parses the origin of an embed, in the form that browsers use.
pub(super) fn origin(node: &Node<'_>) -> Option<String> {
    const HELP: &str = "write an origin, in lower case and without a path: \"https://video.example\"; \
                        plain http only for localhost and 127.0.0.1, with a port";
    let text = node.text(HELP)?;
    let canonical = !text.bytes().any(|b| b.is_ascii_uppercase());
    let secure = text.strip_prefix("https://").is_some_and(|host| {
        // The default port is never part of an origin.
        is_host_and_port(host) && !host.ends_with(":443")
    });
    let local =
        text.strip_prefix("http://").and_then(|host| host.split_once(':')).is_some_and(|(host, port)| {
            matches!(host, "localhost" | "127.0.0.1") && is_port(port) && port != "80"
        });
    if canonical && (secure || local) { Some(text.to_owned()) } else { node.invalid(HELP) }
}

/// Returns whether the text is a host: `video.example` or `video.example:8443`.
pub(super) fn is_host_and_port(text: &str) -> bool {
    match text.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(text),
    }
}

/// Returns whether the text is a host name: labels of letters, digits and `-`, separated by dots.
pub(super) fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=63).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') && text.parse::<u16>().is_ok()
}
