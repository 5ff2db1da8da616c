//! Collects the events of the layer.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber, span};

/// Stores the events of one target: level and message, then the fields as `name=value`.
#[derive(Clone)]
pub(crate) struct Said {
    target: &'static str,
    events: Arc<Mutex<Vec<String>>>,
}

impl Said {
    /// Collects events of this thread until the guard is dropped.
    pub(crate) fn listen(target: &'static str) -> (Self, DefaultGuard) {
        let said = Self { target, events: Arc::default() };
        let guard = tracing::subscriber::set_default(said.clone());
        (said, guard)
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.events.lock().unwrap().clone()
    }
}

#[derive(Default)]
struct Fields {
    message: String,
    others: String,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => write!(self.message, "{value:?}").unwrap(),
            name => write!(self.others, " {name}={value:?}").unwrap(),
        }
    }
}

impl Subscriber for Said {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == self.target
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let said = format!("{} {}{}", event.metadata().level(), fields.message, fields.others);
        self.events.lock().unwrap().push(said);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
