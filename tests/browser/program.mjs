// Starts programs for a test, waits until they are ready, and ends them: these, and no others.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

/** How long anything may take, in milliseconds: far longer than it takes on a busy machine. */
const PATIENCE = 60_000;

/** Reads until what was found fits, and gives what was found last, whether it fits or not. */
export async function poll(read, fits) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const found = await read();
    if (fits(found) || performance.now() > end) return found;
    await pause(50);
  }
}

/** A port of the loopback on which nobody listens. */
export async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

const running = new Set();
process.on("exit", () => running.forEach((program) => program.signal("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** A program that was started here, with all that it starts itself. */
export class Program {
  #child;
  #name;
  #said = "";

  /** `listening` is what it is told to write to: a descriptor, which `line` then reads. */
  constructor(name, words, { env, listening = 1 } = {}) {
    this.#name = name;
    const stdio = ["ignore", "pipe", "pipe", ...(listening > 2 ? ["pipe"] : [])];
    // A group of its own is what can be ended together.
    this.#child = spawn(name, words, { env, stdio, detached: true });
    this.#child.on("error", (error) => (this.#said += error));
    this.lines = createInterface(this.#child.stdio[listening]);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on("data", (data) => (this.#said = (this.#said + data).slice(-4096)));
    }
    running.add(this);
  }

  /** The first line that it says. */
  async line() {
    const ended = once(this.#child, "close").then(() => this.fail("ended and said nothing"));
    const [line] = await Promise.race([once(this.lines, "line"), ended]);
    ended.catch(() => {});
    return line;
  }

  /** Whether it is still there. */
  get isRunning() {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Throws, with what it said last. */
  fail(what) {
    throw new Error(`${this.#name} ${what}:\n${this.#said}`);
  }

  signal(signal) {
    try {
      process.kill(-this.#child.pid, signal);
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }

  /** Ends it, and then what it left behind. */
  async end() {
    if (this.isRunning) {
      const exit = once(this.#child, "exit");
      this.signal("SIGTERM");
      await exit;
    }
    if (this.#child.pid !== undefined) this.signal("SIGKILL");
    running.delete(this);
  }
}

/** Starts a program that says as its first line at which address it listens. */
export async function start(name, words) {
  const program = new Program(name, words);
  const address = await program.line();
  return { program, address };
}
