// The button that closes a layer.

export const closing = ({ close }) => ["button", { type: "button", "data-do": "close", class: "close", part: "close", "aria-label": close }, "×"];
