//! Starts the demo: `cargo run -- [POLICY] [--secure] [--without-guard]`.
//!
//! `POLICY` is the path of a policy document that replaces the site's own; the environment variable `POLICY`
//! does the same. With `--secure`, or `HTTPS_COOKIES=1`, the site sends only `Secure` cookies. With
//! `--without-guard`, or `GUARD=off`, scripts can store anything. `PORT` is the port, 3000 by default.

use axum::Router;
use axum::http::StatusCode;
use site::{Config, app};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, fs, io};
use tokio::net::TcpListener;
use tower_http::timeout::TimeoutLayer;

/// The exit code for a mistake in the policy or in the arguments.
const USAGE: u8 = 2;

/// The time limit until a response begins.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The site, and the port on which it runs.
struct Start {
    site: Router,
    port: u16,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let start = match Start::read() {
        Ok(start) => start,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(USAGE);
        }
    };
    match serve(start).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the site cannot be served: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(start: Start) -> io::Result<()> {
    let port = start.port;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
        io::Error::new(error.kind(), format!("port {port}: {error}; set another port with the variable PORT"))
    })?;
    println!("http://{}", listener.local_addr()?);
    // A time limit for every request, also for a slow decision.
    let timeout = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT);
    axum::serve(listener, start.site.layer(timeout)).await
}

impl Start {
    fn read() -> Result<Self, String> {
        let mut path = env::var("POLICY").ok();
        let mut secure = env::var("HTTPS_COOKIES").is_ok_and(|value| value == "1");
        let mut without_guard = env::var("GUARD").is_ok_and(|value| value == "off");
        for argument in env::args().skip(1) {
            match argument.as_str() {
                "--secure" => secure = true,
                "--without-guard" => without_guard = true,
                unknown if unknown.starts_with('-') => {
                    return Err(format!(
                        "unknown option {unknown}: the options are --secure, --without-guard and the path of a policy"
                    ));
                }
                _ => path = Some(argument),
            }
        }
        let mut config = Config::default().with_secure(secure);
        if without_guard {
            config = config.without_guard();
        }
        if let Some(path) = &path {
            let document = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
            config = config.with_policy(document);
        }
        let site =
            app(&config).map_err(|error| format!("{}: {error}", path.as_deref().unwrap_or("policy.toml")))?;
        Ok(Self { site, port: port()? })
    }
}

fn port() -> Result<u16, String> {
    let Ok(port) = env::var("PORT") else { return Ok(3000) };
    port.parse().map_err(|_| format!("PORT is {port}; it must be a number from 0 to 65535"))
}
