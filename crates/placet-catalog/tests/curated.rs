//! Every curated file is valid, and together they never say two things of one cookie.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use placet_catalog::{Catalog, CookieFact, Service};

/// The curated files by name: text and services, or everything that is wrong with them.
fn files() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/curated");
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the folder of curated files")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into();
            (name, fs::read_to_string(&path).expect("UTF-8"))
        })
        .collect();
    files.sort();
    files
}

/// The services of every curated file with the file's name.
fn services() -> Vec<(String, Service)> {
    let empty = Catalog::empty();
    let mut services = Vec::new();
    for (name, text) in files() {
        let one = empty
            .with_file(&name, &text)
            .unwrap_or_else(|error| panic!("{error}"));
        services.extend(
            one.services()
                .cloned()
                .map(|service| (name.clone(), service)),
        );
    }
    services
}

#[test]
fn every_curated_file_is_valid() {
    let mut problems = Vec::new();
    for (name, text) in files() {
        if let Err(error) = Catalog::empty().with_file(&name, &text) {
            problems.push(error.to_string());
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_service_has_an_id_of_its_own_and_a_standard_category() {
    let mut seen: BTreeMap<Box<str>, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for (file, service) in services() {
        if let Some(other) = seen.insert(service.id.clone(), file.clone()) {
            problems.push(format!("{file}: id \"{}\" is also in {other}", service.id));
        }
        let categories = service
            .cookies
            .iter()
            .map(|cookie| service.category_of(cookie));
        for category in categories.chain([&*service.category]) {
            if !["necessary", "functional", "analytics", "marketing"].contains(&category) {
                problems.push(format!(
                    "{file}: \"{category}\" is none of the four categories"
                ));
            }
        }
        for cookie in &service.cookies {
            if cookie.purpose.is_none() {
                problems.push(format!("{file}: {} lacks a purpose", cookie.name));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn no_host_belongs_to_two_services() {
    let mut seen: BTreeMap<Box<str>, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for (file, service) in services() {
        for host in &service.hosts {
            let owner = format!("{file}: {}", service.id);
            if let Some(other) = seen.insert(host.clone(), owner.clone()) {
                problems.push(format!("{owner}: host \"{host}\" is also of {other}"));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// A name needs no more than this to be shown wrong: each entry is asked for with names it must match, at a host it
/// is meant for, and has to be the one that answers.
#[test]
fn every_entry_answers_for_the_names_it_describes() {
    let catalog = Catalog::builtin();
    let mut problems = Vec::new();
    for (file, service) in services() {
        for cookie in &service.cookies {
            let host = cookie
                .domains
                .first()
                .map_or("shop.example", |domain| domain);
            for name in samples(cookie) {
                let place = format!("{file}: {} (as {name} at {host})", cookie.name);
                match catalog.lookup(name.as_bytes(), Some(host)) {
                    None => problems.push(format!("{place}: nothing answers")),
                    Some(answer) if answer.service.id != service.id => problems.push(format!(
                        "{place}: {} ({}) of {} answers",
                        answer
                            .cookie
                            .map_or("its host", |cookie| cookie.name.pattern().as_str()),
                        answer.category(),
                        answer.service.id,
                    )),
                    Some(answer) if answer.category() != service.category_of(cookie) => {
                        problems.push(format!("{place}: answered as {}", answer.category()));
                    }
                    Some(_) => {}
                }
            }
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Names that `cookie` describes: its stars filled with the least and the most that they hold.
fn samples(cookie: &CookieFact) -> Vec<String> {
    let filled = |wide: bool| {
        let mut parts = cookie.name.pattern().as_str().split('*');
        let mut name = parts.next().unwrap_or_default().to_owned();
        for (star, part) in cookie.name.stars().zip(parts) {
            name.push_str(&fill(&star.to_string(), wide));
            name.push_str(part);
        }
        name
    };
    let mut names = vec![filled(false), filled(true)];
    names.dedup();
    if let Some((least, most)) = cookie.length {
        names.retain(|name| (least..=most).contains(&name.len()));
        assert!(
            !names.is_empty() || !cookie.name.pattern().is_exact(),
            "{}: its own length does not fit",
            cookie.name
        );
    }
    names
}

/// What a star as written (`hex{32}`, `alnum{6,12}`) can stand for, at its shortest or at its longest.
fn fill(star: &str, wide: bool) -> String {
    let (class, range) = star.split_once('{').unwrap_or((star, ""));
    let unit = match class {
        "uuid" => return "123e4567-e89b-12d3-a456-426614174000".to_owned(),
        "any" | "digits" => "7",
        "hex" => "f",
        _ => "Q",
    };
    let (least, most) = match range.trim_end_matches('}') {
        "" => (usize::from(class != "any"), 9),
        range => {
            let (least, most) = range.split_once(',').unwrap_or((range, range));
            (
                least.parse().expect("a number"),
                most.parse().expect("a number"),
            )
        }
    };
    unit.repeat(if wide { most } else { least })
}
