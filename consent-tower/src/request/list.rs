/// Splits a list header at the commas outside of quotes (RFC 9110, section 5.6.1).
pub(crate) fn members(line: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    line.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .map(str::trim)
}
