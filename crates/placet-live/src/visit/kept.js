// Names everything that the document's origin keeps in the browser beside cookies, without values.
(async () => {
  const found = [];
  const most = 1000;
  const add = (kind, key) => {
    if (found.length < most) found.push([location.origin, kind, String(key).slice(0, 500)]);
  };
  for (const [kind, open] of [
    ["local storage", () => localStorage],
    ["session storage", () => sessionStorage],
  ]) {
    try {
      for (const key of Object.keys(open())) add(kind, key);
    } catch {}
  }
  const soon = (promise) =>
    Promise.race([promise, new Promise((done) => setTimeout(done, 1000, []))]);
  try {
    for (const { name } of await soon(indexedDB.databases())) add("database", name);
  } catch {}
  try {
    for (const name of await soon(caches.keys())) add("cache", name);
  } catch {}
  return found;
})()
