use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// The consent cookie's names, and look-alikes that are often confused with other names.
const ODD_NAMES: [&str; 9] =
    ["consent", "__Host-consent", "__secure-x", "old", "_ga", "A", "\u{a0}a", "a\tb", ""];

/// Generates `Set-Cookie` headers with these names as a framework writes them: each attribute at most once,
/// and all of them valid.
pub fn plain_set_cookie_lines(names: &[&str]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let attributes = (
        option::of("/[a-z]{0,8}(/[a-z]{1,8})?").prop_map(|path| path.map(|path| format!("; Path={path}"))),
        option::of(-1_i64..40_000_000).prop_map(|age| age.map(|age| format!("; Max-Age={age}"))),
        option::of(select(&["; SameSite=Lax", "; SameSite=Strict", "; SameSite=None; Secure"][..])),
        option::of(Just("; HttpOnly")),
    );
    (owned(names), "[a-zA-Z0-9._-]{0,16}", attributes).prop_map(
        |(name, value, (path, age, same_site, http_only))| {
            let mut line = [&name[..], b"=", value.as_bytes()].concat();
            let attributes = [path.as_deref(), age.as_deref(), same_site, http_only];
            attributes
                .into_iter()
                .flatten()
                .for_each(|attribute| line.extend_from_slice(attribute.as_bytes()));
            line
        },
    )
}

/// Generates `Set-Cookie` headers that are often nearly valid: these names, look-alikes and any bytes;
/// numbers and dates at the limits; attributes that are repeated, misplaced or broken. Random bytes alone
/// would hardly ever match a declared name.
pub fn set_cookie_lines(names: &[&str]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let sign = select(&["=", " = ", "\t=", ""][..]).prop_map(|sign| sign.as_bytes().to_vec());
    (name(names), sign, value(), vec(attribute(), 0..6))
        .prop_map(|(name, sign, value, attributes)| [name, sign, value, attributes.concat()].concat())
}

/// Generates `Cookie` headers with pairs of these names, of look-alikes and of any bytes, with the separators
/// of browsers and with others.
pub fn cookie_headers(names: &[&str]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let sign = select(&["=", "=", "=", " =", ""][..]).prop_map(|sign| sign.as_bytes().to_vec());
    let separator =
        select(&["; ", "; ", "; ", ";", " ; ", ";; ", ", "][..]).prop_map(|text| text.as_bytes().to_vec());
    let pair = (name(names), sign, value(), separator);
    vec(pair.prop_map(|(name, sign, value, separator)| [name, sign, value, separator].concat()), 0..6)
        .prop_map(|pairs| pairs.concat())
}

fn owned(names: &[&str]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let names: Vec<Vec<u8>> = names.iter().map(|name| name.as_bytes().to_vec()).collect();
    select(names)
}

fn name(names: &[&str]) -> impl Strategy<Value = Vec<u8>> + use<> {
    prop_oneof![
        8 => owned(names),
        2 => owned(&ODD_NAMES),
        1 => vec(any::<u8>(), 0..8),
    ]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![owned(&["", "1", "dark", "*", "\"x", "\u{e9}", "123456789"]), vec(any::<u8>(), 0..12),]
}

fn attribute() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => age().prop_map(|age| format!("; Max-Age={age}").into_bytes()),
        4 => date().prop_map(|date| format!("; expires={date}").into_bytes()),
        4 => owned(&[
            "; Path=/", ";path=/app", "; Path=/x", "; Path=y", "; Domain=example.com", "; Domain=.", "; Domain=com",
            "; Secure", ";HttpOnly", "; SameSite=None", "; SameSite=Lax", "; Partitioned", ";", "; Priority=High",
        ]),
        1 => vec(any::<u8>(), 0..12),
    ]
}

fn age() -> impl Strategy<Value = String> {
    const EDGES: [&str; 13] = [
        "0",
        "1",
        "3600",
        "3601",
        "-1",
        "",
        "x",
        "+5",
        "9e9",
        "50,399",
        "00",
        "34560000",
        "99999999999999999999",
    ];
    prop_oneof![
        select(&EDGES[..]).prop_map(String::from),
        any::<i32>().prop_map(|age| format!("{age}")),
        "[0-9a-z .,+-]{0,6}",
    ]
}

fn date() -> impl Strategy<Value = String> {
    const EDGES: [&str; 7] = [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 23 Nov 2026 12:00:30 GMT",
        "Mon, 23 Nov 2026 13:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "2099-12-31",
        "junk",
        "0",
    ];
    prop_oneof![select(&EDGES[..]).prop_map(String::from), "[0-9a-zA-Z :,-]{0,20}"]
}
