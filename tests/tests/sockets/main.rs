//! The layer behind a real socket, over HTTP/1.1 and HTTP/2: cookies of common libraries, and slow bodies.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod connection;
mod failures;
mod informational;
mod jars;
mod proxy;
mod sessions;
mod streams;
mod support;
mod upgrades;
