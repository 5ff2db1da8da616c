mod cookie_crate;
mod dates;
