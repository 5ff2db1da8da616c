//! A site's cookie policy enforced on every response.
#![forbid(unsafe_code)]
#![allow(dead_code, unused_imports, rustdoc::broken_intra_doc_links)]

mod body;
mod html;

pub use self::body::ConsentBody;
