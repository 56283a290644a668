// Putting something of ours in the place of something of the browser's, and taking it back.

const undo = [];
const over = new AbortController();

/** Ends what listens when everything is taken back. */
export const { signal } = over;

/** Redefines a property; `make` gets what was there and gives what is to change of it. */
export function replace(object, name, make) {
  const before = object && Object.getOwnPropertyDescriptor(object, name);
  if (!before?.configurable) return;
  Object.defineProperty(object, name, { ...before, ...make(before) });
  undo.push(() => Object.defineProperty(object, name, before));
}

/** Replaces a method by what `make` makes of it. */
export const replaceMethod = (object, name, make) =>
  replace(object, name, ({ value }) => ({ value: make(value) }));

/** To be done when everything is taken back. */
export const whenRestored = (task) => undo.push(task);

/** Takes everything back, the last first. */
export function restore() {
  over.abort();
  while (undo.length) undo.pop()();
}
