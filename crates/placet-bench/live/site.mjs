// The shop that is audited: on loopback, of as many pages as wanted, known to the last cookie.
import { once } from "node:events";
import { createServer } from "node:http";

/** The third party, which the browser that `browser.mjs` writes finds on loopback too. */
export const TRACKER = "static.hotjar.com";

/** What is true of the ten pages, and what a tool has to say to have found it. */
export const TRUTHS = [
  ["script", "a script's `_ga` before the choice"],
  ["author", "… and which script it was"],
  ["http_only", "an `HttpOnly` marketing cookie before the choice"],
  ["storage", "a tracker's local storage before the choice"],
  ["request", "a call to a tracker before the choice"],
  ["third", "a cookie of the third party, on a page that is linked"],
  ["deep", "`_gcl_au` before the choice, on a page that is linked"],
  ["banner", "refusing takes two presses, accepting one"],
  ["refused", "`_uetsid` after a refusal"],
  ["withdrawn", "`_fbp` set again after a withdrawal"],
  ["gpc", "a marketing cookie in spite of GPC"],
  ["dnt", "a call to a tracker in spite of DNT"],
  ["honest", "the session's cookie is not said to need consent"],
];

const day = 86_400;
const script = `
const choice = () => /consent=(\\w+)/.exec(document.cookie)?.[1];
const put = (name) => { document.cookie = name + "=1.2.3.4; Max-Age=${day}; Path=/"; };
const tracked = () => { if (choice() == "all") put("_fbp"); if (choice() == "none") put("_uetsid"); };
`;

/** The first-party script: it does not wait for the choice, does not stop at a refusal, and forgets a withdrawal. */
const app = `${script}
put("_ga");
if (/accepted=1/.test(document.cookie)) put("_fbp");
tracked();
if (document.documentElement.dataset.page == "7") put("_gcl_au");
`;

/** The banner: accepting is one press, refusing is on the second layer. */
const banner = `
const bar = document.createElement("div");
bar.setAttribute("role", "dialog");
bar.setAttribute("aria-label", "Cookies");
bar.id = "cookie-banner";
bar.style.cssText = "position:fixed;inset:auto 0 0 0;padding:24px;background:#fff;border-top:2px solid #333;z-index:9999;font:16px sans-serif";
const text = (words) => { const p = document.createElement("p"); p.textContent = words; return p; };
const button = (name, act, plain) => {
  const b = document.createElement("button");
  b.textContent = name;
  b.style.cssText = plain ? "background:#fff;color:#777;border:0;padding:8px" : "background:#0a7d28;color:#fff;border:0;padding:16px 32px;font-weight:bold";
  b.onclick = act;
  return b;
};
const choose = (value) => () => {
  document.cookie = "consent=" + value + "; Max-Age=${day}; Path=/";
  if (value == "all") document.cookie = "accepted=1; Max-Age=${day}; Path=/";
  bar.remove();
  tracked();
};
const first = () => bar.replaceChildren(
  text("We use cookies for analytics and marketing. You can accept all cookies or manage your settings."),
  button("Accept all cookies", choose("all")),
  button("Cookie settings", second, true));
const second = () => bar.replaceChildren(
  text("Cookie settings: we and our partners use cookies for analytics and marketing."),
  button("Accept all cookies", choose("all")),
  button("Reject all cookies", choose("none"), true));
first();
if (!choice()) document.body.append(bar);
document.querySelector("#manage").onclick = () => { second(); document.body.append(bar); };
`;

const tag = `localStorage.setItem("_hjSession_1", "1"); new Image().src = "http://${TRACKER}/seen.gif";`;
const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

const page = (number, count) => `<!doctype html><html lang="en" data-page="${number}"><head><meta charset="utf-8"><title>Shop, page ${number}</title><script src="http://${TRACKER}/tag.js" async></script></head><body>
<h1>Page ${number}</h1><p>${"Cups and plates, made by hand and sent by post. ".repeat(8)}</p><p><img src="/cup.gif" alt="A cup" width="40" height="40"></p>
<nav>${Array.from({ length: Math.min(count, 40) }, (_, at) => `<a href="/${at || ""}">Page ${at}</a>`).join(" ")}</nav>
<footer><button id="manage">Cookie settings</button></footer><script src="/app.js"></script><script src="/banner.js"></script></body></html>`;

/** Starts the shop of so many pages. */
export async function open(count) {
  const asked = new Set();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://shop.invalid");
    const answer = (type, body, cookies = []) => {
      response.writeHead(200, { "content-type": type, ...(cookies.length ? { "set-cookie": cookies } : {}) });
      response.end(body);
    };
    const isTracker = request.headers.host?.startsWith(TRACKER);
    if (isTracker) {
      if (pathname == "/tag.js") return answer("text/javascript", tag);
      return answer("image/gif", gif);
    }
    if (pathname == "/app.js") return answer("text/javascript", app);
    if (pathname == "/banner.js") return answer("text/javascript", `(() => {${script}${banner}})();`);
    if (pathname == "/cup.gif") return answer("image/gif", gif);
    if (pathname == "/sitemap.xml") {
      const origin = `http://${request.headers.host}`;
      return answer("application/xml", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${Array.from({ length: count }, (_, at) => `<url><loc>${origin}/${at || ""}</loc></url>`).join("")}</urlset>`);
    }
    const number = pathname == "/" ? 0 : Number(pathname.slice(1));
    if (!Number.isInteger(number) || number >= count) {
      response.writeHead(404);
      return response.end();
    }
    asked.add(number);
    const cookies = /session=/.test(request.headers.cookie) ? [] : ["session=4f1c; Path=/; HttpOnly"];
    if (number == 0) cookies.push(`_uetvid=5f3c; Path=/; Max-Age=${day}; HttpOnly`);
    const body = page(number, count);
    // The third party's own cookie comes with a picture of page 5, from a server that has another name.
    const third = `http://localhost:${server.address().port}/cup.gif?third`;
    answer("text/html; charset=utf-8", number == 5 ? body.replace("</nav>", `</nav><img src="${third}" alt="">`) : body, cookies);
  });
  server.prependListener("request", (request, response) => {
    if (request.url == "/cup.gif?third") response.setHeader("set-cookie", `uuid2=1234567890; Path=/; Max-Age=${day}; Secure; SameSite=None`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    port: server.address().port,
    /** How many of its pages have been asked for. */
    asked: () => asked.size,
    close: () => server.close(),
  };
}
