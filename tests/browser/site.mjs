// A small site with the script tag, and a tracker on another host: pages are given by the tests, all
// else is read from the folder with `placet.js` and what it loads.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };

/** Starts both, and gives their origins, what was asked for, and a way to add pages. */
export async function startSite(folder) {
  /** Pages by path: their markup, headers, and the statuses of the first answers if not 200. */
  const pages = new Map();
  /** The paths that were asked for, in order. */
  const asked = [];
  /** The paths that were posted to, with what was posted as JSON. */
  const posted = [];

  async function answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, "http://site");
    asked.push(pathname);
    if (request.method == "POST") {
      let body = "";
      for await (const part of request) body += part;
      posted.push({ path: pathname, body: body && JSON.parse(body) });
    }
    const page = pages.get(pathname);
    if (page) {
      response.writeHead(page.statuses?.shift() ?? 200, { "content-type": "text/html; charset=utf-8", ...page.headers }).end(page.markup);
    } else if (pathname.startsWith("/run/")) {
      // A script that says that it ran.
      const name = path.basename(pathname, ".js");
      setTimeout(() => {
        response.writeHead(200, { "content-type": "text/javascript", "access-control-allow-origin": "*" });
        response.end(`(window.ran ??= []).push("${name}")`);
      }, Number(searchParams.get("delay")));
    } else if (pathname.startsWith("/any/")) {
      response.writeHead(200, { "access-control-allow-origin": "*" }).end("any");
    } else if (pathname == "/favicon.ico") {
      response.writeHead(204).end();
    } else {
      const file = await readFile(path.join(folder, pathname)).catch(() => undefined);
      // A page without an origin of its own, such as a sandboxed one, asks from elsewhere.
      const headers = { "content-type": TYPES[path.extname(pathname)] ?? "text/plain", "access-control-allow-origin": "*" };
      response.writeHead(file ? 200 : 404, headers).end(file);
    }
  }

  const servers = [createServer(answer), createServer(answer)];
  const ports = [];
  for (const server of servers) {
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    ports.push(server.address().port);
  }
  const [own, other] = ports;
  const site = {
    origin: `http://127.0.0.1:${own}`,
    away: `http://127.0.0.1:${other}`,
    port: own,
    asked,
    posted,
    pages,
    close: () => servers.forEach((server) => server.close()),
    /** Adds a page with a body, and gives its path. */
    add(body, { head = site.tag(), lang = "en", headers = {} } = {}) {
      const path = `/page-${pages.size}/sub/`;
      const markup = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Shop</title>${head}</head><body><main><h1>Shop</h1>${body}</main></body></html>`;
      pages.set(path, { markup, headers });
      return path;
    },
    /** The script tag with the policy before it. */
    tag: (attributes = "", policy = site.policy) =>
      `<script type="application/json" id="placet-policy">${JSON.stringify(policy)}</script><script src="/placet.js" ${attributes}></script>`,
  };
  site.policy = {
    revision: 1,
    // The tests speak plain HTTP.
    consent_cookie: { secure: false },
    services: [
      { id: "shop", category: "necessary", cookies: [{ name: "session", purpose: "Keeps the cart." }], storage: ["cart"] },
      {
        id: "counter",
        name: "Counter",
        vendor: "Counter Ltd",
        category: "analytics",
        purpose: "Counts visits.",
        cookies: [{ name: "_count*", lifetime: "13mo", purpose: "Recognises a visitor." }],
        storage: ["count*"],
        scripts: [`${site.away}/run/counted.js`],
        requests: [`${site.away}/any/hit`],
      },
      {
        id: "film",
        name: "Films",
        category: "marketing",
        cookies: [{ name: "ad", lifetime: "1y" }],
        frames: [`${site.away}/any/*`],
        images: [`${site.away}/any/*`],
      },
    ],
  };
  pages.set("/policy.json", { markup: JSON.stringify(site.policy), headers: { "content-type": "application/json" } });
  return site;
}
