// What an audit of many pages holds: a row for every fiftieth page.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { memory } from "./processes.mjs";
import { open } from "./site.mjs";
import { write } from "./browser.mjs";

/** The rows: pages seen, bytes of placet, bytes of the browser, processes. */
export async function soak(placet, chromium, folder, count, every) {
  const site = await open(count);
  const rows = [];
  try {
    const browser = await write(folder, chromium, site.port);
    const child = spawn(placet, ["audit", site.url, "--browser", browser, "--passes", "fresh", "--pages", String(count), "--watch", "0", "--format", "json"], { stdio: ["ignore", "ignore", "inherit"] });
    const ended = once(child, "exit").then(([code]) => ({ code }));
    let next = every;
    for (;;) {
      const end = await Promise.race([ended, sleep(100)]);
      if (end) {
        if (![0, 1].includes(end.code)) throw new Error(`placet audit of ${count} pages ended with ${end.code}`);
        break;
      }
      if (site.asked() >= next) {
        rows.push({ pages: site.asked(), ...memory(child.pid) });
        next += every;
      }
    }
    if (site.asked() != count) throw new Error(`${site.asked()} of ${count} pages were asked for`);
    return rows;
  } finally {
    site.close();
  }
}
