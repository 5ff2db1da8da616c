//! Functions that the site gives to the layer, such as its clock or its review of verdicts.
//!
//! The layer calls each of them through a [`Callback`]. It catches, logs and counts panics. The caller then
//! takes the strictest outcome.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A function that the site gave to the layer.
pub(crate) struct Callback<F: ?Sized> {
    /// The name of the function in events and counters.
    name: &'static str,
    function: Arc<F>,
}

/// The function panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Panicked;

impl<F: ?Sized> Callback<F> {
    pub(crate) fn new(name: &'static str, function: Arc<F>) -> Self {
        Self { name, function }
    }

    /// Calls the function.
    ///
    /// # Errors
    ///
    /// [`Panicked`] if it panics. The caller then takes the strictest outcome.
    pub(crate) fn call<T>(&self, call: impl FnOnce(&F) -> T) -> Result<T, Panicked> {
        catch_unwind(AssertUnwindSafe(|| call(&self.function))).map_err(|_| {
            tracing::error!(
                target: "consent::callback",
                function = self.name,
                "a function that the site gave the layer panicked: the layer uses the strictest outcome instead"
            );
            count(self.name);
            Panicked
        })
    }
}

#[cfg(feature = "metrics")]
fn count(function: &'static str) {
    metrics::counter!("consent_callback_panics_total", "function" => function).increment(1);
}

#[cfg(not(feature = "metrics"))]
fn count(_: &'static str) {}

impl<F: ?Sized> Clone for Callback<F> {
    fn clone(&self) -> Self {
        Self { name: self.name, function: Arc::clone(&self.function) }
    }
}

impl<F: ?Sized> fmt::Debug for Callback<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Callback").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        let callback: Callback<dyn Fn(u8) -> u8> =
            Callback::new("test", Arc::new(|number| if number == 0 { panic!("on purpose") } else { number }));
        assert_eq!(callback.call(|function| function(1)), Ok(1));
        assert_eq!(callback.call(|function| function(0)), Err(Panicked));
    }
}
