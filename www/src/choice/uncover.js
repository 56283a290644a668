// What gets the focus is not under a layer: the layer goes to the end of the window, where the page gets as much
// room, or else to its start.

export function uncover(stage, host, target) {
  const layer = stage.firstElementChild;
  const isCovered = () => {
    const [over, under] = [layer, target].map((one) => one.getBoundingClientRect());
    return under.bottom > over.top && under.top < over.bottom && under.right > over.left && under.left < over.right;
  };
  if (!layer || !isCovered()) return;
  host.style.height = document.documentElement.style.scrollPaddingBlockEnd = `${layer.offsetHeight + 32}px`;
  for (const edge of ["end", "start"]) {
    host.setAttribute("aside", edge);
    target.scrollIntoView({ block: "nearest" });
    if (!isCovered()) return;
  }
}
