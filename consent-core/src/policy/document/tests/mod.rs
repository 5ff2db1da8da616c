//! What is valid, and each mistake.

mod valid;
