//! Ten cookies of a page looked up in the catalogue: exact names, names with stars, names of lists, hosts, unknowns.

use std::collections::HashMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use placet_catalog::Catalog;

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

fn catalog(criterion: &mut Criterion) {
    let catalog = Catalog::builtin();
    let exact: HashMap<&[u8], usize> = COOKIES
        .iter()
        .enumerate()
        .map(|(at, (name, _))| (name.as_bytes(), at))
        .collect();
    let mut group = criterion.benchmark_group("catalog_lookup");
    group.throughput(Throughput::Elements(COOKIES.len() as u64));
    group.bench_function("placet", |bencher| {
        bencher.iter(|| {
            let found = COOKIES.iter().filter(|(name, host)| {
                catalog
                    .lookup(black_box(name.as_bytes()), Some(black_box(host)))
                    .is_some()
            });
            found.count()
        });
    });
    group.bench_function("floor: one hash map of exact names", |bencher| {
        bencher.iter(|| {
            let found = COOKIES
                .iter()
                .filter(|(name, _)| exact.contains_key(black_box(name.as_bytes())));
            found.count()
        });
    });
    group.finish();
}

criterion_group!(benches, catalog);
criterion_main!(benches);
