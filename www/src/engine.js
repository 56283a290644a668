// The engine as functions of texts and bytes. Behind them numbers alone cross over: texts lie in one
// buffer of the engine's memory, one behind the other, and the calls tell their lengths.

/** Starts the engine, or the compiler of policies: as WebAssembly, or where the page's Content-Security-Policy
 * forbids that, the same as JavaScript. Gives its functions, and which it is: `wasm` or `js`. */
export async function load(bytes, fallback) {
  try {
    const { exports } = await instantiate(await bytes());
    return [functions(exports), "wasm"];
  } catch {
    return [functions(await fallback()), "js"];
  }
}

/** At once, which takes a moment for so few bytes: the other way waits for threads that may be busy. It is
 * left to browsers that compile less at once. */
async function instantiate(bytes) {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes));
  } catch {
    return (await WebAssembly.instantiate(bytes)).instance;
  }
}

const encoder = new TextEncoder();

function functions(engine) {
  const bytesOf = (part) => (typeof part == "string" ? encoder.encode(part) : part);
  /** Writes parts into the buffer, and gives their lengths. */
  const put = (...parts) => {
    const written = parts.map(bytesOf);
    const lengths = written.map((part) => part.length);
    let at = engine.buffer(lengths.reduce((sum, length) => sum + length));
    for (const part of written) {
      new Uint8Array(engine.memory.buffer).set(part, at);
      at += part.length;
    }
    return lengths;
  };
  /** What the engine has written. */
  const take = (length) => new Uint8Array(engine.memory.buffer, engine.buffer(0), length).slice();
  return {
    compile: (document) => take(engine.compile(...put(document))),
    start(policy, signals, region, cookies, now) {
      const [policyLength, ...others] = put(policy, region, cookies);
      return engine.start(policyLength, signals, ...others, now);
    },
    arrive: (cookies, now) => engine.arrive(...put(cookies), now),
    view: () => take(engine.view()),
    allows: (expression) => engine.allows(...put(expression)),
    cookieWritten: (line, now) => engine.cookie_written(...put(line), now),
    storage: (key) => engine.storage(...put(key)),
    address: (kind, url) => engine.address(kind, ...put(url)),
    choose(granted, refused, how, id, now) {
      put(id);
      return new TextDecoder().decode(take(engine.choose(granted, refused, how, now)));
    },
    removals: (cookies) => take(engine.removals(...put(cookies))),
  };
}
