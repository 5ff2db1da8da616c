//! The usual cookie jars of an axum application behind the layer: tower-cookies, and axum-extra's plain and
//! signed jar.
//!
//! These jars and the layer do not know each other: the layer reads the response headers. The game sets one
//! cookie that the policy does not declare, and the layer drops it every time. The extensions of the response
//! say what the layer did with each cookie (`ConsentReport`). This example prints that report and also sends
//! it in the header `consent-report`, which is for development only. The layer's own jar, `ConsentJar`, keeps
//! the level of the game. It tells the handler and the visitor at once if a cookie may not be stored.
//!
//! ```sh
//! cargo run -p cookie-jars           # or: PORT=3001 cargo run -p cookie-jars
//! ```
//!
//! Open <http://127.0.0.1:3000>, refuse, and play. Nothing that you do survives the page. The terminal says
//! why, and for the level the page says so too. Accept and play again. Then change the last digit of the
//! cookie `score` in your browser's developer tools: the score is 0, because the signature belongs to another
//! value. The layer also drops a board whose value the policy does not list (see below).
//!
//! The same without a browser, in a directory where the files `jar` and `forged` may be written:
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
    // For plain http on your own machine. Every visitor can read the report.
    let consent = ConsentLayer::new(policy()?).dangerous_allow_http();
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, Router::new().fallback_service(ReportHeaderLayer.layer(app(consent)))).await?)
}
