use super::{carrying, decided, now, verdict_on};
use crate::consent::Action;
use crate::cookies::{SameSite, SetCookie};
use crate::testing::strategies::set_cookie_lines;
use crate::verdict::{Floor, RequestFacts, Verdict, judge};
use proptest::prelude::*;

fn request(floor: Floor) -> RequestFacts<'static> {
    RequestFacts::new("GET", "/", now()).with_floor(floor)
}

#[track_caller]
fn assert_raised(floor: Floor, cases: &[(&str, &str)]) {
    let granted = decided(Action::Accept);
    for (line, expected) in cases {
        assert_eq!(verdict_on(line.as_bytes(), &granted, &request(floor)), *expected, "{line}");
    }
}

#[test]
fn what_is_less_is_raised_and_the_rest_stays_as_it_was() {
    assert_raised(
        Floor::new().with_secure().with_http_only().with_same_site(SameSite::Lax),
        &[
            ("theme=dark", "attributes-raised: theme=dark; Secure; HttpOnly; SameSite=Lax"),
            (
                " theme = dark ;Priority=High; secure ",
                "attributes-raised:  theme = dark ;Priority=High; secure ; HttpOnly; SameSite=Lax",
            ),
            ("theme=dark; SECURE; httponly; samesite=lax", "keep"),
            ("theme=dark; Secure; HttpOnly; SameSite=Strict", "keep"),
            (
                "theme=dark; Secure; HttpOnly; SameSite=None; x",
                "attributes-raised: theme=dark; Secure; HttpOnly; x; SameSite=Lax",
            ),
            (
                "theme=dark; Secure; SameSite=Strict; SameSite=Odd; HttpOnly",
                "attributes-raised: theme=dark; Secure; HttpOnly; SameSite=Lax",
            ),
            ("theme=; Max-Age=0", "keep"),
            ("theme=dark; SameSite=None", "drop: malformed"),
            ("stranger=1", "drop: undeclared"),
        ],
    );
    assert_raised(
        Floor::new().with_same_site(SameSite::Strict),
        &[
            ("theme=dark; SameSite=Lax", "attributes-raised: theme=dark; SameSite=Strict"),
            ("theme=dark; SameSite=Strict", "keep"),
        ],
    );
}

#[test]
fn a_lifetime_is_cut_in_the_same_line() {
    assert_raised(
        Floor::new().with_secure(),
        &[(
            "theme=dark; Max-Age=99999999; Path=/",
            "lifetime-cut: theme=dark; Max-Age=31536000; Path=/; Secure",
        )],
    );
}

#[test]
fn without_a_floor_nothing_is_raised() {
    assert_raised(Floor::NONE, &[("theme=dark", "keep"), ("sid=1", "drop: not-requested")]);
    assert_raised(Floor::new(), &[("theme=dark", "keep")]);
}

#[test]
fn a_cookie_of_the_server_alone_is_kept_from_scripts() {
    let granted = decided(Action::Accept);
    let policy = granted.policy();
    let declared = policy
        .storage()
        .iter()
        .find(|declared| declared.http_only && !declared.name.literal().starts_with("__"));
    let name = declared.expect("the policy has one").name.literal();
    let request = carrying(&std::format!("{name}=1")).with_floor(Floor::new());
    let raised = verdict_on(std::format!("{name}=1; Secure; Path=/").as_bytes(), &granted, &request);
    assert_eq!(raised, std::format!("attributes-raised: {name}=1; Secure; Path=/; HttpOnly"));
}

#[test]
fn a_partitioned_cookie_is_still_sent_where_it_is_embedded() {
    let floor = Floor::new().with_same_site(SameSite::Strict).with_http_only();
    assert_raised(
        floor,
        &[(
            "embedded=1; Secure; Partitioned; SameSite=None",
            "attributes-raised: embedded=1; Secure; Partitioned; SameSite=None; HttpOnly",
        )],
    );
}

proptest! {
    #[test]
    fn a_floor_only_raises(line in set_cookie_lines(&["theme", "tab", "pref_x", "embedded", "stranger"]), strict: bool) {
        let least = if strict { SameSite::Strict } else { SameSite::Lax };
        let floor = Floor::new().with_secure().with_http_only().with_same_site(least);
        let granted = decided(Action::Accept);
        let bare = judge(&line, &granted, &request(Floor::NONE)).verdict;
        match (bare, judge(&line, &granted, &request(floor)).verdict) {
            (Verdict::Drop(without), Verdict::Drop(with)) => prop_assert_eq!(without, with),
            (_, Verdict::Drop(_)) | (Verdict::Drop(_), _) => prop_assert!(false, "a floor drops nothing, and lets nothing out"),
            (_, Verdict::Amend { line: raised, .. }) => {
                let (before, after) = (SetCookie::parse(&line).unwrap(), SetCookie::parse(&raised).unwrap());
                prop_assert_eq!(before.name(), after.name());
                // A rewritten deletion omits a path or a domain that no header could contain.
                let is_deletion = after.max_age() == Some(0);
                prop_assert!(is_deletion || (before.path(), before.domain()) == (after.path(), after.domain()));
                prop_assert!(is_deletion || (before.value() == after.value() && after.secure() && after.http_only()));
                if !is_deletion {
                    prop_assert_eq!(judge(&raised, &granted, &request(floor)).verdict, Verdict::Keep);
                }
            }
            (_, Verdict::Keep) => {}
        }
    }
}
