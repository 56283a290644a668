// How long it takes to write `document.cookie`: as the browser does it, through placet's guard, and through
// the guard with nothing behind it, which is what the guard itself takes.
import { THROTTLE, visit } from "./browser.mjs";

const WRITES = 200;

/** Writes many times, each after a pause, and gives the seconds of one without its pause. */
function write([line, writes, pause]) {
  let busy = 1;
  const run = (act) => {
    const begin = performance.now();
    for (let number = 0; number < writes; number++) {
      for (let step = 0; step < pause; step++) busy = Math.imul(busy, 31) + step;
      act(number);
    }
    return (performance.now() - begin) / 1e3 / writes;
  };
  const written = run((number) => (document.cookie = line + number));
  return written - (pause && run(() => {}));
}

/** Before the script tag: a browser whose cookies go nowhere. */
const EMPTY = () => Object.defineProperty(Document.prototype, "cookie", { configurable: true, enumerable: true, get: () => "", set() {} });

const ROWS = [
  { name: "floor: the browser alone", line: "_necessary=", isGuarded: false },
  // A browser that is written to without a pause hands on several cookies at once. Who judges each makes pauses.
  { name: "floor: the browser alone, with pauses of some µs", line: "_necessary=", isGuarded: false, pause: 3000 },
  { name: "placet, a cookie that is kept", line: "_necessary=", isGuarded: true },
  { name: "placet, a cookie that is refused", line: "_marketing=", isGuarded: true },
  { name: "placet's guard alone, kept", line: "_necessary=", isGuarded: true, isEmpty: true },
  { name: "placet's guard alone, with attributes, kept", line: "_necessary=1; path=/; max-age=86400; samesite=lax; x=", isGuarded: true, isEmpty: true },
];

/** The median of each row, at full speed and with the processor throttled; rows take turns. */
export async function cookieWrites(browser, guarded, bare, rounds) {
  const measured = ROWS.map(({ name }) => ({ name, fast: [], slow: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [number, row] of ROWS.entries()) {
      const { fast, slow } = measured[number];
      await visit(browser, row.isGuarded ? guarded : bare, { isFast: true, init: row.isEmpty && EMPTY }, async ({ page, tools }) => {
        if (row.isGuarded) await page.evaluate(() => window.placet.ready);
        // The first calls are compiled.
        await page.evaluate(write, [row.line, WRITES, row.pause ?? 0]);
        fast.push(await page.evaluate(write, [row.line, WRITES, row.pause ?? 0]));
        await tools.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE });
        slow.push(await page.evaluate(write, [row.line, WRITES, row.pause ?? 0]));
      });
    }
  }
  const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
  return measured.map(({ name, fast, slow }) => ({ name, fast: median(fast), slow: median(slow) }));
}
