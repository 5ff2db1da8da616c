//! A real Django site behind `examples/proxy`: report-only, inventory, enforcing. Sign-in, CSRF and messages
//! work, and nothing else is stored before a choice.
//!
//! The tests need Python with Django, so that `cargo test` lists them as ignored. `tests/run django` installs
//! Django and runs them. `DJANGO_PYTHON` is the Python to use (`python3`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use bytes::Bytes;
use consent_core::Policy;
use consent_core::policy::Kind;
use consent_tower::report::Inventory;
use consent_tower::testing::{Answer, Browser, Clock, TestRequest};
use consent_tower::{ConsentLayer, Mode};
use http::uri::Authority;
use http_body_util::Full;
use proxy::{proxy, serve};
use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use tokio::net::TcpListener;
use tower::Layer;

/// A Django site of its own, which ends with the test.
struct Django {
    child: Child,
    folder: PathBuf,
    authority: Authority,
}

impl Django {
    fn start(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("consent-django-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let python = env::var("DJANGO_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let site = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/django/site.py");
        let mut child = Command::new(&python)
            .arg(site)
            .arg(&folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{python} does not start: {error}"));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (version, port) = line
            .trim()
            .split_once(' ')
            .unwrap_or_else(|| panic!("{python} has no Django: run tests/run django, or set DJANGO_PYTHON"));
        println!("Django {version}");
        Self { child, folder, authority: format!("127.0.0.1:{port}").parse().unwrap() }
    }
}

impl Drop for Django {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Serves a layer in front of the site. Returns where.
async fn in_front_of(django: &Django, layer: ConsentLayer) -> Authority {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(layer.layer(proxy(django.authority.clone())), listener));
    address.to_string().parse().unwrap()
}

/// A browser that reaches the site over a real socket.
macro_rules! browser {
    ($address:expr, $clock:expr) => {
        Browser::<_, Full<Bytes>>::new(proxy($address.clone()))
            .at_host("site.example")
            .with_clock($clock.clone())
    };
}

/// The token that Django wrote into a form of the page.
fn token(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"csrfmiddlewaretoken\" value=\"").expect("a form with a token");
    rest.split('"').next().unwrap().to_owned()
}

fn user(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("<p id=\"user\">").expect("the home page");
    rest.split('<').next().unwrap().to_owned()
}

/// The names that the application sees, without the consent cookie.
fn seen(answer: &Answer) -> Vec<String> {
    answer.text().split_whitespace().filter(|name| *name != "__Host-consent").map(str::to_owned).collect()
}

fn layer(policy: Policy, clock: &Clock) -> ConsentLayer {
    ConsentLayer::new(policy).with_clock(clock.to_fn())
}

/// The policy of the example without what Django stores.
fn empty_policy() -> Policy {
    let document = include_str!("../../../examples/proxy/policy.toml");
    let (head, rest) = document.split_once("# Django's session").unwrap();
    let (_, log) = rest.split_once("[[revisions]]").unwrap();
    Policy::from_toml(&format!("{head}[[revisions]]{log}")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Django: tests/run django"]
async fn report_only_changes_nothing_and_the_inventory_drafts_the_policy() {
    let (django, clock, inventory) = (Django::start("report"), Clock::default(), Inventory::new());
    let layer = layer(empty_policy(), &clock).with_mode(Mode::ReportOnly).with_inventory(inventory.clone());
    let address = in_front_of(&django, layer).await;
    let mut browser = browser!(address, clock);

    let form = browser.open("/accounts/login/").await;
    assert!(!form.text().contains("consent-banner"), "{}", form.text());
    let fields = [("csrfmiddlewaretoken", &*token(&form)), ("username", "ada"), ("password", "analytical")];
    assert_eq!(browser.submit("/accounts/login/", &fields).await.status(), 302);
    let home = browser.open("/").await;
    assert_eq!(user(&home), "ada");
    assert!(home.text().contains("Welcome, ada"));
    browser.open("/everybody/").await;
    let language = [("csrfmiddlewaretoken", &*token(&home)), ("language", "de")];
    browser.submit("/i18n/setlang/", &language).await;
    for name in ["csrftoken", "sessionid", "_tracker", "django_language"] {
        assert!(browser.holds(name), "{name} is stored, as without the layer");
    }

    let names: Vec<String> = inventory.names().into_iter().map(|(name, _, _)| name).collect();
    assert_eq!(names, ["_tracker", "csrftoken", "django_language", "messages", "sessionid"]);
    let draft = inventory.to_string();
    for part in ["name = \"sessionid\"", "lifetime = \"14d\"", "http_only = true", "lifetime = \"364d\""] {
        assert!(draft.contains(part), "{part}: {draft}");
    }
    assert!(inventory.stored_by_scripts().iter().all(|(kind, _, _)| *kind == Kind::Cookie));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Django: tests/run django"]
async fn enforcing_keeps_sign_in_csrf_and_messages_and_nothing_else_before_a_choice() {
    let (django, clock) = (Django::start("enforce"), Clock::default());
    let address = in_front_of(&django, layer(proxy::policy().unwrap(), &clock)).await;
    let mut browser = browser!(address, clock);

    // A view that counts everybody gets neither a session nor its tracker.
    let counted = browser.open("/everybody/").await;
    assert!(counted.text().contains("counted"), "{}", counted.text());
    assert!(!browser.holds("sessionid") && !browser.holds("_tracker"));

    // CSRF: the token is exempt. Without it, Django refuses.
    let home = browser.open("/").await;
    assert!(home.text().contains("id=\"consent-banner\"") && home.text().contains("consent-rules"));
    assert!(browser.holds("csrftoken"));
    let refused = browser.submit("/note/", &[("text", "x")]).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(user(&home), "nobody");

    // Messages: written by a form, shown once.
    let note = [("csrfmiddlewaretoken", &*token(&home)), ("text", "the first")];
    assert_eq!(browser.submit("/note/", &note).await.status(), 302);
    assert!(browser.holds("messages"));
    let home = browser.open("/").await;
    assert!(home.text().contains("Kept: the first"), "{}", home.text());
    assert!(!browser.open("/").await.text().contains("Kept: the first"));
    assert!(!browser.holds("messages"));

    // Sign-in: a wrong password stores nothing, the right one a session.
    let form = browser.open("/accounts/login/").await;
    let wrong = [("csrfmiddlewaretoken", &*token(&form)), ("username", "ada"), ("password", "wrong")];
    assert_eq!(browser.submit("/accounts/login/", &wrong).await.status(), 200);
    assert!(!browser.holds("sessionid"));
    let form = browser.open("/accounts/login/").await;
    let right = [("csrfmiddlewaretoken", &*token(&form)), ("username", "ada"), ("password", "analytical")];
    assert_eq!(browser.submit("/accounts/login/", &right).await.status(), 302);
    assert!(browser.holds("sessionid"));
    let home = browser.open("/").await;
    assert_eq!(user(&home), "ada");
    assert!(home.text().contains("Welcome, ada"));

    // The language needs consent: it is dropped before, kept after, and gone after a withdrawal.
    let language = [("csrfmiddlewaretoken", &*token(&home)), ("language", "de")];
    browser.submit("/i18n/setlang/", &language).await;
    assert!(!browser.holds("django_language"));
    browser.submit("/consent", &[("action", "accept")]).await;
    browser.submit("/i18n/setlang/", &language).await;
    assert!(browser.holds("django_language"));
    assert_eq!(seen(&browser.open("/cookies/").await), ["csrftoken", "django_language", "sessionid"]);
    browser.submit("/consent", &[("action", "withdraw")]).await;
    assert!(!browser.holds("django_language"));
    assert_eq!(seen(&browser.open("/cookies/").await), ["csrftoken", "sessionid"], "still signed in");

    // Signing out deletes the session.
    let home = browser.open("/").await;
    let out = [("csrfmiddlewaretoken", &*token(&home))];
    assert_eq!(browser.submit("/accounts/logout/", &out).await.status(), 302);
    assert!(!browser.holds("sessionid"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Django: tests/run django"]
async fn django_compresses_only_what_the_layer_does_not_rewrite() {
    let (django, clock) = (Django::start("compress"), Clock::default());
    let address = in_front_of(&django, layer(proxy::policy().unwrap(), &clock)).await;
    let mut browser = browser!(address, clock);
    let page = TestRequest::navigation("/").with_header("accept-encoding", "gzip");
    let page = browser.send(page).await;
    assert_eq!(page.header("content-encoding"), "");
    assert!(page.text().contains("id=\"consent-banner\""));
}
