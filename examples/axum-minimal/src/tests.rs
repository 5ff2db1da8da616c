use super::site;
use consent_tower::testing::{Browser, Clock, Probe};
use consent_tower::{ConsentLayer, Policy};

fn policy() -> Policy {
    Policy::from_toml(include_str!("../policy.toml")).unwrap()
}

#[tokio::test]
async fn the_theme_is_stored_after_consent_and_before_it_the_visitor_reads_why_not() {
    let clock = Clock::default();
    let layer = ConsentLayer::new(policy()).with_clock(clock.to_fn());
    let mut browser: Browser<_> = Browser::new(site(&layer)).with_clock(clock);
    for (action, why) in [(None, "not remembered yet"), (Some("refuse"), "you did not allow")] {
        if let Some(action) = action {
            browser.submit("/consent", &[("action", action)]).await;
        }
        let answer = browser.submit("/dark", &[]).await;
        assert!(answer.text().contains(why), "{}", answer.text());
        assert!(!browser.holds("theme"));
    }

    browser.submit("/consent", &[("action", "accept")]).await;
    browser.submit("/dark", &[]).await;
    assert!(browser.holds("theme"));
    assert!(browser.open("/").await.text().contains("This page is dark"));

    browser.submit("/consent", &[("action", "withdraw")]).await;
    assert!(!browser.holds("theme"));
    assert!(browser.open("/").await.text().contains("This page is light"));
}

#[tokio::test]
async fn it_keeps_its_promise_in_every_state_of_consent() {
    let site = site(&ConsentLayer::new(policy()));
    Probe::new(policy()).submit("/dark", &[]).assert_promise(site).await;
}
