// A view as data, and the one place where it becomes nodes.

/**
 * The node of a view: a text, or `[tag, attributes, ...children]`. A child that is nothing is left out,
 * and so is an attribute that is false; one that is true has no value.
 */
export function build(view) {
  if (!Array.isArray(view)) return document.createTextNode(view);
  const [tag, attributes, ...children] = view;
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(Boolean).map(build));
  return node;
}

/** A text with its places in braces filled. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
