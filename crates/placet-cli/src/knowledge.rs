//! The catalogue, with the user's own files laid over it.

use std::borrow::Cow;
use std::path::Path;

use placet_catalog::Catalog;
use placet_catalog::import::{
    Import, open_cookie_database_csv, open_cookie_database_json, tcf_device_storage,
};
use serde_json::Value;

use crate::arguments::Knowledge;
use crate::input;
use crate::outcome::{Failure, tell};

/// The built-in catalogue and the files named on the command line.
pub(crate) fn catalog(knowledge: &Knowledge) -> Result<Cow<'static, Catalog>, Failure> {
    let mut catalog = Cow::Borrowed(Catalog::builtin());
    for path in &knowledge.catalog {
        catalog = Cow::Owned(with_file(&catalog, path)?);
    }
    Ok(catalog)
}

/// The form of a file is found out from its name and content.
fn with_file(catalog: &Catalog, path: &Path) -> Result<Catalog, Failure> {
    let name = path.display().to_string();
    let text = input::text(path)?;
    if path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"))
    {
        return imported(catalog, &name, open_cookie_database_csv(&name, &text));
    }
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) if members.contains_key("disclosures") => {
            let vendor = path
                .file_stem()
                .map_or(name.as_str().into(), |s| s.to_string_lossy());
            imported(catalog, &name, tcf_device_storage(&name, &text, &vendor))
        }
        Ok(Value::Object(members))
            if !members.is_empty() && members.values().all(Value::is_array) =>
        {
            imported(catalog, &name, open_cookie_database_json(&name, &text))
        }
        _ => catalog.with_file(&name, &text).map_err(Failure::wrong),
    }
}

fn imported(
    catalog: &Catalog,
    name: &str,
    import: Result<Import, placet_catalog::FileError>,
) -> Result<Catalog, Failure> {
    let import = import.map_err(Failure::wrong)?;
    let skipped = import.skipped.len();
    if skipped > 0 {
        tell(format_args!(
            "placet: {name}: {skipped} entries were left out; the first: {}",
            import
                .skipped
                .first()
                .map(ToString::to_string)
                .unwrap_or_default()
        ));
    }
    Ok(catalog.with_services(name, import.services))
}
