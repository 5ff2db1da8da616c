//! What the layer says of an order that is wrong.

use crate::support::*;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tower::{Layer, ServiceExt};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

/// Keeps what is said of the order.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<String>>>);

struct Message<'a>(&'a mut String);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            write!(self.0, "{value:?}").unwrap();
        }
    }
}

impl Subscriber for Said {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "consent::order"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = format!("{} ", event.metadata().level());
        event.record(&mut Message(&mut message));
        self.0.lock().unwrap().push(message);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// What is said while some requests go through two layers.
async fn said(
    outer: &consent_tower::ConsentLayer,
    inner: &consent_tower::ConsentLayer,
    requests: usize,
) -> Vec<String> {
    let said = Said::default();
    let guard = tracing::subscriber::set_default(said.clone());
    let application = tower::service_fn(async |_: http::Request<http_body_util::Full<bytes::Bytes>>| {
        Ok::<_, std::convert::Infallible>(application())
    });
    let site = outer.layer(inner.layer(application));
    for _ in 0..requests {
        site.clone().oneshot(empty(visit("/"))).await.unwrap();
    }
    drop(guard);
    let said = said.0.lock().unwrap();
    said.clone()
}

#[tokio::test]
async fn a_layer_around_another_is_said_once() {
    let layer = layer();
    let heard = said(&layer, &layer, 3).await;
    let [one] = heard.as_slice() else { panic!("not once: {heard:?}") };
    assert!(one.starts_with("INFO the layer stands twice"), "{one}");
}

#[tokio::test]
async fn two_policies_around_one_service_are_worth_a_warning() {
    let heard = said(&layer(), &layer(), 3).await;
    let [one] = heard.as_slice() else { panic!("not once: {heard:?}") };
    assert!(one.starts_with("WARN") && one.contains("two policies"), "{one}");
}
