//! The `cookie` crate accepts more than browsers do and parses some headers differently. Headers that it
//! writes are parsed the same by both.

use crate::cookies::{SameSite, SetCookie};
use alloc::string::{String, ToString};
use cookie::{Cookie, SameSite as Theirs, time};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn cookies() -> impl Strategy<Value = Cookie<'static>> {
    let pair = ("[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,12}", "[a-zA-Z0-9!#$%&'()*+./:<=>?@^_`{|}~-]{0,12}");
    let scope = (option::of("/[a-z/]{0,8}"), option::of("[a-z]{1,8}\\.example"));
    let age = option::of(-10_i64..40_000_000);
    let expires = option::of(0_i64..4_000_000_000);
    let same_site = option::of(select(alloc::vec![Theirs::None, Theirs::Lax, Theirs::Strict]));
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (pair, scope, age, expires, same_site, flags).prop_map(
        |((name, value), (path, domain), age, expires, same_site, (secure, http_only, partitioned))| {
            let mut cookie = Cookie::new(name, value);
            cookie.set_path(path.unwrap_or_default());
            if cookie.path() == Some("") {
                cookie.unset_path();
            }
            if let Some(domain) = domain {
                cookie.set_domain(domain);
            }
            cookie.set_max_age(age.map(time::Duration::seconds));
            let date = |unix| time::OffsetDateTime::from_unix_timestamp(unix).unwrap();
            cookie.set_expires(expires.map(date));
            cookie.set_same_site(same_site);
            cookie.set_secure(secure || partitioned || same_site == Some(Theirs::None));
            cookie.set_http_only(http_only);
            cookie.set_partitioned(partitioned);
            cookie
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 1000 }))]

    #[test]
    fn what_it_writes_is_read_as_it_was_meant(cookie in cookies()) {
        let line = cookie.to_string();
        let read = SetCookie::parse(line.as_bytes()).unwrap();
        prop_assert_eq!(read.name(), cookie.name().as_bytes());
        prop_assert_eq!(read.value(), cookie.value().as_bytes());
        prop_assert_eq!(read.path(), cookie.path().map(str::as_bytes));
        prop_assert_eq!(read.domain(), cookie.domain().map(str::as_bytes));
        prop_assert_eq!(read.max_age(), cookie.max_age().map(time::Duration::whole_seconds));
        let expires = cookie.expires_datetime().map(time::OffsetDateTime::unix_timestamp);
        prop_assert_eq!(read.expires().map(time::UtcDateTime::unix_timestamp), expires);
        let same_site = cookie.same_site().map_or(SameSite::Unset, |same_site| match same_site {
            Theirs::None => SameSite::None,
            Theirs::Lax => SameSite::Lax,
            Theirs::Strict => SameSite::Strict,
        });
        prop_assert_eq!(read.same_site(), same_site);
        prop_assert_eq!(read.secure(), cookie.secure() == Some(true));
        prop_assert_eq!(read.http_only(), cookie.http_only() == Some(true));
        prop_assert_eq!(read.partitioned(), cookie.partitioned() == Some(true));
    }

    #[test]
    fn where_both_read_plain_bytes_they_agree(line in "[a-c]{1,3}=[a-c]{0,3}(; ?(Path=/[a-c]{0,3}|Domain=[a-c]{1,3}|Secure|HttpOnly|Max-Age=[1-9]{1,4})){0,4}") {
        let theirs = Cookie::parse(line.clone()).unwrap();
        let ours = SetCookie::parse(line.as_bytes()).unwrap();
        prop_assert_eq!(ours.name(), theirs.name().as_bytes());
        prop_assert_eq!(ours.value(), theirs.value().as_bytes());
        prop_assert_eq!(ours.path(), theirs.path().map(str::as_bytes));
        prop_assert_eq!(ours.domain(), theirs.domain().map(str::as_bytes));
        prop_assert_eq!(ours.max_age(), theirs.max_age().map(time::Duration::whole_seconds));
        prop_assert_eq!(ours.secure(), theirs.secure() == Some(true));
        prop_assert_eq!(ours.http_only(), theirs.http_only() == Some(true));
    }
}

/// Headers that the crate parses as another cookie than browsers store, or as a deletion where browsers store
/// a cookie.
#[test]
fn where_it_reads_otherwise_browsers_are_followed() {
    let theirs = |line: &str| Cookie::parse(String::from(line)).unwrap();
    let look_alike = "\u{a0}sid=1";
    assert_eq!(theirs(look_alike).name(), "sid");
    assert_eq!(SetCookie::parse(look_alike.as_bytes()).unwrap().name(), &look_alike.as_bytes()[..5]);
    let stored = "sid=1; Max-Age=0; Max-Age=abc";
    assert_eq!(theirs(stored).max_age(), Some(time::Duration::ZERO));
    assert_eq!(SetCookie::parse(stored.as_bytes()).unwrap().max_age(), None);
}
