// Runs before any script of a page and tells what scripts do that leaves no trace on the wire:
// cookies and storage written by script, and reads that fingerprints are made of. What the browser
// refuses with an exception is not told. It changes no result and passes for the browser's own functions.
((name) => {
  const tell = globalThis[name];
  delete globalThis[name];
  if (typeof tell !== "function") return;
  // What is done again and again is told a few times a second at the most, cookies apart from the
  // rest, which a page may do without end.
  const told = { cookies: new Map(), others: new Map() };
  const now = Date.now;
  const apply = Reflect.apply;
  const stringify = JSON.stringify;
  const note = (api, what) => {
    try {
      const key = api + " " + what;
      const known = api.startsWith("cookie") ? told.cookies : told.others;
      const last = known.get(key) ?? { times: 0, since: now() };
      if (now() - last.since > 500) Object.assign(last, { times: 0, since: now() });
      if (last.times >= 3 || (!known.has(key) && known.size >= 2000)) return;
      last.times++;
      known.set(key, last);
      const stack = String(new Error().stack).split("\n");
      const frames = [];
      for (const line of stack) {
        const at = /((?:https?|blob|data|file):\S*?:\d+:\d+)\)?$/.exec(line);
        if (at && frames.length < 5) frames.push(at[1]);
      }
      tell(stringify({ api, what: what.slice(0, 4096), document: location.href, stack: frames }));
    } catch {}
  };
  const wrap = (owner, method, seen) => {
    const own = owner && Object.getOwnPropertyDescriptor(owner, method);
    if (!own || typeof own.value !== "function" || !own.configurable) return;
    const value = new Proxy(own.value, {
      apply(target, self, args) {
        const result = apply(target, self, args);
        seen(self, args);
        return result;
      },
    });
    Object.defineProperty(owner, method, { ...own, value });
  };
  const wrapSetter = (owner, property, seen) => {
    const own = owner && Object.getOwnPropertyDescriptor(owner, property);
    if (!own || !own.set || !own.configurable) return;
    const set = new Proxy(own.set, {
      apply(target, self, args) {
        const result = apply(target, self, args);
        seen(self, args);
        return result;
      },
    });
    Object.defineProperty(owner, property, { ...own, set });
  };
  wrapSetter(globalThis.Document?.prototype, "cookie", (_, [text]) => note("cookie", String(text)));
  wrap(globalThis.CookieStore?.prototype, "set", (_, [first, value]) => {
    const given = typeof first === "object" && first !== null ? first : { name: first, value };
    let text = `${given.name}=${given.value ?? ""}`;
    if (given.domain) text += `; Domain=${given.domain}`;
    text += `; Path=${given.path ?? "/"}`;
    if (given.expires) text += `; Expires=${new Date(+given.expires).toUTCString()}`;
    text += `; SameSite=${given.sameSite ?? "strict"}; Secure`;
    if (given.partitioned) text += "; Partitioned";
    note("cookieStore", text);
  });
  const area = (self) => {
    try {
      return self === globalThis.sessionStorage ? "sessionStorage" : "localStorage";
    } catch {
      return "localStorage";
    }
  };
  wrap(globalThis.Storage?.prototype, "setItem", (self, [key]) => note(area(self), String(key)));
  wrap(globalThis.IDBFactory?.prototype, "open", (_, [base]) => note("indexedDB", String(base)));
  wrap(globalThis.CacheStorage?.prototype, "open", (_, [cache]) => note("caches", String(cache)));
  const canvas = globalThis.HTMLCanvasElement?.prototype;
  for (const read of ["toDataURL", "toBlob"]) {
    wrap(canvas, read, (self) => {
      if (self.width >= 16 && self.height >= 16) note("canvas", `HTMLCanvasElement.${read}`);
    });
  }
  wrap(globalThis.CanvasRenderingContext2D?.prototype, "getImageData", (_, args) => {
    if (args[2] >= 16 && args[3] >= 16) note("canvas", "CanvasRenderingContext2D.getImageData");
  });
  const fonts = new Set();
  wrap(globalThis.CanvasRenderingContext2D?.prototype, "measureText", (self) => {
    if (fonts.size < 50 && fonts.add(self.font) && fonts.size === 50) {
      note("fonts", "CanvasRenderingContext2D.measureText in 50 fonts");
    }
  });
  for (const gl of [globalThis.WebGLRenderingContext, globalThis.WebGL2RenderingContext]) {
    wrap(gl?.prototype, "getParameter", (_, [what]) => {
      if (what === 0x9245 || what === 0x9246) note("webgl", "WEBGL_debug_renderer_info");
    });
  }
  wrap(globalThis.OfflineAudioContext?.prototype, "startRendering", () => {
    note("audio", "OfflineAudioContext.startRendering");
  });
})
