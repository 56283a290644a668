// Which languages the visitor reads.

/** That of the page, then those of the browser. */
export const wanted = () => [document.documentElement.lang, ...navigator.languages].filter(Boolean);

/** Whether English is the first of them, whose texts came along; a bundle has its own. */
export const isEnglish = () => !BUNDLE && /^en\b/i.test(wanted()[0]);
