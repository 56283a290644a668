//! Whether a `Set-Cookie` line passes, without the reason, which is most of the work of
//! [`Judge::set_cookie_line`].

use crate::category::CategorySet;
use crate::cookie_header::plain_pair;
use crate::set_cookie::removes;
use crate::timestamp::Timestamp;

use super::Judge;

impl Judge<'_> {
    /// Whether [`Judge::set_cookie_line`] keeps a line, and the categories on which that depended.
    ///
    /// ```
    /// use placet::{Circumstances, Judge, Policy, Signals, StandardCategory, Timestamp};
    ///
    /// let policy = Policy::from_json("placet.json", r#"{ "revision": 1, "services": [
    ///     { "id": "matomo", "category": "analytics", "cookies": [{ "name": "_pk_id" }] }
    /// ] }"#)?;
    /// let now = Timestamp::from_unix(1_790_000_000).expect("a year below 10000");
    /// let standing = policy.standing(&Circumstances {
    ///     choice: None, signals: Signals::default(), region: None, now,
    /// });
    /// let (passes, by) = Judge::new(&policy, &standing).passes_set_cookie(b"_pk_id=1; Path=/", now);
    /// assert!(!passes && by.contains(StandardCategory::Analytics.id()));
    /// # Ok::<(), placet::PolicyError>(())
    /// ```
    pub fn passes_set_cookie(&self, line: &[u8], now: Timestamp) -> (bool, CategorySet) {
        // Nothing is found of a name that readers decode.
        if let Some((name, pair_ends)) = plain_pair(line)
            && let Some(said) = self.policy.names.short.find_anywhere(name)
            && let Some(passes) = said.passes(self.standing.granted())
        {
            let passes = passes || removes(line, pair_ends, now);
            return (passes, said.categories());
        }
        let verdict = self.set_cookie_line(line, now);
        let service = verdict.service.and_then(|id| self.policy.service(id));
        let category = service.map(|service| service.category).into_iter();
        (verdict.is_kept(), category.collect())
    }
}
