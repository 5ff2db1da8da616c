//! Runs every fuzz target on its seeds and on a few thousand mutations of them, which are the same in each
//! run. `fuzz/run` continues with a fuzzer.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use fuzz::mutate::{Mutator, words};
use fuzz::{TARGETS, Target};
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

const ROUNDS: u64 = 500;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

fn seeds(target: Target) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder().join("seeds").join(target.name)).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read(file).unwrap()).collect()
}

fn check(target: Target, input: &[u8]) {
    let passed = catch_unwind(|| (target.run)(input)).is_ok();
    assert!(passed, "fuzz target {} fails for \"{}\"", target.name, input.escape_ascii());
}

fn run(name: &str) {
    let target = TARGETS.into_iter().find(|target| target.name == name).unwrap();
    let seeds = seeds(target);
    assert!(seeds.len() >= 3);
    let dictionary = folder().join("dictionaries").join(format!("{name}.dict"));
    let words = words(&fs::read_to_string(dictionary).unwrap());
    check(target, b"");
    for seed in &seeds {
        check(target, seed);
    }
    for round in 0..ROUNDS {
        let input = Mutator::new(round + 1, &words).mutate(&seeds);
        check(target, &input);
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                run(stringify!($name));
            }
        )*

        #[test]
        fn every_target_is_here_and_has_its_program() {
            let names = [$(stringify!($name)),*];
            assert_eq!(names, TARGETS.map(|target| target.name));
            let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
            for name in names {
                assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
                let program = fs::read_to_string(folder().join(format!("targets/{name}.rs"))).unwrap();
                assert!(program.contains(&format!("fuzz::{name}(data)")), "{name}");
            }
        }
    };
}

targets! {
    accept accept_language address caching consent_cookie cookie_header decision expires html policy report return_path rules set_cookie
}
