//! Whether a `Set-Cookie` line passes, without the reason, which is most of the work of
//! [`Judge::set_cookie_line`].

use crate::category::CategorySet;
use crate::cookie_header::only_name;
use crate::name_index::{Name, start_of_sixteen};
use crate::policy::{Brief, ShortNames};
use crate::set_cookie::{Outline, cookie_date, split_line};
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
        let (pair, attributes) = split_line(line);
        if let Some(said) = self.said_anywhere(line, pair)
            && let Some(passes) = said.passes(self.standing.granted())
        {
            let removes = || {
                let end = Outline::of(attributes, now, cookie_date).end;
                end.is_some_and(|end| end <= now)
            };
            return (passes || removes(), said.categories());
        }
        let verdict = self.set_cookie_line(line, now);
        let service = verdict.service.and_then(|id| self.policy.service(id));
        let category = service.map(|service| service.category).into_iter();
        (verdict.is_kept(), category.collect())
    }

    /// What is declared of the pair in front of a line, whatever the domain, if its name is short and read
    /// in one way.
    fn said_anywhere(&self, line: &[u8], pair: &[u8]) -> Option<Brief> {
        let name = only_name(pair).filter(|name| name.len() <= ShortNames::LONGEST)?;
        let start = match line.first_chunk() {
            Some(sixteen) => start_of_sixteen(sixteen, name.len()),
            None => Name::of(name).start(),
        };
        self.policy.names.short.find_anywhere(start)
    }
}
