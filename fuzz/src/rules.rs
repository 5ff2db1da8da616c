use crate::browser::is_plain;
use consent_core::engine::Rules;

/// Every letter that a stored thing can have.
const KINDS: &[u8] = b"cClsikwe";

/// The rules that are written for the page, as the module reads them.
pub fn rules(data: &[u8]) {
    let Some(rules) = Rules::parse(data) else { return };
    let tokens: Vec<_> = data.split(|byte| *byte == b' ').collect();
    assert_eq!(tokens[0], rules.cookie.as_str().as_bytes());
    let categories = rules.categories.as_slice();
    for (at, category) in categories.iter().enumerate() {
        let rule = rules.category_rule(at).expect("each category has a rule");
        assert_eq!(rule.current, rules.revision);
        let start = format!("@{category}:");
        assert!(tokens[4 + at].starts_with(start.as_bytes()));
    }
    assert_eq!(rules.category_rule(categories.len()), None);
    assert_eq!(tokens[4..].iter().filter(|token| token.starts_with(b"@")).count(), categories.len());

    for token in &tokens[4 + categories.len()..] {
        let declared = token.splitn(3, |byte| *byte == b':').nth(2).expect("a name");
        let kind = token[0];
        assert!(KINDS.contains(&kind));
        let without_star: Vec<u8> = declared.iter().copied().filter(|byte| *byte != b'*').collect();
        let filled = declared.splitn(2, |byte| *byte == b'*').collect::<Vec<_>>().join(&b"x"[..]);
        for name in [declared, &without_star, &filled] {
            assert_eq!(
                rules.find(kind, name).is_some(),
                is_somewhere(&tokens[4..], kind, name),
                "{:?}",
                name.escape_ascii()
            );
        }
    }
    for kind in KINDS {
        for name in [&b""[..], b"__Host-consent", b"theme", b"no such name"] {
            assert_eq!(
                rules.find(*kind, name).is_some(),
                is_somewhere(&tokens[4..], *kind, name),
                "{:?}",
                name.escape_ascii()
            );
        }
    }
}

/// Whether the rules name it: looked for in the text.
fn is_somewhere(tokens: &[&[u8]], kind: u8, name: &[u8]) -> bool {
    tokens.iter().any(|token| token.first() == Some(&kind) && is_meant(token, kind, name))
}

/// A cookie's pattern stands only for names that a policy can declare. Tried with every length of what the
/// star stands for.
fn is_meant(token: &[u8], kind: u8, name: &[u8]) -> bool {
    let Some(declared) = token.splitn(3, |byte| *byte == b':').nth(2) else { return false };
    let Some(star) = declared.iter().position(|byte| *byte == b'*') else { return declared == name };
    let (start, end) = (&declared[..star], &declared[star + 1..]);
    let is_meant = (start.len()..=name.len()).any(|at| name[..at].starts_with(start) && &name[at..] == end);
    is_meant && (kind != b'c' || is_plain(name))
}
