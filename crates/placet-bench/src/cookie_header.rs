//! The request a busy site gets: 25 cookies in one line, of which 8 are its own, under a policy of
//! 40 services with 80 names and 17 wildcards.

use std::hint::black_box;

use cookie::Cookie;
use memchr::memchr;
use placet::cookie_header::FilteredCookies;
use placet::{
    Choice, ChoiceId, Circumstances, CookieDocument, How, Judge, Policy, PolicyDocument,
    ServiceDocument, Signals, Standing, Timestamp,
};

use crate::Case;

/// 8 cookies of the site and 17 of analytics and marketing services, as a browser sends them.
pub const LINE: &str = "\
session_id=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMDI5Mzg0NzU2IiwiaWF0IjoxNzMyMjYzMTIwLCJleHAiOjE3MzIzNDk1MjB9.Zk3vQ8x1LrT6yWm0bHcN5aJdUeG2oP9sKfXiR7tVqYM; \
_ga=GA1.1.1846203957.1731946512; \
csrf_token=IjQ0YzE5ZDhmNmE2YjQyZTk4ZGE3NmYwYjM1OTEiLCJuIjoiN2YxYzBlOWQ4YjdhIg.ZzvQ2A.x8u0Qd3mJt1rYkLwPz5sHb7nGc2v; \
_ga_7QX2R9KL4M=GS1.1.1732263120.14.1.1732263877.60.0.0; \
_gid=GA1.1.905317264.1732263121; \
lang=de-AT; \
_fbp=fb.1.1731946513021.528174963018274650; \
_fbc=fb.1.1732001234567.IwAR2x7PqVbN9mKcT4hYwLz0sDfGjE3rUaXoQ8iB5tWnMvCyZkHlSpOeJu6F1; \
_gcl_au=1.1.1297405386.1731946512.1580436127.1732263120.1732263877; \
theme=dark; \
_hjSessionUser_2871934=eyJpZCI6IjVhNmI3YzhkLTllMGYtNWExYi04YzJkLTNlNGY1YTZiN2M4ZCIsImNyZWF0ZWQiOjE3MzE5NDY1MTIwMDQsImV4aXN0aW5nIjp0cnVlfQ; \
_hjSession_2871934=eyJpZCI6ImQ5Y2I4YTdmLTZlNWQtNGMzYi1hMjkxLTgwN2Y2ZTVkNGMzYiIsImMiOjE3MzIyNjMxMjF9; \
cart=01JD9X4T7N2Q8V5B3M6K0R1ZWF.2x4711-L.1x0815-M.3x1234.1x9876-XL; \
_uetsid=4f8c2a90a8b811efb5d36f1e7c0a9d42%7C1x3k9fz%7C2%7Cfr1%7C0%7C1782; \
_uetvid=1b7e5d40a2c611ef8f0c9b3a6d2e4f18; \
_clck=1k3x9fz%7C2%7Cfr1%7C0%7C1782; \
_clsk=qz81m4%7C1732263122845%7C3%7C1%7Cv.clarity.ms%2Fcollect; \
device_id=7c9e6679-7425-40de-944b-e07fc1f90ae7; \
_tt_enable_cookie=1; \
_ttp=01JD1B7K3M5N8P2Q4R6S9T0V1W_.tt.1.84f1c07e6b; \
_pin_unauth=dWlkPU1qYzFZVEUyWkRVdE1HSTJaUzAwTVdZeExXSXhZbVF0TkRFd01ESm1ZbVk1TmpVNQ; \
__hstc=151889230.6d1b4a7c9e2f8035b4d6a1c3e5f70928.1731946515372.1732177021950.1732263123417.9; \
hubspotutk=6d1b4a7c9e2f8035b4d6a1c3e5f70928; \
consent=v1.1732263119.3f.a9c4e1d27b58.r4; \
returning=1";

/// Names and patterns, one service a line; the first ten services are the site's own.
pub(crate) const SERVICES: [&str; 40] = [
    "session_id csrf_token",
    "lang locale",
    "theme",
    "cart cart_token checkout",
    "device_id",
    "consent",
    "returning",
    "wishlist recently_viewed",
    "remember_me",
    "currency",
    "_ga _gid _ga_* _gat _gat_*",
    "__utma __utmb __utmc __utmz __utmt",
    "_gcl_au _gcl_aw _gcl_dc _gac_*",
    "_fbp _fbc",
    "_hjSessionUser_* _hjSession_* _hjid _hjFirstSeen _hjAbsoluteSessionInProgress",
    "_uetsid _uetvid MUID",
    "_clck _clsk CLID",
    "_tt_enable_cookie _ttp",
    "_pin_unauth _pinterest_ct_ua _derived_epik",
    "__hstc hubspotutk __hssc __hssrc",
    "_pk_id.* _pk_ses.* _pk_ref.* mtm_consent",
    "AMCV_* AMCVS_* s_cc s_sq s_vi mbox",
    "mp_*_mixpanel",
    "amplitude_id* AMP_*",
    "optimizelyEndUserId optimizelySession",
    "_vwo_uuid _vwo_ds _vis_opt_s _vis_opt_test_cookie",
    "ajs_user_id ajs_anonymous_id",
    "intercom-id-* intercom-session-* intercom-device-id-*",
    "__kla_id",
    "_scid _sctr",
    "_rdt_uuid",
    "li_fat_id AnalyticsSyncHistory",
    "_ym_uid _ym_d _ym_isad",
    "cto_bundle cto_bidid",
    "t_gid taboola_usg",
    "_hp2_id.* _hp2_props",
    "fs_uid fs_lua",
    "personalization_id guest_id muc_ads",
    "_mkto_trk",
    "__qca",
];

/// What is measured, by group: judging a line of which all stays, and one of which 17 pairs go.
///
/// The floor and the peers are the same in both: they read the line and judge nothing.
pub fn cases() -> Vec<Case> {
    [
        ("cookie_header_unchanged", Visit::all_granted()),
        ("cookie_header_17_of_25_dropped", Visit::all_refused()),
    ]
    .into_iter()
    .flat_map(|(group, visit)| {
        [
            Case::new(group, "placet", move || left(visit.filter())),
            Case::new(group, "floor: memchr", || split_by_hand() as u64),
            Case::new(group, "cookie::Cookie::split_parse", || {
                split_with_cookie_crate() as u64
            }),
            Case::new(group, "cookie::Cookie::split_parse_encoded", || {
                split_with_cookie_crate_decoded() as u64
            }),
        ]
    })
    .map(|case| case.reading(LINE.len()))
    .collect()
}

/// A policy of those services with what the visitor chose, all in one.
#[derive(Debug)]
struct Visit {
    policy: Policy,
    standing: Standing,
}

impl Visit {
    /// The visitor granted everything.
    fn all_granted() -> Self {
        Self::chosen(true)
    }

    /// The visitor refused everything: 17 of the 25 cookies are somebody else's.
    fn all_refused() -> Self {
        Self::chosen(false)
    }

    fn chosen(grant: bool) -> Self {
        let policy = policy();
        let now = Timestamp::UNIX_EPOCH;
        let mut choice = Choice::new(
            ChoiceId::from_bytes([0; 16]),
            now,
            policy.revision(),
            How::Banner,
            Signals::default(),
        );
        for category in policy.optional_categories() {
            choice = if grant {
                choice.grant(category.id())
            } else {
                choice.refuse(category.id())
            };
        }
        let standing = policy.standing(&Circumstances {
            choice: Some(choice),
            signals: Signals::default(),
            region: None,
            now,
        });
        Self { policy, standing }
    }

    /// Ours: judges every cookie and leaves out what is refused.
    fn filter(&self) -> FilteredCookies {
        Judge::new(&self.policy, &self.standing).filter(black_box(LINE.as_bytes()))
    }
}

/// How many of the services are the site's own.
pub(crate) const OWN_SERVICES: usize = 10;

/// The site's own services are necessary, the others divided between analytics and marketing.
pub fn policy() -> Policy {
    let services = SERVICES.iter().enumerate().map(|(number, names)| {
        let cookies = names.split(' ').map(|name| CookieDocument {
            name: name.to_owned(),
            ..CookieDocument::default()
        });
        ServiceDocument {
            id: format!("service-{number}"),
            category: match number {
                0..OWN_SERVICES => "necessary",
                OWN_SERVICES..25 => "analytics",
                _ => "marketing",
            }
            .to_owned(),
            cookies: cookies.collect(),
            ..ServiceDocument::default()
        }
    });
    let document = PolicyDocument {
        revision: 1,
        services: services.collect(),
        ..PolicyDocument::default()
    };
    let written = serde_json::to_string(&document).unwrap_or_default();
    Policy::from_json("placet.json", &written).unwrap_or_else(|error| panic!("{error}"))
}

fn left(filtered: FilteredCookies) -> u64 {
    match filtered {
        FilteredCookies::Unchanged => 0,
        FilteredCookies::Changed(bytes) => black_box(bytes).len() as u64,
        FilteredCookies::Empty => 1,
    }
}

/// The floor: finds the names and values with two searches a cookie.
fn split_by_hand() -> usize {
    let mut pairs = 0;
    let mut rest = black_box(LINE.as_bytes());
    loop {
        let end = memchr(b';', rest).unwrap_or(rest.len());
        let (pair, after) = rest.split_at(end);
        let pair = pair.strip_prefix(b" ").unwrap_or(pair);
        if let Some(equals) = memchr(b'=', pair) {
            black_box(pair.split_at(equals));
            pairs += 1;
        }
        match after.split_first() {
            Some((_, after)) => rest = after,
            None => return pairs,
        }
    }
}

/// The peer: the `cookie` crate.
fn split_with_cookie_crate() -> usize {
    Cookie::split_parse(black_box(LINE))
        .filter(|cookie| black_box(cookie).is_ok())
        .count()
}

/// The peer, decoding percent-encoded names and values as well.
fn split_with_cookie_crate_decoded() -> usize {
    Cookie::split_parse_encoded(black_box(LINE))
        .filter(|cookie| black_box(cookie).is_ok())
        .count()
}

#[cfg(test)]
mod tests {
    use placet::cookie_header::CookieLine;

    use super::*;

    #[test]
    fn the_line_is_what_the_tables_say() {
        assert_eq!(split_by_hand(), 25);
        assert_eq!(split_with_cookie_crate(), 25);
        assert_eq!(split_with_cookie_crate_decoded(), 25);
        assert!((1500..1700).contains(&LINE.len()), "{}", LINE.len());
        let names: Vec<&str> = SERVICES.iter().flat_map(|s| s.split(' ')).collect();
        let wildcards = names.iter().filter(|name| name.contains('*')).count();
        assert_eq!((names.len() - wildcards, wildcards), (80, 17));
    }

    #[test]
    fn the_judge_keeps_all_or_drops_seventeen() {
        assert_eq!(Visit::all_granted().filter(), FilteredCookies::Unchanged);
        match Visit::all_refused().filter() {
            FilteredCookies::Changed(kept) => assert_eq!(CookieLine::new(&kept).pairs().count(), 8),
            other => panic!("{other:?}"),
        }
    }
}
