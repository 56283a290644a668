// The engine as one function of texts and numbers. Behind it numbers alone cross over: texts lie in one buffer of
// the engine's memory, one behind the other, and a call tells their lengths before all else.

/** Starts the engine, or the compiler of policies: as WebAssembly, or where the page's Content-Security-Policy
 * forbids that, the same as JavaScript. Gives what asks it, and which it is: `wasm` or `js`. */
export async function load(bytes, fallback) {
  try {
    // At once, which takes a moment for so few bytes: the other way waits for threads that may be busy.
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(await bytes()));
    return [asking(exports), "wasm"];
  } catch {
    return [asking(await fallback()), "js"];
  }
}

const encoder = new TextEncoder();

/** Writes a text or bytes, and gives how many bytes those are. */
const write = (text, to) => (typeof text == "string" ? encoder.encodeInto(text, to).written : (to.set(text), text.length));

/** Asks by the name of a call, with texts or bytes, and numbers; `take` is what was written for an answer of so many
 * bytes. */
function asking(engine) {
  const memory = (at, length) => new Uint8Array(engine.memory.buffer, at, length);
  const ask = (name, texts, ...numbers) => {
    // A character takes three bytes at most.
    let at = engine.buffer(texts.reduce((sum, { length }) => sum + 3 * length, 0));
    const lengths = texts.map((text) => {
      const written = write(text, memory(at));
      at += written;
      return written;
    });
    return engine[name](...lengths, ...numbers);
  };
  ask.take = (length) => memory(engine.buffer(0), length).slice();
  return ask;
}
