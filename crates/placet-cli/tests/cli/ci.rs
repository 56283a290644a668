//! The examples for build servers, run as those servers run them: their scripts in bash, with this
//! `placet` on the path, for each way an audit can end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use yaml_rust2::{Yaml, YamlLoader};

use crate::harness::{Dir, POLICY};

const CLEAN: &str = "GET / HTTP/1.1\r\nHost: www.shop.example\r\n\r\nHTTP/1.1 200 OK\r\n\
    Set-Cookie: session=1; Path=/; Secure; HttpOnly; SameSite=Lax\r\n\r\n";
const TRACKED: &str = "GET / HTTP/1.1\r\nHost: www.shop.example\r\n\r\nHTTP/1.1 200 OK\r\n\
    Set-Cookie: _ga=GA1.1.1.2; Path=/; Max-Age=3600; Secure; SameSite=Lax\r\n\r\n";
const EMPTY: &str = "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n";

fn example(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/ci");
    root.join(name)
}

fn yaml(name: &str) -> Yaml {
    let text = fs::read_to_string(example(name)).unwrap();
    let mut documents = YamlLoader::load_from_str(&text).unwrap();
    assert_eq!(documents.len(), 1, "{name}");
    documents.remove(0)
}

/// A repository with a policy, a baseline that knows nothing, and a recorded visit.
fn repository(visit: &str) -> Dir {
    let dir = Dir::new()
        .with("placet.json", POLICY)
        .with("clean.txt", CLEAN)
        .with("visit.har", visit);
    let arguments = [
        "audit",
        "clean.txt",
        "--policy",
        "placet.json",
        "--write-baseline",
        "known.json",
    ];
    dir.placet(&arguments).ended(0);
    dir
}

/// Runs a script with the options that the servers give to bash.
fn bash(dir: &Dir, script: &str, variables: &[(&str, &str)]) -> Output {
    let placet = Path::new(env!("CARGO_BIN_EXE_placet")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = [placet.to_owned()]
        .into_iter()
        .chain(std::env::split_paths(&path));
    Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(dir.path(""))
        .env("PATH", std::env::join_paths(paths).unwrap())
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// The scripts of steps, each with its environment.
fn steps(steps: &Yaml) -> Vec<(&str, Vec<(&str, &str)>)> {
    let steps = steps.as_vec().unwrap().iter();
    steps
        .filter_map(|step| {
            let environment = step["env"].as_hash().into_iter().flatten();
            let environment = environment.map(|(n, v)| (n.as_str().unwrap(), v.as_str().unwrap()));
            Some((step["run"].as_str()?, environment.collect()))
        })
        .collect()
}

/// What a script installs is the command of this repository, by a path from a folder that goes by a
/// variable.
fn assert_installs(script: &str, variable: &str, folder: &str) {
    let arguments: Vec<_> = script.split_whitespace().collect();
    let [
        "cargo",
        "install",
        "--locked",
        "--no-default-features",
        "--path",
        path,
    ] = arguments[..]
    else {
        panic!("{script}");
    };
    let below = path.trim_matches('"').strip_prefix(variable);
    let there = example(folder).join(below.unwrap().trim_start_matches('/'));
    let manifest = fs::read_to_string(there.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"placet-cli\""), "{manifest}");
}

#[test]
fn the_action_ends_as_the_audit_does() {
    let action = yaml("github/action.yml");
    let scripts = steps(&action["runs"]["steps"]);
    let [(install, _), (audit, environment)] = &scripts[..] else {
        panic!("{scripts:?}");
    };
    assert_installs(install, "$GITHUB_ACTION_PATH", "github");
    let inputs = |given: &[(&'static str, &'static str)]| -> Vec<(String, String)> {
        let value = |expression: &str| {
            let name = expression
                .trim_start_matches("${{ inputs.")
                .trim_end_matches(" }}");
            let input = &action["inputs"][name];
            assert!(!input.is_badvalue(), "no input is called {name}");
            let given = given.iter().find(|(other, _)| *other == name);
            let default = input["default"].as_str().unwrap_or_default();
            given.map_or(default, |(_, value)| value).to_owned()
        };
        environment
            .iter()
            .map(|(name, text)| ((*name).to_owned(), value(text)))
            .collect()
    };
    for (visit, given, code) in [
        (
            CLEAN,
            &[("policy", "placet.json"), ("baseline", "known.json")][..],
            0,
        ),
        (
            TRACKED,
            &[("policy", "placet.json"), ("baseline", "known.json")],
            1,
        ),
        (TRACKED, &[], 1),
        (
            TRACKED,
            &[("policy", "placet.json"), ("baseline", "tracked.json")],
            0,
        ),
        (EMPTY, &[], 2),
        (EMPTY, &[("unverified", "warn")], 0),
        (
            CLEAN,
            &[("policy", "nowhere.json"), ("unverified", "warn")],
            3,
        ),
        (CLEAN, &[("baseline", "placet.json")], 3),
    ] {
        let dir = repository(visit);
        let known = [
            "audit",
            "visit.har",
            "--policy",
            "placet.json",
            "--write-baseline",
            "tracked.json",
        ];
        dir.placet(&known);
        let given: Vec<_> = [&[("recordings", "visit.har\nclean.txt\n")], given].concat();
        let variables = inputs(&given);
        let variables: Vec<_> = variables
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        let run = bash(&dir, audit, &variables);
        assert_eq!(run.status.code(), Some(code), "{given:?}: {run:#?}");
        let annotated =
            String::from_utf8_lossy(&run.stdout).contains("::error file=visit.har,line=");
        assert_eq!(
            annotated,
            matches!(code, 1 | 2) || visit == EMPTY,
            "{given:?}: {run:#?}"
        );
    }
}

#[test]
fn the_workflow_calls_the_action_and_writes_reports_whatever_was_found() {
    let workflow = yaml("github/workflow.yml");
    let all = &workflow["jobs"]["audit"]["steps"];
    let action = yaml("github/action.yml");
    let call = all.as_vec().unwrap().iter().find(|step| {
        step["uses"]
            .as_str()
            .is_some_and(|uses| uses.contains("/examples/ci/github@"))
    });
    let given = call.unwrap()["with"].as_hash().unwrap();
    for name in given.keys() {
        assert!(
            !action["inputs"][name.as_str().unwrap()].is_badvalue(),
            "{name:?}"
        );
    }
    let scripts = steps(all);
    let [(reports, _)] = scripts[..] else {
        panic!("{scripts:?}");
    };
    for (visit, code) in [(CLEAN, 0), (TRACKED, 0), (EMPTY, 0)] {
        let dir = repository(visit);
        let run = bash(&dir, reports, &[]);
        assert_eq!(run.status.code(), Some(code), "{run:#?}");
        assert!(dir.path("placet.sarif").exists() && dir.path("placet.html").exists());
    }
    let dir = repository(CLEAN).with("placet.json", "no policy");
    assert_ne!(bash(&dir, reports, &[]).status.code(), Some(0));
}

#[test]
fn the_job_for_gitlab_ends_as_the_audit_does() {
    let file = yaml("gitlab/.gitlab-ci.yml");
    let job = &file["placet"];
    let script: Vec<_> = job["script"]
        .as_vec()
        .unwrap()
        .iter()
        .map(|l| l.as_str().unwrap())
        .collect();
    let (install, rest) = script.split_first().unwrap();
    assert_installs(install, "$PLACET", "../..");
    assert_eq!(job["allow_failure"]["exit_codes"].as_i64(), Some(2));
    for (visit, code) in [(CLEAN, 0), (TRACKED, 1), (EMPTY, 2)] {
        let dir = repository(visit);
        let run = bash(&dir, &rest.join("\n"), &[]);
        assert_eq!(run.status.code(), Some(code), "{run:#?}");
        let report =
            fs::read_to_string(dir.path(job["artifacts"]["reports"]["junit"].as_str().unwrap()));
        assert!(report.unwrap().contains("<testsuites"));
        assert!(
            dir.path(job["artifacts"]["paths"][0].as_str().unwrap())
                .exists()
        );
    }
    let dir = repository(CLEAN).with("known.json", "{}");
    assert_eq!(bash(&dir, &rest.join("\n"), &[]).status.code(), Some(3));
}
