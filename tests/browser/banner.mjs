// What a visitor does with the banner, and what a test asks of a page with the script tag, in whichever
// browser of browsers.mjs.
import assert from "node:assert/strict";
import { poll } from "./program.mjs";

/** Waits for the tag and the engine: `ready`, or why it does not run. */
export async function ready(browser) {
  // Where a script left for this page, its address is there before its markup.
  await poll(() => browser.run(() => !!window.placet).catch(() => false), (is) => is);
  return browser.driver.executeAsyncScript((done) => window.placet.ready.then(() => done("ready"), (error) => done(error.message)));
}

/** Goes to a page and waits for the engine. */
export async function arrive(browser, address) {
  await browser.go(address);
  assert.equal(await ready(browser), "ready");
}

/** What of the banner is shown: `first`, `note`, `preferences`, `reopen`, or nothing. */
export const shown = (browser) =>
  browser.run(() => {
    const root = document.querySelector("placet-consent")?.shadowRoot;
    return ["first", "note", "preferences", "reopen"].find((name) => root?.querySelector(`.${name}`)) ?? "";
  });

/** Waits until that is shown. */
export async function isShown(browser, layer) {
  assert.equal(await poll(() => shown(browser), (found) => found == layer), layer);
}

/** Presses a button of the banner's. */
export async function press(browser, what) {
  const isPressed = (what) => {
    const button = document.querySelector("placet-consent")?.shadowRoot.querySelector(`[data-do=${what}]`);
    button?.click();
    return !!button;
  };
  assert.ok(await poll(() => browser.run(isPressed, what), (is) => is), `there is no button for “${what}”`);
}

/** What the scripts of `/run/` have told, at least so many. */
export const ran = (browser, count = 0) => poll(() => browser.run(() => window.ran ?? []), ({ length }) => length >= count);

/** The names of the cookies that scripts see. */
export const names = (browser) => browser.run(() => document.cookie.split("; ").map((pair) => pair.split("=")[0]).sort());

/** Whether something is granted. */
export const allows = (browser, what) => browser.run((what) => window.placet.allows(what), what);

/** Waits until something is granted. */
export async function isGranted(browser, what) {
  assert.ok(await poll(() => allows(browser, what), (is) => is), `${what} is not granted`);
}

/** What a page says in its head to gather its errors, and to read them. */
export const GATHER = `<script>
  window.failed = [];
  addEventListener("error", ({ message }) => failed.push(message));
  addEventListener("unhandledrejection", ({ reason }) => failed.push(String(reason)));
</script>`;
export const failed = (browser) => browser.run(() => window.failed);
