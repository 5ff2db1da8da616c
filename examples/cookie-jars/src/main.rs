//! The usual jars of an axum application behind the layer: tower-cookies, and axum-extra's plain and signed jar.
//!
//! None of them knows of the layer, and it knows of none of them: it reads what leaves. One cookie of this game is declared
//! nowhere, and never leaves. What became of each is in the answer's extensions (`ConsentReport`), which this example
//! prints; and in the header `consent-report`, which is for development only. The layer's own jar, `ConsentJar`, says so
//! before it leaves, to the handler and to the visitor: it keeps the level.
//!
//! ```sh
//! cargo run -p cookie-jars           # or: PORT=3001 cargo run -p cookie-jars
//! ```
//!
//! Open <http://127.0.0.1:3000>, refuse, and play: nothing you do outlasts the page, and the terminal says why; for the
//! level, the page does. Accept and play again. Then change the last digit of the cookie `score` in your browser's tools:
//! the score is 0, for the signature is that of another one. A board that the policy does not list does not leave either
//! (below).
//!
//! The same without a browser, in a directory that may hold the files `jar` and `forged`:
//!
//! ```console
//! $ curl -si -d choice=dark localhost:3000/theme | grep -e set-cookie -e consent-report
//! consent-report: name="theme"; outcome=dropped; reason=undecided
//! $ curl -s -d choice=hard localhost:3000/level | grep -o 'This is not remembered yet'
//! This is not remembered yet
//! $ curl -s -c jar -d action=accept localhost:3000/consent
//! $ curl -si -b jar -c jar -d choice=dark localhost:3000/theme | grep -e set-cookie -e consent-report
//! set-cookie: theme=dark; Path=/; Max-Age=31536000
//! consent-report: name="theme"; outcome=amended; reason=lifetime-cut
//! $ curl -si -b jar -c jar -d choice=8f14e45f localhost:3000/board | grep -e set-cookie -e consent-report
//! consent-report: name="board"; outcome=dropped; reason=value-not-declared
//! $ for point in 1 2; do curl -s -b jar -c jar -X POST localhost:3000/play; done
//! $ curl -si -b jar localhost:3000 | grep -e h1 -e consent-report
//! consent-report: name="visitor"; outcome=dropped; reason=undeclared
//! <h1>Score: 2</h1>
//! $ sed 's/%3D2$/%3D9/' jar > forged; curl -s -b forged localhost:3000 | grep h1
//! <h1>Score: 0</h1>
//! ```

use axum::Router;
use consent_tower::ConsentLayer;
use consent_tower::testing::ReportHeaderLayer;
use cookie_jars::{app, policy};
use std::env;
use std::error::Error;
use tokio::net::TcpListener;
use tower::Layer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Over plain http, for a try at home, and telling everybody what it does.
    let consent = ConsentLayer::new(policy()?).dangerous_allow_http();
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, Router::new().fallback_service(ReportHeaderLayer.layer(app(consent)))).await?)
}
