// The parts and files of the module, in the place of those of the tag: each is named in words by which tools
// that bundle find it and bring it along.

/** Where the files are, if nobody brings them along. */
let folder;
export const setFolder = (address) => (folder = address && new URL(address, location).href.replace(/\/?$/, "/"));

/** The address of a file. */
export function near(file) {
  if (folder) return folder + file;
  const locale = /locales\/(.*)\.json/.exec(file)?.[1];
  if (locale) return new URL(`./locales/${locale}.json`, import.meta.url).href;
  return new URL("./placet.wasm", import.meta.url).href;
}

const PARTS = {
  languages: () => import("./placet-languages.js"),
  preferences: () => import("./placet-preferences.js"),
  bridges: () => import("./placet-bridges.js"),
  choice: () => import("./placet-choice.js"),
  compiler: () => import("./placet-compiler.js"),
  fallback: () => import("./placet-fallback.js"),
};

/** A part by its name; whatever bundles has nothing to bring along for a folder. */
export const part = (name) =>
  folder ? import(/* webpackIgnore: true */ /* @vite-ignore */ `${folder}placet-${name}.js`) : PARTS[name]();
