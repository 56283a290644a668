//! Ten cookies of a page looked up in the catalogue: exact names, names with stars, names of lists, hosts, unknowns.

use std::collections::HashMap;
use std::hint::black_box;

use placet_catalog::Catalog;

use crate::Case;

const COOKIES: [(&str, &str); 10] = [
    ("_ga", "shop.example"),
    ("_ga_8J2K9PQLMN", "shop.example"),
    ("_pk_id.1.1fff", "shop.example"),
    (
        "mp_0123456789abcdef0123456789abcdef_mixpanel",
        "shop.example",
    ),
    ("PHPSESSID", "shop.example"),
    ("IDE", ".doubleclick.net"),
    ("uuid2", ".adnxs.com"),
    (
        "wordpress_logged_in_0123456789abcdef0123456789abcdef",
        "blog.example",
    ),
    ("unheard_of_by_anyone", "shop.example"),
    ("unheard_of_too", "x.y.z.taboola.com"),
];

/// What is measured: all of the catalogue, and the least that finds a name.
pub fn cases() -> Vec<Case> {
    let catalog = Catalog::builtin();
    let names = COOKIES.iter().map(|(name, _)| name.as_bytes());
    let exact: HashMap<&[u8], usize> = names.zip(0..).collect();
    vec![
        Case::new("catalog_lookup", "placet", move || {
            let found = COOKIES.iter().filter(|(name, host)| {
                let name = black_box(name.as_bytes());
                catalog.lookup(name, Some(black_box(host))).is_some()
            });
            found.count() as u64
        }),
        Case::new(
            "catalog_lookup",
            "floor: one hash map of exact names",
            move || {
                let names = COOKIES.iter().map(|(name, _)| black_box(name.as_bytes()));
                names.filter(|name| exact.contains_key(name)).count() as u64
            },
        ),
    ]
}
