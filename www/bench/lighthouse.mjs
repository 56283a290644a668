// What Lighthouse says of a page, with its own settings: a phone, a slow network and processor simulated out
// of what it measured. It runs here; nothing leaves the machine.
import { launch as open } from "chrome-launcher";
import lighthouse from "lighthouse";
import { CHROMIUM, FLAGS } from "./browser.mjs";

/** The score of each category, the middle one of some runs. */
export async function scores(address, runs) {
  const all = { performance: [], accessibility: [] };
  for (let run = 0; run < runs; run++) {
    const chrome = await open({ chromePath: CHROMIUM, chromeFlags: [...FLAGS, "--headless=new"], logLevel: "silent" });
    try {
      const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "error", onlyCategories: Object.keys(all) });
      for (const [category, found] of Object.entries(all)) {
        if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
        found.push(lhr.categories[category].score * 100);
      }
    } finally {
      chrome.kill();
    }
  }
  return Object.entries(all).map(([category, found]) => [category, found.toSorted((a, b) => a - b)[found.length >> 1]]);
}
