//! Tests that use several crates are in the folder `tests/`, and tests in a browser in `browser/`. This crate
//! has the programs that they start, the code that these share with the tests, and the README's example as a
//! doc test.

pub mod corpus;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
