//! The guide and the README say what is true: their policies load, their requests get the answers that stand
//! below them, their pages are gated, and the tests that they name exist. (Their Rust is compiled with the
//! other examples.)
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod blocks;
mod figures;
mod keys;
mod named;
mod pages;
mod policies;
mod requests;
