// What the engine can be asked about beside addresses, by the numbers that `exports.rs` has for it.

/** A key of web storage, or the name of a database or cache. */
export const STORAGE = 4;
/** A line for `document.cookie`. */
export const COOKIE = 5;
/** An expression of services and categories. */
export const EXPRESSION = 6;
/** What holds. */
export const ALL = 7;
