//! Checks the guide and the README: their policies parse, their requests get the responses below them, their
//! pages are gated, and the tests that they name exist. (Their Rust examples are doc tests.)
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod blocks;
mod catalogue;
mod events;
mod figures;
mod keys;
mod named;
mod pages;
mod policies;
mod requests;
