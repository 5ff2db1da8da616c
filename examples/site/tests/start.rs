//! Errors when the site starts.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, Output};

fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_site"));
    command.args(arguments).env("PORT", "0").envs(environment.iter().copied());
    command.output().unwrap()
}

fn document(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn all_mistakes_of_a_policy_are_printed_and_nothing_is_served() {
    let good = include_str!("../policy.toml");
    let bad = good
        .replacen("lifetime = \"365d\"", "lifetime = \"900d\"", 1)
        .replacen("category = \"functionality\"", "category = \"marketing\"", 1)
        .replacen("[authority]\nname", "[authority]\nnome", 1);
    assert_ne!(good, bad);
    let path = document("malformed.toml", &bad);
    for output in [start(&[path.to_str().unwrap()], &[]), start(&[], &[("POLICY", path.to_str().unwrap())])] {
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(output.stdout.is_empty(), "it was served");
        for part in ["900d", "marketing", "nome", "line"] {
            assert!(said.contains(part), "{part} is not in:\n{said}");
        }
    }
}

#[test]
fn a_missing_policy_and_invalid_toml_are_printed() {
    let path = document("garbage.toml", "= \u{0}[[");
    for policy in [path.to_str().unwrap(), "/no/such/file.toml", env!("CARGO_TARGET_TMPDIR")] {
        let output = start(&[policy], &[]);
        assert_eq!(output.status.code(), Some(2), "{policy}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn an_invalid_port_is_an_error() {
    for port in ["x", "-1", "65536", ""] {
        assert_eq!(start(&[], &[("PORT", port)]).status.code(), Some(2), "{port:?}");
    }
    assert_eq!(start(&["--secrue"], &[]).status.code(), Some(2));
}

#[test]
fn a_port_in_use_is_an_error_with_advice() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = start(&[], &[("PORT", &port)]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(&port) && said.contains("PORT"), "{said}");
}
