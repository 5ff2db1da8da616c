//! The layer around a plain hyper service, without a framework: one function, over HTTP/1.1 and HTTP/2 on the
//! same port.
//!
//! ```sh
//! cargo run -p hyper-service           # or: PORT=3001 cargo run -p hyper-service
//! ```
//!
//! Open <http://127.0.0.1:3000>, refuse, and choose miles: the marathon stays in kilometres. Accept, and
//! choose again. (Browsers use HTTP/2 only over TLS, so they use HTTP/1.1 here. curl supports both.)
//!
//! The same without a browser, in a directory where the file `jar` may be written:
//!
//! ```console
//! $ curl -si --http2-prior-knowledge -X POST localhost:3000/units/miles | grep -o -e 'HTTP/2 303' -e 'set-cookie.*'
//! HTTP/2 303
//! $ curl -s --http2-prior-knowledge -c jar -d action=accept localhost:3000/consent
//! $ curl -si --http2-prior-knowledge -b jar -c jar -X POST localhost:3000/units/miles | grep set-cookie
//! set-cookie: units=miles; Path=/; Max-Age=31536000; SameSite=Lax
//! $ curl -s --http2-prior-knowledge -b jar localhost:3000 | grep h1
//! <h1>A marathon is 26.2 miles long</h1>
//! $ curl -s --http1.1 -b jar localhost:3000 | grep h1
//! <h1>A marathon is 26.2 miles long</h1>
//! $ curl -si --http1.1 -b jar -d action=refuse localhost:3000/consent | grep 'set-cookie: units'
//! set-cookie: units=; Max-Age=0; Path=/
//! ```

use consent_tower::ConsentLayer;
use hyper_service::{policy, serve};
use std::env;
use std::error::Error;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    // For plain http on your own machine.
    match serve(ConsentLayer::new(policy()?).dangerous_allow_http(), listener).await? {}
}
