// What the shop embeds: stand-ins for services that many sites embed, answering under their host names on
// this machine. Their cookies have the names, domains, shapes and lifetimes of the real ones; every value
// is invented and nothing is sent to the services themselves.

const DAY = 86_400;

/** A transparent image of 1 × 1 pixel. */
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

const pixel = (cookies = []) => ({ type: "image/gif", body: PIXEL, cookies });
const script = (run) => ({ type: "text/javascript", body: `(${run})();\n` });
const redirect = (location, cookies = []) => ({ status: 302, location, cookies });
const nothing = () => ({ status: 204 });

// The scripts run in the page, where `document.cookie` sets a cookie of the shop. Each sets its cookies
// once, as the real ones do: they recognise a visitor who comes back.

function tagManager() {
  const has = (name) => document.cookie.split("; ").some((pair) => pair.startsWith(`${name}=`));
  const shared = "; domain=.shop.example; path=/; max-age=63072000";
  if (!has("_ga")) document.cookie = `_ga=GA1.1.1482093376.1790000000${shared}`;
  if (!has("_ga_4SH0PX2Y7Q")) document.cookie = `_ga_4SH0PX2Y7Q=GS2.1.s1790000000$o1$g0$t1790000000$j60$l0$h0${shared}`;
  new Image().src = "https://www.google-analytics.com/g/collect?v=2&tid=G-4SH0PX2Y7Q&cid=1482093376.1790000000&en=page_view";
  new Image().src = "https://googleads.g.doubleclick.net/pagead/viewthroughconversion/731902846/";
}

function matomo() {
  const has = (name) => document.cookie.split("; ").some((pair) => pair.startsWith(`${name}=`));
  if (!has("_pk_id.1.7c2f")) {
    document.cookie = "_pk_id.1.7c2f=3f9a1c5e7b2d4860.1790000000.; path=/; max-age=33955200; SameSite=Lax";
  }
  document.cookie = "_pk_ses.1.7c2f=1; path=/; max-age=1800; SameSite=Lax";
  new Image().src = "https://stats.shop.example/matomo.php?idsite=1&rec=1&_id=3f9a1c5e7b2d4860";
}

function metaPixel() {
  if (!document.cookie.includes("_fbp=")) {
    document.cookie = "_fbp=fb.1.1790000000000.480213579264810357; domain=.shop.example; path=/; max-age=7776000";
  }
  new Image().src = "https://www.facebook.com/tr/?id=290417386510942&ev=PageView&noscript=1";
}

function hotjar() {
  const value = btoa(JSON.stringify({ id: "0b7c6a52-5d1e-5f43-9a08-1e6d2c3b4a59", created: 1790000000000 }));
  document.cookie = `_hjSessionUser_3184270=${value}; domain=.shop.example; path=/; max-age=31536000; SameSite=None; Secure`;
  document.cookie = `_hjSession_3184270=${value}; domain=.shop.example; path=/; max-age=1800; SameSite=None; Secure`;
}

function linkedinInsight() {
  new Image().src = "https://px.ads.linkedin.com/collect/?pid=5820164&fmt=gif";
}

const IDE = "AHWqTUmV0b3ZqX7c2Jd9sYk4LrPnE1uWgT5hQoB8aKxM";

/** Tests whether cookies are taken, sets the id, and hands it on to another advertising host. */
function doubleclick({ url, cookies }) {
  const attributes = "Domain=.doubleclick.net; Path=/; Secure; SameSite=None";
  const next = `https://ib.adnxs.com/setuid?entity=6&code=${IDE}`;
  if (cookies.has("IDE")) return redirect(next);
  if (cookies.has("test_cookie")) return redirect(next, [`IDE=${IDE}; ${attributes}; HttpOnly; Max-Age=${395 * DAY}`]);
  if (url.searchParams.has("tested")) return pixel();
  return redirect(`${url.href}?tested=1`, [`test_cookie=CheckForPermission; ${attributes}; Max-Age=900`]);
}

function adnxs() {
  const attributes = `Domain=.adnxs.com; Path=/; Max-Age=${90 * DAY}; Secure; HttpOnly; SameSite=None`;
  return pixel([
    `uuid2=5910482736451029384; ${attributes}`,
    `anj=dTM7k!M4/8CxrEQF']wIg2Hm; ${attributes}`,
  ]);
}

/** Host name to what it answers. */
export const services = {
  "www.googletagmanager.com": () => script(tagManager),
  "www.google-analytics.com": nothing,
  "googleads.g.doubleclick.net": doubleclick,
  "ib.adnxs.com": adnxs,
  "stats.shop.example": ({ url }) => (url.pathname.endsWith(".js") ? script(matomo) : nothing()),
  "connect.facebook.net": () => script(metaPixel),
  "www.facebook.com": () =>
    pixel([`fr=0Kq3XzP7vN2mWc8Ls.AWUd5; Domain=.facebook.com; Path=/; Max-Age=${90 * DAY}; Secure; HttpOnly; SameSite=None`]),
  "static.hotjar.com": () => script(hotjar),
  "snap.licdn.com": () => script(linkedinInsight),
  "px.ads.linkedin.com": () =>
    pixel([
      `bcookie="v=2&61d0b7a4-2c9e-4f58-8a3b-70e5c1d9f246"; Domain=.linkedin.com; Path=/; Max-Age=${365 * DAY}; Secure; SameSite=None`,
      `li_sugr=9e4b2d71-63fa-4c08-b5d7-18a0c6f3e952; Domain=.linkedin.com; Path=/; Max-Age=${90 * DAY}; Secure; SameSite=None`,
    ]),
};
