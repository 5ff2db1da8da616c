//! Sign-in with tower-sessions: a session begins when a visitor asks for one, and never before.
//!
//! A visitor can sign in without consent. The policy declares `sid` as exempt, because it serves what the
//! visitor asked for, and names the routes that may issue it (`issued_on`). A session for everybody would be
//! tracking, so the layer drops it. The form also remembers the user's name for the next time. That is a
//! convenience and needs consent.
//!
//! ```sh
//! cargo run -p tower-sessions-sign-in           # or: PORT=3001 cargo run -p tower-sessions-sign-in
//! ```
//!
//! Open <http://127.0.0.1:3000>, refuse, and sign in: it works. Sign out: the form has forgotten you. Accept
//! under “Cookie settings”, sign in as grace, and sign out: the form says grace. “Visits” counts in the
//! session, so for visitors who are not signed in, each visit is the first.
//!
//! The same without a browser, in a directory where the file `jar` may be written:
//!
//! ```console
//! $ curl -s localhost:3000/visits
//! visit 1 of this session
//! $ curl -si localhost:3000/visits | grep set-cookie || echo no session leaves
//! no session leaves
//! $ curl -si -c jar -d user=ada -d password=demo localhost:3000/sign-in | grep -o 'set-cookie: [a-z]*'
//! set-cookie: sid
//! $ for visit in 1 2; do curl -s -b jar localhost:3000/visits; done
//! visit 1 of this session
//! visit 2 of this session
//! $ curl -s -b jar -c jar -d action=accept localhost:3000/consent
//! $ curl -si -b jar -c jar -d user=ada -d password=demo localhost:3000/sign-in | grep -o 'set-cookie: [a-z]*'
//! set-cookie: user
//! set-cookie: sid
//! $ curl -si -b jar -c jar -X POST localhost:3000/sign-out | grep -o 'set-cookie: .*Max-Age=0'
//! set-cookie: sid=; Path=/; Max-Age=0
//! $ curl -s -b jar localhost:3000 | grep -o '<option selected>[a-z]*'
//! <option selected>ada
//! ```

use consent_tower::ConsentLayer;
use std::env;
use std::error::Error;
use tokio::net::TcpListener;
use tower_sessions_sign_in::{app, policy};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // For plain http on your own machine. If the site has https, leave `dangerous_allow_http` out, and pass
    // `true`.
    let site = app(&ConsentLayer::new(policy()?).dangerous_allow_http(), false);
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, site.into_make_service()).await?)
}
