//! Writes a site that needs no server of its own: any static file host serves it.
//!
//! ```sh
//! cargo run -p static-site -- public             # for https, as a host for files has it
//! cargo run -p static-site -- public --http      # to try it at home:
//! python3 -m http.server --directory public 8000
//! ```
//!
//! Open <http://127.0.0.1:8000/>, choose a text size, and load the page again: the page has forgotten it.
//! Press “Accept all”, choose again, and load again: the page keeps the size, in local storage. Withdraw
//! under “Cookie settings”: the size is deleted. The page's own script also tries to store a tracker, which
//! the guard refuses.

use consent_core::consent::CookieName;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory =
        arguments.next().ok_or("name a directory to write into: static-site DIRECTORY [--http]")?;
    let cookie = match arguments.next().as_deref() {
        None => CookieName::Host,
        // Browsers keep `__Host-` cookies on https only.
        Some("--http") => CookieName::Plain,
        Some(other) => return Err(format!("{other:?} is no option; there is --http").into()),
    };
    static_site::write(Path::new(&directory), cookie)?;
    println!("{directory} is written. If your file host can add a header to each page, add this one:");
    println!("{}", static_site::header()?);
    Ok(())
}
