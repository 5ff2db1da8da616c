//! Events about a wrong layer order.

use crate::said::Said;
use crate::support::*;
use tower::{Layer, ServiceExt};

/// The events while requests pass through two layers.
async fn said(
    outer: &consent_tower::ConsentLayer,
    inner: &consent_tower::ConsentLayer,
    requests: usize,
) -> Vec<String> {
    let (said, guard) = Said::listen("consent::order");
    let application = tower::service_fn(async |_: http::Request<http_body_util::Full<bytes::Bytes>>| {
        Ok::<_, std::convert::Infallible>(application())
    });
    let site = outer.layer(inner.layer(application));
    for _ in 0..requests {
        site.clone().oneshot(empty(visit("/"))).await.unwrap();
    }
    drop(guard);
    said.heard()
}

#[tokio::test]
async fn nested_layers_are_logged_once() {
    let layer = layer();
    let heard = said(&layer, &layer, 3).await;
    let [one] = heard.as_slice() else { panic!("not once: {heard:?}") };
    assert!(one.starts_with("INFO the service is wrapped twice"), "{one}");
}

#[tokio::test]
async fn two_policies_around_one_service_are_a_warning() {
    let heard = said(&layer(), &layer(), 3).await;
    let [one] = heard.as_slice() else { panic!("not once: {heard:?}") };
    assert!(one.starts_with("WARN") && one.contains("two policies") && one.contains("path=\"/\""), "{one}");
}
