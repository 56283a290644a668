// The installed Chromium as every tool starts it: the same program, which finds the third party on loopback.
import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { TRACKER } from "./site.mjs";

/** Writes a program that starts `chromium` so, and returns its path. */
export async function write(folder, chromium, port) {
  const file = path.join(folder, `chromium-${port}`);
  await writeFile(file, `#!/bin/sh\nexec ${JSON.stringify(chromium)} --host-resolver-rules="MAP ${TRACKER}:80 127.0.0.1:${port}" "$@"\n`);
  await chmod(file, 0o755);
  return file;
}
