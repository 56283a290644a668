// Waits for elements to leave the page.

/** Until no element of the page is one of these. */
export const untilGone = (selector) =>
  new Promise((gone) => {
    const look = () => document.querySelector(selector) || gone(observer.disconnect());
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
    look();
  });
