// What a counter of visits does, in small: an identifier for two years, and a request with it.
"use strict";
{
  const known = document.cookie.split("; ").find((one) => one.startsWith("_ga="));
  const id = known?.slice(4) ?? `GA1.1.${Math.floor(Math.random() * 1e9)}.${Math.floor(Date.now() / 1000)}`;
  document.cookie = `_ga=${id}; Path=/; Max-Age=63072000; SameSite=Lax`;
  new Image().src = `/collect?cid=${id}`;
}
