// A server on the loopback with the pages that are measured, and the browser that opens them: each time in
// a context of its own, which has nothing of an earlier visit.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { chromium } from "playwright-core";

const TYPES = { ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm", ".html": "text/html; charset=utf-8" };

/** Serves pages by path, and below each what is in its folder. */
export async function serve(pages) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://site");
    const page = pages.get(pathname);
    if (page?.body) return void response.writeHead(200, { "content-type": page.type ?? TYPES[".html"] }).end(page.body);
    if (pathname == "/favicon.ico") return void response.writeHead(204).end();
    const under = pages.get(`/${pathname.split("/")[1]}/`);
    const file = under && (await readFile(path.join(under.folder, pathname.split("/").slice(2).join("/"))).catch(() => undefined));
    response.writeHead(file ? 200 : 404, { "content-type": TYPES[path.extname(pathname)] ?? "application/octet-stream" }).end(file);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** How many times slower the processor is made. */
export const THROTTLE = 4;
/** The fragment that an address gets when the banner is seen. */
export const SEEN = "#seen";

/**
 * Runs in the page before everything else: looks whether the banner is seen, and sums up what moves. It is seen in the
 * first frame in which it has a size inside the window, is not hidden, and neither it nor what holds it is fully
 * transparent: of the frame that lays the banner out, be it added before that frame or in it, the moment before it is
 * drawn. Frames are not asked for until then: that has the browser draw pages that have nothing to draw yet. The address
 * then gets the fragment `told`; so it does when a page without a banner is loaded.
 */
export function watch({ host, selector, told }) {
  const seen = (window.seen = { at: undefined, shift: 0 });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  const tell = () => history.replaceState(null, "", told);
  if (!selector) return addEventListener("load", tell);
  const root = () => (host ? document.querySelector(host)?.shadowRoot : document);
  const find = () => root()?.querySelector(selector);
  const look = () => {
    const banner = find();
    const { width, height, top, bottom } = banner?.getBoundingClientRect() ?? {};
    const isIn = width > 0 && height > 0 && top < innerHeight && bottom > 0;
    if (isIn && banner.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
      seen.at = performance.now();
      tell();
    } else requestAnimationFrame(look);
  };
  const observer = new MutationObserver(() => {
    const banner = find();
    if (!banner) return listen(root());
    observer.disconnect();
    const laid = new ResizeObserver(() => {
      laid.disconnect();
      look();
    });
    laid.observe(banner);
  });
  const listen = (to) => to && observer.observe(to, { childList: true, subtree: true });
  listen(document);
}

/** Opens a page as a first visitor does, and hands it over when its banner is seen: to look at, not to be timed (see `unwatched.mjs`). */
export async function visit(browser, address, banner, act) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
  try {
    const page = await context.newPage();
    const tools = await context.newCDPSession(page);
    const responses = [];
    const said = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("response", (response) => responses.push(response));
    if (banner.init) await page.addInitScript(banner.init);
    await page.addInitScript(watch, { host: banner.host, selector: banner.selector, told: SEEN });
    await tools.send("Performance.enable");
    await tools.send("Emulation.setCPUThrottlingRate", { rate: banner.isFast ? 1 : THROTTLE });
    await page.goto(address, { waitUntil: "load" });
    if (banner.selector) {
      await page.waitForFunction(() => window.seen.at !== undefined, undefined, { polling: 50 }).catch((error) => {
        throw new Error(`no banner is seen at ${address}; the page said: ${said.join("; ")}`, { cause: error });
      });
    }
    // What it does after it is seen counts too.
    await page.waitForTimeout(500);
    return await act({ page, tools, responses });
  } finally {
    await context.close();
  }
}
