//! Tests of what crosses crates are in `tests/` beside this file, those in a browser in `browser/`. Here are
//! the programs that they start, what those share with the tests, and the README's example, which is compiled
//! with the other examples.

pub mod corpus;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
