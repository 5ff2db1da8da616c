//! Writes a site that needs no server of its own: any host for files serves it.
//!
//! ```sh
//! cargo run -p static-site -- public             # for https, as a host for files has it
//! cargo run -p static-site -- public --http      # to try it at home:
//! python3 -m http.server --directory public 8000
//! ```
//!
//! Open <http://127.0.0.1:8000/>, choose a text size, and load the page again: it is forgotten. Press “Accept all”, choose
//! again, load again: it is kept, in local storage. Withdraw under “Cookie settings”, and it is gone. The page's own script
//! also tries to leave a tracker behind, which the guard does not let it.

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
    println!("{directory} is written");
    Ok(())
}
