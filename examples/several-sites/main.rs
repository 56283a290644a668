//! One server for a shop and a blog, each with a policy of its own that can be edited while it runs.
//!
//! ```text
//! cp -r examples/several-sites /tmp/policies
//! cargo run -p placet-examples --bin several-sites -- 127.0.0.1:3000 /tmp/policies
//! curl -s -H 'Host: shop.example' -b 'basket=1; draft=2' http://127.0.0.1:3000/   # the basket
//! curl -s -H 'Host: blog.example' -b 'basket=1; draft=2' http://127.0.0.1:3000/   # the draft
//! $EDITOR /tmp/policies/blog.json                           # in use within a second
//! ```
//!
//! A file that is no policy changes nothing, and the server says what is wrong with it.

#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::http::header::{CONTENT_TYPE, COOKIE, HeaderMap};
use axum::response::IntoResponse;
use placet::Policy;
use placet_tower::{ConsentLayer, LivePolicy, Sites, Standing};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next();
    let address = address.as_deref().unwrap_or("127.0.0.1:3000");
    let folder = arguments.next();
    let folder = folder.unwrap_or_else(|| "examples/several-sites".to_owned());
    let shop = Watched::open(Path::new(&folder).join("shop.json"))?;
    let blog = Watched::open(Path::new(&folder).join("blog.json"))?;
    // Hosts that neither policy names stand under the shop's.
    let sites = Sites::new(shop.policy.clone()).and(blog.policy.clone());
    thread::spawn(move || watch([shop, blog]));
    let both = Router::new()
        .fallback(cookies)
        .layer(ConsentLayer::new(sites));
    let listener = TcpListener::bind(address).await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    axum::serve(listener, both).await?;
    Ok(())
}

/// A policy in use, and the file that it came from.
struct Watched {
    file: PathBuf,
    policy: LivePolicy,
    /// When the file was changed last.
    changed: Option<SystemTime>,
}

impl Watched {
    fn open(file: PathBuf) -> Result<Self, Box<dyn Error>> {
        let changed = changed(&file);
        let text = fs::read_to_string(&file)?;
        let policy = Policy::from_json(&file.display().to_string(), &text)?;
        Ok(Self {
            file,
            policy: LivePolicy::new(policy),
            changed,
        })
    }
}

/// Looks every second which files have changed, and uses what they say from then on.
fn watch(mut sites: [Watched; 2]) {
    loop {
        thread::sleep(Duration::from_secs(1));
        for site in &mut sites {
            let changed = changed(&site.file);
            if changed == site.changed {
                continue;
            }
            site.changed = changed;
            let said = match site.policy.reload(&site.file) {
                Ok(()) => format!("{} is in use", site.file.display()),
                Err(error) => error.to_string(),
            };
            // Nobody has to read it.
            _ = writeln!(io::stderr(), "{said}");
        }
    }
}

/// `None` while there is no file, as between two steps of an editor.
fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|about| about.modified()).ok()
}

/// Tells which site this is, by its policy, and which cookies reached it.
async fn cookies(standing: Standing, headers: HeaderMap) -> impl IntoResponse {
    let site = standing.policy().hosts().first();
    let mut page = format!("{}: ", site.map_or("no host", String::as_str)).into_bytes();
    for line in headers.get_all(COOKIE) {
        page.extend_from_slice(line.as_bytes());
    }
    page.push(b'\n');
    ([(CONTENT_TYPE, "text/plain")], page)
}
