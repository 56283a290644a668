// Reads the Set-Cookie lines of a header dump with a package of npm, and prints how many cookies
// that gave: `node set_cookies.mjs cookie|set-cookie-parser FILE`.
import { openSync, readSync } from "node:fs";

const [name, path] = process.argv.slice(2);
const peer = await import(name);
const parse = name === "cookie" ? peer.parseSetCookie : peer.parseString;

const file = openSync(path);
const buffer = Buffer.allocUnsafe(1 << 20);
let cookies = 0;
let rest = "";
for (;;) {
  const size = readSync(file, buffer);
  if (size === 0) break;
  const lines = (rest + buffer.latin1Slice(0, size)).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    // Most lines are told from their first letter.
    const first = line.charCodeAt(0) | 32;
    if (first === 115 && line.slice(0, 11).toLowerCase() === "set-cookie:") {
      if (parse(line.slice(11).trim())) cookies += 1;
    }
  }
}
console.log(cookies);
