//! Why something was decided. Reports, debug headers, the console and the ledger all print these.

use crate::coded::coded;

coded! {
    /// Why a category stands as it does, or why a cookie, a storage key or an address was kept,
    /// dropped or expired.
    pub enum Reason {
        /// The category is required.
        Necessary = "necessary", "its category is necessary";
        /// Global Privacy Control refuses the category.
        Gpc = "gpc", "Global Privacy Control refuses its category";
        /// Do Not Track refuses the category.
        Dnt = "dnt", "Do Not Track refuses its category";
        /// The visitor said so.
        Chosen = "chosen", "the visitor chose so";
        /// The visitor once chose, but that choice no longer counts as made.
        Stale = "stale", "the choice has expired or was made under an earlier revision";
        /// Nothing was said; the regime of the region decides.
        Regime = "regime", "nothing was chosen, and so the regime of the region holds";
        /// No service of the policy declares it.
        Undeclared = "undeclared", "no service of the policy declares it";
        /// A cookie without a name cannot be declared.
        Nameless = "nameless", "it has no name, and so no service can declare it";
        /// It is the cookie that remembers the choice.
        ConsentCookie = "consent-cookie", "it remembers the choice itself";
        /// The application marked it as essential for this response.
        Essential = "essential", "the application marked it as essential for this response";
        /// It removes a cookie, which never needs consent.
        Deletion = "deletion", "it removes a cookie";
    }
}
