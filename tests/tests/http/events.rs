//! Events for cookies that the layer drops or amends.

use crate::said::Said;
use crate::support::*;

#[tokio::test]
async fn an_event_has_name_category_reason_and_path_and_never_the_value() {
    let (said, guard) = Said::listen("consent::response");
    let lines = ["theme=secret-1; Path=/", "_ga=secret-2; Path=/"];
    send(&layer(), empty(visit("/notes/one?query=secret-3")), setting(&lines)).await;
    drop(guard);
    let heard = said.heard();
    let [theme, tracker] = heard.as_slice() else { panic!("one for each line: {heard:?}") };
    for part in
        ["WARN", "name=theme", "category=\"functionality\"", "reason=undecided", "path=\"/notes/one\""]
    {
        assert!(theme.contains(part), "{part}: {theme}");
    }
    assert!(tracker.contains("name=_ga") && tracker.contains("reason=undeclared"), "{tracker}");
    assert!(!heard.concat().contains("secret"), "{heard:?}");
}
