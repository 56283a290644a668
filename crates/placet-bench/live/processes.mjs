// The memory of a process and of all that it has started, from /proc.
import { readFileSync, readdirSync } from "node:fs";

const read = (file) => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It has just ended.
    return "";
  }
};

/** A process and all that descend from it. */
function tree(pid) {
  const children = new Map();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = read(`/proc/${entry}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const all = [pid];
  for (const one of all) all.push(...(children.get(one) ?? []));
  return all;
}

/** Bytes that a process holds, what it shares counted by its share (PSS). */
const held = (pid) => 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);

/** Bytes that a process holds itself, and what all that it started hold. */
export function memory(pid) {
  const [own, ...others] = tree(pid);
  return { own: held(own), others: others.map(held).reduce((sum, bytes) => sum + bytes, 0), processes: others.length + 1 };
}
