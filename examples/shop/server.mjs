// A fictional shop and the services it embeds, on the loopback interface only.
//
// The shop makes mistakes that real shops make: it embeds before it asks, it keeps some services after
// "Reject all", it takes no notice of `Sec-GPC`, and some of its own cookies are set carelessly.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { services } from "./services.mjs";

const DAY = 86_400;

/** Embedded whatever the visitor said. */
const ALWAYS = ["https://www.googletagmanager.com/gtag/js?id=G-4SH0PX2Y7Q", "https://stats.shop.example/matomo.js"];
/** Left out once the visitor refused. */
const UNLESS_REFUSED = [
  "https://connect.facebook.net/en_US/fbevents.js",
  "https://static.hotjar.com/c/hotjar-3184270.js",
  "https://snap.licdn.com/li.lms-analytics/insight.min.js",
];

const BANNER = `
<form method="post" action="/consent">
  <p>We value your privacy.</p>
  <button name="choice" value="accept">Accept all</button>
  <button name="choice" value="reject">Reject all</button>
</form>`;

function page(title, body, { cookies }) {
  const choice = cookies.get("CookieConsent");
  const scripts = choice === undefined ? [...ALWAYS, ...UNLESS_REFUSED] : ALWAYS;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<link rel="icon" href="data:,">
${scripts.map((source) => `<script async src="${source}"></script>`).join("\n")}
<h1>${title}</h1>
${body}
${choice === undefined ? BANNER : ""}
`;
}

function shop(request) {
  const { url, cookies } = request;
  if (url.pathname === "/consent") {
    const given = "{stamp:'k2Jd9sYk4LrPnE1uWgT5hQ==',necessary:true,preferences:false,statistics:false,marketing:false,ver:1}";
    return {
      status: 303,
      location: "/",
      cookies: [`CookieConsent=${encodeURIComponent(given)}; Path=/; Max-Age=${365 * DAY}; Secure; SameSite=Lax`],
    };
  }
  if (url.pathname === "/reviews/teapot") {
    // An older program on the same host.
    return { body: "<p>Pours well.</p>", cookies: ["PHPSESSID=q7m2v9k4t1c8x5b3n6d0; Path=/"] };
  }
  if (url.pathname === "/teapot") {
    return { body: page("Teapot", `<iframe title="Reviews" src="/reviews/teapot"></iframe>`, request) };
  }
  if (url.pathname !== "/") {
    return { status: 404 };
  }
  const set = [];
  if (!cookies.has("sessionid")) {
    const nextWeek = new Date(Date.now() + 14 * DAY * 1000).toUTCString();
    set.push(
      `sessionid=5m1x8f0q2z7c4v9b3n6k; Expires=${nextWeek}; Path=/; Secure; HttpOnly; SameSite=Lax`,
      `csrftoken=Zt4kQ8vN1xR7mB3cW9sL2pD6; Path=/; Max-Age=${364 * DAY}; Secure; SameSite=Lax`,
      `django_language=en; Path=/; Max-Age=${365 * DAY}; Secure; SameSite=Lax`,
      `__Host-basket=b-20418; Path=/; Secure; HttpOnly; SameSite=Lax`,
      `returning=1; Path=/; Max-Age=${5 * 365 * DAY}; Secure; SameSite=Lax`,
      `chat_open=0; Path=/; SameSite=None`,
      `xq_7f=c81e728d9d4c2f63; Domain=shop.example; Path=/; Max-Age=${180 * DAY}; Secure; SameSite=Lax`,
    );
    if (url.searchParams.has("subscriber")) {
      const address = encodeURIComponent(url.searchParams.get("subscriber"));
      set.push(`newsletter=${address}; Path=/; Max-Age=${90 * DAY}; Secure; SameSite=Lax`);
    }
  }
  return { body: page("The Shop", `<p><a href="/teapot">Teapot</a></p>`, request), cookies: set };
}

/** What is asked for, and the cookies that came with it. */
function read(message, scheme) {
  const pairs = (message.headers.cookie ?? "").split("; ").map((pair) => pair.split(/=(.*)/s, 2));
  return { url: new URL(message.url, `${scheme}://${message.headers.host}`), cookies: new Map(pairs) };
}

function write(response, { status = 200, type = "text/html; charset=utf-8", location, cookies = [], body = "" }) {
  response.statusCode = status;
  if (location) response.setHeader("Location", location);
  if (cookies.length > 0) response.setHeader("Set-Cookie", cookies);
  if (body.length > 0) response.setHeader("Content-Type", type);
  response.setHeader("Cache-Control", "no-store");
  if (status !== 204) response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(body);
}

/** A certificate for this run, which the browser is told to accept. */
function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "shop-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=www.shop.example";
    execFileSync("openssl", [...request.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Starts both servers; returns their ports and how to stop them. */
export async function start() {
  const secure = createHttps(certificate(), (message, response) => {
    const request = read(message, "https");
    const answer = services[request.url.hostname] ?? shop;
    message.resume();
    write(response, answer(request));
  });
  const plain = createHttp((message, response) => {
    const { url } = read(message, "http");
    url.protocol = "https:";
    write(response, { status: 301, location: url.href, cookies: ["django_language=en; Path=/"] });
  });
  const listen = (server) =>
    new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
  return {
    https: await listen(secure),
    http: await listen(plain),
    stop: () => [secure, plain].forEach((server) => (server.close(), server.closeAllConnections())),
  };
}
