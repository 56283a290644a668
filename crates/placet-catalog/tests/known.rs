//! Cookies that real sites carry, each with the service it must be known as and what it is for.

use placet_catalog::{Catalog, Certainty, Source};

#[rustfmt::skip]
const KNOWN: &[(&str, &str, &str, &str)] = &[
    ("_ga", "shop.example", "google-analytics", "analytics"),
    ("_ga_8J2K9PQLMN", "shop.example", "google-analytics", "analytics"),
    ("_gat_UA-12345-1", "shop.example", "google-analytics", "analytics"),
    ("_dc_gtm_UA-12345-1", "shop.example", "google-analytics", "analytics"),
    ("_gcl_au", "shop.example", "google-ads", "marketing"),
    ("_gac_UA-12345-1", "shop.example", "google-ads", "marketing"),
    ("IDE", ".doubleclick.net", "google-doubleclick", "marketing"),
    ("__gads", "shop.example", "google-adsense", "marketing"),
    ("VISITOR_INFO1_LIVE", ".youtube.com", "youtube", "marketing"),
    ("_GRECAPTCHA", "www.google.com", "google-recaptcha", "functional"),
    ("_fbp", "shop.example", "meta-pixel", "marketing"),
    ("_fbc", "shop.example", "meta-pixel", "marketing"),
    ("fr", ".facebook.com", "meta-pixel", "marketing"),
    ("_ttp", "shop.example", "tiktok-pixel", "marketing"),
    ("bcookie", ".linkedin.com", "linkedin", "marketing"),
    ("li_gc", ".linkedin.com", "linkedin", "necessary"),
    ("AnalyticsSyncHistory", ".linkedin.com", "linkedin", "marketing"),
    ("li_fat_id", "shop.example", "linkedin", "marketing"),
    ("muc_ads", ".twitter.com", "x", "marketing"),
    ("personalization_id", ".twitter.com", "x", "marketing"),
    ("_pin_unauth", "shop.example", "pinterest", "marketing"),
    ("_pinterest_ct_ua", ".pinterest.com", "pinterest", "marketing"),
    ("_scid", "shop.example", "snap-pixel", "marketing"),
    ("_rdt_uuid", "shop.example", "reddit", "marketing"),
    ("_uetsid", "shop.example", "microsoft-advertising", "marketing"),
    ("MUID", ".bing.com", "microsoft-advertising", "marketing"),
    ("_clck", "shop.example", "microsoft-clarity", "analytics"),
    ("_hjSessionUser_2731845", "shop.example", "hotjar", "analytics"),
    ("_pk_id.1.1fff", "shop.example", "matomo", "analytics"),
    ("_pk_ses.12.abcd", "shop.example", "matomo", "analytics"),
    ("MATOMO_SESSID", "stats.shop.example", "matomo", "necessary"),
    ("stg_last_interaction", "shop.example", "piwik-pro", "analytics"),
    ("_pk_id.3b2f1e0a-1234-4abc-9def-0123456789ab.1fff", "shop.example", "piwik-pro", "analytics"),
    ("AMCV_3C155B5B54E781000A4C98A2%40AdobeOrg", "shop.example", "adobe-experience-cloud-id", "analytics"),
    ("s_vi", "shop.example", "adobe-analytics", "analytics"),
    ("mbox", "shop.example", "adobe-target", "marketing"),
    ("demdex", ".demdex.net", "adobe-audience-manager", "marketing"),
    ("hubspotutk", "shop.example", "hubspot", "marketing"),
    ("__hstc", "shop.example", "hubspot", "analytics"),
    ("__hs_opt_out", "shop.example", "hubspot", "necessary"),
    ("BrowserId", ".salesforce.com", "salesforce", "necessary"),
    ("visitor_id123456", "pi.pardot.com", "pardot", "marketing"),
    ("pardot", "pi.pardot.com", "pardot", "marketing"),
    ("_mkto_trk", "shop.example", "marketo", "marketing"),
    ("intercom-id-k3qwe0zs", "shop.example", "intercom", "functional"),
    ("intercom-session-k3qwe0zs", "shop.example", "intercom", "functional"),
    ("__zlcmid", "shop.example", "zendesk", "functional"),
    ("ajs_anonymous_id", "shop.example", "segment", "analytics"),
    ("mp_0123456789abcdef0123456789abcdef_mixpanel", "shop.example", "mixpanel", "analytics"),
    ("amplitude_id_0123456789abcdef0123456789abcdefshop.example", "shop.example", "amplitude", "analytics"),
    ("AMP_0123456789", "shop.example", "amplitude", "analytics"),
    ("_hp2_id.1234567890", "shop.example", "heap", "analytics"),
    ("fs_uid", "shop.example", "fullstory", "analytics"),
    ("optimizelyEndUserId", "shop.example", "optimizely", "analytics"),
    ("_vwo_uuid_v2", "shop.example", "vwo", "analytics"),
    ("_vis_opt_exp_12_combi", "shop.example", "vwo", "analytics"),
    ("cto_bundle", "shop.example", "criteo", "marketing"),
    ("uid", ".criteo.com", "criteo", "marketing"),
    ("t_gid", ".taboola.com", "taboola", "marketing"),
    ("obuid", ".outbrain.com", "outbrain", "marketing"),
    ("uuid2", ".adnxs.com", "xandr", "marketing"),
    ("anj", ".adnxs.com", "xandr", "marketing"),
    ("TDID", ".adsrvr.org", "the-trade-desk", "marketing"),
    ("TDCPM", ".adsrvr.org", "the-trade-desk", "marketing"),
    ("_ym_uid", "shop.example", "yandex-metrica", "analytics"),
    ("yandexuid", ".yandex.ru", "yandex", "marketing"),
    ("BAIDUID", ".baidu.com", "baidu", "marketing"),
    ("Hm_lvt_0123456789abcdef0123456789abcdef", "shop.example", "baidu-tongji", "analytics"),
    ("__cf_bm", "shop.example", "cloudflare", "necessary"),
    ("cf_clearance", "shop.example", "cloudflare", "necessary"),
    ("_cfuvid", "shop.example", "cloudflare", "necessary"),
    ("ak_bmsc", "shop.example", "akamai", "necessary"),
    ("bm_sv", "shop.example", "akamai", "necessary"),
    ("_abck", "shop.example", "akamai", "necessary"),
    ("visid_incap_1234567", "shop.example", "imperva", "necessary"),
    ("incap_ses_123_1234567", "shop.example", "imperva", "necessary"),
    ("nlbi_1234567", "shop.example", "imperva", "necessary"),
    ("AWSALB", "shop.example", "aws-elastic-load-balancing", "necessary"),
    ("AWSALBCORS", "shop.example", "aws-elastic-load-balancing", "necessary"),
    ("AWSELB", "shop.example", "aws-elastic-load-balancing", "necessary"),
    ("__stripe_mid", "shop.example", "stripe", "necessary"),
    ("m", "m.stripe.com", "stripe", "necessary"),
    ("ts_c", ".paypal.com", "paypal", "necessary"),
    ("LANG", ".paypal.com", "paypal", "functional"),
    ("_shopify_y", "shop.example", "shopify", "analytics"),
    ("_shopify_s", "shop.example", "shopify", "analytics"),
    ("cart_sig", "shop.example", "shopify", "necessary"),
    ("woocommerce_cart_hash", "shop.example", "woocommerce", "necessary"),
    ("wp_woocommerce_session_0123456789abcdef0123456789abcdef", "shop.example", "woocommerce", "necessary"),
    ("wordpress_logged_in_0123456789abcdef0123456789abcdef", "blog.example", "wordpress", "necessary"),
    ("wp-settings-1", "blog.example", "wordpress", "functional"),
    ("wordpress_test_cookie", "blog.example", "wordpress", "necessary"),
    ("comment_author_0123456789abcdef0123456789abcdef", "blog.example", "wordpress", "functional"),
    ("disqus_unique", ".disqus.com", "disqus", "analytics"),
    ("__atuvc", "shop.example", "addthis", "marketing"),
    ("vuid", ".vimeo.com", "vimeo", "analytics"),
    ("player", ".vimeo.com", "vimeo", "functional"),
    ("PHPSESSID", "shop.example", "php", "necessary"),
    ("JSESSIONID", "shop.example", "java-servlet", "necessary"),
    ("ASP.NET_SessionId", "shop.example", "asp-net", "necessary"),
    (".AspNetCore.Antiforgery.w5W7x28NAIs", "shop.example", "asp-net-core", "necessary"),
    ("ASPSESSIONIDABCDEFGH", "shop.example", "classic-asp", "necessary"),
    ("connect.sid", "shop.example", "node-express", "necessary"),
    ("laravel_session", "shop.example", "laravel", "necessary"),
    ("XSRF-TOKEN", "shop.example", "request-forgery-tokens", "necessary"),
    ("csrftoken", "shop.example", "django", "necessary"),
    ("sessionid", "shop.example", "django", "necessary"),
    ("_rails_session", "shop.example", "rails", "necessary"),
    ("__Host-next-auth.csrf-token", "shop.example", "auth-js", "necessary"),
    ("CFID", "shop.example", "coldfusion", "necessary"),
    ("SSESS0123456789abcdef0123456789abcdef", "shop.example", "drupal", "necessary"),
    ("frontend", "shop.example", "magento", "necessary"),
    ("OptanonConsent", "shop.example", "onetrust", "necessary"),
    ("OptanonAlertBoxClosed", "shop.example", "onetrust", "necessary"),
    ("CookieConsent", "shop.example", "cookiebot", "necessary"),
    ("cookielawinfo-checkbox-necessary", "shop.example", "webtoffee-gdpr", "necessary"),
    ("cookieyes-consent", "shop.example", "cookieyes", "necessary"),
    ("didomi_token", "shop.example", "didomi", "necessary"),
    ("euconsent-v2", "shop.example", "iab-consent-strings", "necessary"),
    ("usprivacy", "shop.example", "iab-consent-strings", "necessary"),
    ("borlabs-cookie", "shop.example", "borlabs-cookie", "necessary"),
    ("cmplz_marketing", "shop.example", "complianz", "necessary"),
    ("cc_cookie", "shop.example", "cookieconsent", "necessary"),
    ("klaro", "shop.example", "klaro", "necessary"),
    ("tarteaucitron", "shop.example", "tarteaucitron", "necessary"),
    ("CONSENTMGR", "shop.example", "tealium-consent", "necessary"),
    ("notice_gdpr_prefs", "shop.example", "trustarc", "necessary"),
    ("axeptio_cookies", "shop.example", "axeptio", "necessary"),
    ("CookieScriptConsent", "shop.example", "cookie-script", "necessary"),
    ("FCCDCF", "shop.example", "google-funding-choices", "necessary"),
    ("_iub_cs-12345678", "shop.example", "iubenda", "necessary"),
    ("_evidon_consent_cookie", "shop.example", "evidon", "necessary"),
    ("osano_consentmanager", "shop.example", "osano", "necessary"),
];

#[test]
fn the_cookies_of_real_sites_are_known_by_hand_checked_entries() {
    let catalog = Catalog::builtin();
    let mut problems = Vec::new();
    for &(name, host, service, category) in KNOWN {
        match catalog.lookup(name.as_bytes(), Some(host)) {
            Some(answer)
                if &*answer.service.id == service
                    && answer.category() == category
                    && answer.source == Source::Curated
                    && answer.certainty >= Certainty::Likely => {}
            Some(answer) => problems.push(format!(
                "{name} at {host}: {} of {} ({}, {}), expected {category} of {service}",
                answer.category(),
                answer.service.id,
                answer.source,
                answer.certainty
            )),
            None => problems.push(format!("{name} at {host}: unknown, expected {service}")),
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn names_with_a_middle_do_not_match_what_only_looks_like_them() {
    let catalog = Catalog::builtin();
    for (name, service) in [
        ("mp_0123_mixpanel", "mixpanel"),
        ("_ga_", "google-analytics"),
        ("_hjSession_abc", "hotjar"),
        ("Hm_lvt_xyz", "baidu-tongji"),
        ("visitor_id", "pardot"),
    ] {
        let answer = catalog.lookup(name.as_bytes(), Some("shop.example"));
        let by_hand = answer.filter(|answer| answer.source == Source::Curated);
        assert!(
            by_hand.is_none_or(|answer| &*answer.service.id != service),
            "{name} is taken for {service}"
        );
    }
}
