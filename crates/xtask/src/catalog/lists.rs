//! The public lists of `placet-catalog`: facts in the form of its own files, one service a line, no descriptions.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::Path;

use placet_catalog::CookieFact;
use placet_catalog::import::{id_of, open_cookie_database_json};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::package::{OPEN_COOKIE_DATABASE, Package, Scratch, THIRD_PARTY_WEB};

const FOLDER: &str = "crates/placet-catalog/data/lists";

/// Fetches both sources and writes both tables.
pub(super) fn write(root: &Path) -> Result<(), String> {
    let scratch = Scratch::new()?;

    let text = OPEN_COOKIE_DATABASE.read(scratch.path(), "dist/data/open-cookie-database.json")?;
    let import = open_cookie_database_json("open-cookie-database.json", &text)
        .map_err(|error| error.to_string())?;
    for problem in &import.skipped {
        println!("left out: {problem}");
    }
    let services = import.services.iter().map(|service| {
        let cookies: Vec<Value> = service.cookies.iter().map(facts).collect();
        let mut line = heading(
            &service.id,
            &service.name,
            &service.vendor,
            &service.category,
        );
        line.insert("hosts".into(), json!(service.hosts));
        line.insert("cookies".into(), cookies.into());
        line
    });
    write_list(
        root,
        "open-cookie-database.json",
        &format!(
            "Open Cookie Database, Apache-2.0, as shipped in {}, changed: facts only",
            named(&OPEN_COOKIE_DATABASE)
        ),
        services.collect(),
    )?;

    let services = third_party_web(scratch.path())?.into_iter().map(|entity| {
        let vendor = entity.company.as_deref().unwrap_or(&entity.name);
        let category = entity.our_category();
        let mut line = heading(&id_of(&entity.name), &entity.name, vendor, category);
        line.insert("hosts".into(), entity.hosts().collect());
        line
    });
    write_list(
        root,
        "third-party-web.json",
        &format!("{}, MIT, changed: facts only", named(&THIRD_PARTY_WEB)),
        services.collect(),
    )
}

fn heading(id: &str, name: &str, vendor: &str, category: &str) -> Map<String, Value> {
    let fields = [
        ("id", id),
        ("name", name),
        ("vendor", vendor),
        ("category", category),
    ];
    let field = |(key, text): (&str, &str)| {
        let words: Vec<&str> = text.split_whitespace().collect();
        (key.to_owned(), words.join(" ").into())
    };
    fields.into_iter().map(field).collect()
}

/// One cookie of a list, without its description.
fn facts(cookie: &CookieFact) -> Value {
    let mut facts = Map::new();
    facts.insert("name".into(), json!(cookie.name.pattern().as_str()));
    if !cookie.domains.is_empty() {
        facts.insert("domains".into(), json!(cookie.domains));
    }
    if let Some(lifetime) = cookie.lifetime {
        facts.insert("lifetime".into(), json!(lifetime.to_string()));
    }
    if let Some(category) = &cookie.category {
        facts.insert("category".into(), json!(category));
    }
    facts.into()
}

/// One company's hosts, as third-party-web lists them.
#[derive(Deserialize)]
pub(super) struct Entity {
    name: String,
    company: Option<String>,
    category: String,
    domains: Vec<String>,
}

impl Entity {
    /// Its kind as a category. Only advertising, social networks and measurement are what their hosts' cookies are for;
    /// of all others (video, chat, hosting, fonts) the list knows whose they are, and `functional` claims least.
    pub(super) fn our_category(&self) -> &'static str {
        match self.category.as_str() {
            "ad" | "marketing" | "social" => "marketing",
            "analytics" => "analytics",
            "consent-provider" => "necessary",
            _ => "functional",
        }
    }

    /// Its domains in lower case; a subdomain belongs to its domain whether the list says so with a `*.` or not.
    pub(super) fn hosts(&self) -> impl Iterator<Item = String> {
        let bare = |host: &String| host.strip_prefix("*.").unwrap_or(host).to_lowercase();
        self.domains.iter().map(bare)
    }
}

/// All that third-party-web lists.
pub(super) fn third_party_web(folder: &Path) -> Result<Vec<Entity>, String> {
    let text = THIRD_PARTY_WEB.read(folder, "dist/entities-nostats.json")?;
    serde_json::from_str(&text)
        .map_err(|error| format!("entities-nostats.json is of another form: {error}"))
}

fn named(package: &Package) -> String {
    format!("npm {} {}", package.name, package.version)
}

/// Writes one service a line, in the order of their ids; of two with the same id the hosts and cookies are joined.
fn write_list(
    root: &Path,
    file: &str,
    source: &str,
    services: Vec<Map<String, Value>>,
) -> Result<(), String> {
    let mut by_id: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for service in services {
        let id = service
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        match by_id.entry(id) {
            Entry::Vacant(place) => {
                place.insert(service);
            }
            Entry::Occupied(mut place) => {
                for (key, value) in service {
                    if let (Some(Value::Array(all)), Value::Array(more)) =
                        (place.get_mut().get_mut(&key), value)
                    {
                        all.extend(more);
                    }
                }
            }
        }
    }
    let lines: Vec<String> = by_id
        .into_values()
        .map(|service| Value::from(service).to_string())
        .collect();
    let text = format!(
        "{{\"source\": {}, \"services\": [\n{}\n]}}\n",
        json!(format!(
            "{source}; made by `cargo xtask catalog`, see NOTICE"
        )),
        lines.join(",\n")
    );
    let path = root.join(FOLDER).join(file);
    fs::write(&path, &text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    println!(
        "{FOLDER}/{file}: {} services, {} bytes",
        lines.len(),
        text.len()
    );
    Ok(())
}
