// The parts of the script that are not in its first file: loaded when one is needed, or bundled with it by
// `placet bundle`, which then has them in `BUNDLE`.

/** The script tag. */
export const tag = document.currentScript;

/** The address of a file beside the script. */
export const near = (file) => new URL(file, tag?.src ?? location).href;

/** A part by its name. */
export const part = async (name) => BUNDLE?.[name] ?? import(near(`placet-${name}.js`));
