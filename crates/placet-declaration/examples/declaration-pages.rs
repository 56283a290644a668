//! Writes pages with the cookie declaration to files, in every language: what the tests in a browser open, and
//! what one looks at while changing its style.
//!
//! ```text
//! cargo run -p placet-declaration --example declaration-pages -- FOLDER
//! ```

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use placet::Policy;
use placet_declaration::{Declaration, Look, SCRIPT, SCRIPT_NAME, STYLESHEET, STYLESHEET_NAME};
use placet_texts::Language;

const POLICY: &str = include_str!("../../../examples/shop/placet.json");

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or("found no folder, expected: declaration-pages FOLDER")?;
    fs::create_dir_all(&folder)?;
    let policy = Policy::from_json("placet.json", POLICY)?;
    let look = Look {
        preferences: Some("/.placet/preferences"),
        ..Look::default()
    };
    for language in Language::all() {
        let declaration = Declaration::new(&policy, language).made("2026-11-27T00:00:00Z".parse()?);
        let (tag, direction) = (&declaration.language, &declaration.direction);
        let page = format!(
            r#"<!doctype html>
<html lang="{tag}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{}</title>
<link rel="stylesheet" href="page.css">
<link rel="stylesheet" href="{STYLESHEET_NAME}">
</head>
<body>
<main>
<h1>www.shop.example</h1>
{}</main>
</body>
</html>
"#,
            declaration.title,
            declaration.html(&look)
        );
        fs::write(folder.join(format!("{tag}.html")), page)?;
        fs::write(
            folder.join(format!("{tag}.md")),
            declaration.markdown(&look),
        )?;
    }
    // The ground of the site around it.
    let page = ":root { color-scheme: light dark } body { margin: 1rem; font-family: system-ui, sans-serif; overflow-wrap: anywhere }\n";
    fs::write(folder.join("page.css"), page)?;
    fs::write(folder.join(STYLESHEET_NAME), STYLESHEET)?;
    fs::write(folder.join(SCRIPT_NAME), SCRIPT)?;
    Ok(())
}
