//! Measures the requests per second of a site over a real socket, bare and behind the layer. Each runs axum
//! on its own thread. `wrk`, which must be installed, runs against both in turns.
//!
//! ```text
//! cargo run --release -p tests --bin throughput [ROUNDS [SECONDS]]
//! ```
//!
//! The program prints the medians of all rounds, and two ratios of the layer to the bare site: requests per
//! second, and the CPU time of the server's thread for each request (Linux only). Other work of the machine
//! affects the CPU time less. `tests/run` does not run this program.

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use consent_core::policy;
use consent_tower::ConsentLayer;
use futures_util::stream;
use std::convert::Infallible;
use std::error::Error;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Command;
use std::thread;
use tower::Layer;

#[path = "../../../consent-tower/benches/layer/sample.rs"]
mod sample;

/// Names of the threads of the servers.
const SERVERS: [&str; 2] = ["bare", "layer"];

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let rounds: usize = arguments.next().map_or(Ok(5), |rounds| rounds.parse())?;
    let seconds: usize = arguments.next().map_or(Ok(3), |seconds| seconds.parse())?;
    let [bare, layer] = [application(), application()];
    let layer = ConsentLayer::new(policy::example()?).layer(layer);
    let sites = [serve(SERVERS[0], bare)?, serve(SERVERS[1], Router::new().fallback_service(layer))?];
    let rows = [
        ("JSON, granted", "/json", "g"),
        ("HTML, undecided", "/html", ""),
        ("HTML, granted", "/html", "g"),
        ("HTML, refused", "/html", "r"),
        ("HTML with 20 links, undecided", "/links", ""),
        ("HTML with 20 links, granted", "/links", "g"),
        ("HTML streamed, undecided", "/streamed", ""),
        ("HTML streamed, granted", "/streamed", "g"),
    ];
    println!(
        "{:<32}{:>12}{:>12}{:>8}{:>22}{:>8}",
        "", "bare/s", "layer/s", "ratio", "µs of CPU each", "ratio"
    );
    for (name, path, letter) in rows {
        let mut runs = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            for ((site, server), runs) in sites.iter().zip(SERVERS).zip(&mut runs) {
                runs.push(run(*site, server, path, letter, seconds)?);
            }
        }
        let per_second = runs.each_ref().map(|runs| median(runs, |run| run.per_second));
        let cpu = runs.each_ref().map(|runs| median(runs, |run| run.microseconds));
        println!(
            "{name:<32}{:>12.0}{:>12.0}{:>8.2}{:>11.1}{:>11.1}{:>8.2}",
            per_second[0],
            per_second[1],
            per_second[1] / per_second[0],
            cpu[0],
            cpu[1],
            cpu[0] / cpu[1],
        );
    }
    Ok(())
}

fn application() -> Router {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let whole = move |page: String| {
        let (page, html) = (Bytes::from(page), html.clone());
        get(move || std::future::ready(([(CONTENT_TYPE, html.clone())], page.clone()).into_response()))
    };
    Router::new()
        .route("/json", get(async || ([(CONTENT_TYPE, "application/json")], "{\"ok\":true}")))
        .route("/html", whole(sample::page(0)))
        .route("/links", whole(sample::page(20)))
        .route("/streamed", get(async || streamed(Bytes::from(sample::page(0)))))
}

/// The page in a body of unknown length.
fn streamed(page: Bytes) -> Response {
    let body = Body::from_stream(stream::iter([Ok::<_, Infallible>(page)]));
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

/// Serves on a thread of this name.
fn serve(name: &str, site: Router) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, site).await
        })
    })?;
    Ok(address)
}

/// The result of one run.
struct Run {
    per_second: f64,
    /// The CPU time of the server for each request, or NaN if it is unknown.
    microseconds: f64,
}

fn run(site: SocketAddr, server: &str, path: &str, letter: &str, seconds: usize) -> Result<Run, Failure> {
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "-c16", &format!("-d{seconds}s")]);
    let mut headers = vec![
        String::from("Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        "Accept-Language: en-GB,en;q=0.9".into(),
        "Sec-Fetch-Dest: document".into(),
        "Sec-Fetch-Mode: navigate".into(),
        "Sec-Fetch-Site: same-origin".into(),
    ];
    if !letter.is_empty() {
        let today = time::UtcDateTime::now().date();
        let day = format!("{:04}{:02}{:02}", today.year(), u8::from(today.month()), today.day());
        headers.push(format!("Cookie: __Host-consent=1-{day}.functionality:{letter}"));
    }
    for header in headers {
        wrk.args(["-H", &header]);
    }
    let before = running(server);
    let output = wrk.arg(format!("http://{site}{path}")).output().map_err(|error| format!("wrk: {error}"))?;
    let after = running(server);
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(format!("wrk failed: {text}{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let number = |found: Option<&str>| found.and_then(|word| word.parse::<f64>().ok());
    let per_second = text.lines().find_map(|line| line.strip_prefix("Requests/sec:")).map(str::trim);
    let requests = text.lines().find(|line| line.contains(" requests in ")).map(str::trim);
    let requests = number(requests.and_then(|line| line.split(' ').next()));
    let (Some(per_second), Some(requests)) = (number(per_second), requests) else {
        return Err(format!("wrk printed no figures: {text}").into());
    };
    Ok(Run { per_second, microseconds: (after - before) / 1000.0 / requests })
}

/// Returns the CPU time of the thread of this name, in nanoseconds.
fn running(server: &str) -> f64 {
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return f64::NAN };
    let of_server = threads
        .flatten()
        .map(|thread| thread.path())
        .find(|thread| fs::read_to_string(thread.join("comm")).is_ok_and(|name| name.trim() == server));
    let statistics = of_server.and_then(|thread| fs::read_to_string(thread.join("schedstat")).ok());
    let running = statistics.as_deref().and_then(|line| line.split(' ').next()?.parse().ok());
    running.unwrap_or(f64::NAN)
}

fn median(runs: &[Run], of: impl Fn(&Run) -> f64) -> f64 {
    let mut figures: Vec<f64> = runs.iter().map(of).collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
