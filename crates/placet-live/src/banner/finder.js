// Gathers what a frame shows that could be a consent banner, or lead back to one: facts alone, no verdicts.
//
// One function expression. It is evaluated in an isolated world of the frame, so it sees the page's elements and none of
// its globals; it builds no markup, so neither a Content-Security-Policy nor Trusted Types stand in its way. What it
// keeps between calls hangs on that world's own global object.
//
//   ({ look: { stems } })  the facts; `stems` are beginnings of words that speak of cookies, in lower case
//   ({ locate: id })       scrolls that element into view, and says where it is and what is on top of it
//   ({ frame_at: [x, y] }) says whether a frame inside is on top at that point
(request) => {
  "use strict";
  /** Elements that are looked at in one frame; no page that people read has as many. */
  const MOST_ELEMENTS = 40_000;
  const MOST_BOXES = 12;
  const MOST_CONTROLS = 400;
  const MOST_LOOSE = 80;
  const LONGEST_TEXT = 20_000;
  const LONGEST_NAME = 300;
  /** Letters of an element without a role that is pressed. */
  const MOST_PRESSED = 60;
  /** What makers of banners call them in ids, classes and element names. */
  const HINT = /cookie|consent|gdpr|rgpd|dsgvo|ccpa|lgpd|privacy|(^|[-_\s])(cmp|cc|eupopup)([-_\s]|$)|tracking|datenschutz|cookies?-?law/i;
  const CONTROLS =
    'a,button,input,summary,select,[role="button"],[role="link"],[role="switch"],[role="checkbox"],[role="radio"],[role="tab"],[role="menuitem"],[role="menuitemcheckbox"],[onclick],[contenteditable="true"]';

  const kept = (globalThis.placetSight ??= { next: 1, ids: new WeakMap(), elements: new Map() });
  const closedRoots = (globalThis.placetClosedRoots ??= new WeakMap());
  const listeners = (globalThis.placetListeners ??= new WeakSet());

  const idOf = (element) => {
    let id = kept.ids.get(element);
    if (id === undefined) {
      id = kept.next++;
      kept.ids.set(element, id);
      kept.elements.set(id, new WeakRef(element));
    }
    return id;
  };

  // The tree as it is drawn: shadow roots in place of what their hosts hold, slotted elements where they show.
  const rootOf = (element) => element.shadowRoot ?? closedRoots.get(element) ?? null;
  const parentOf = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host ?? null;
  const nodesOf = (element) => {
    const root = rootOf(element);
    if (root) return root.childNodes;
    if (element.localName === "slot") {
      const assigned = element.assignedNodes();
      if (assigned.length > 0) return assigned;
    }
    return element.childNodes;
  };
  const contains = (ancestor, element) => {
    for (let at = element; at; at = parentOf(at)) if (at === ancestor) return true;
    return false;
  };
  const byId = (element, id) => element.getRootNode().getElementById?.(id) ?? document.getElementById(id);

  const styles = new Map();
  const styleOf = (element) => {
    let style = styles.get(element);
    if (!style) styles.set(element, (style = getComputedStyle(element)));
    return style;
  };
  const rectOf = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left, y: top, width, height };
  };
  const is = (element, selector) => {
    try {
      return element.matches(selector);
    } catch {
      return false;
    }
  };
  const opacityOf = (element) => {
    let opacity = 1;
    for (let at = element; at && opacity > 0; at = parentOf(at)) opacity *= Number(styleOf(at).opacity);
    return opacity;
  };
  const isRendered = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false });
  /** Whether a visitor can get to see it: drawn, opaque enough, and not moved out of the page. */
  const isShown = (element) => {
    const rect = rectOf(element);
    if (rect.width < 1 || rect.height < 1 || !isRendered(element) || opacityOf(element) < 0.1) return false;
    if (rect.x + rect.width <= 0 || rect.x >= Math.max(innerWidth, document.documentElement.scrollWidth)) return false;
    if (rect.y + rect.height + scrollY <= 0) return false;
    const { kind } = layerOf(element);
    // What is fixed never scrolls into view.
    return kind !== "fixed" || isScrolled(element) || (rect.y < innerHeight && rect.y + rect.height > 0);
  };
  const isScrolled = (element) => {
    for (let at = parentOf(element); at && at !== document.body; at = parentOf(at)) {
      if (/auto|scroll/.test(styleOf(at).overflowY) && at.scrollHeight > at.clientHeight) return true;
    }
    return false;
  };
  const inViewport = ({ x, y, width, height }) => x + width / 2 >= 0 && x + width / 2 <= innerWidth && y + height / 2 >= 0 && y + height / 2 <= innerHeight;

  /** The layer that an element is drawn on: its own or that of the nearest ancestor with one. */
  const layers = new Map();
  const layerOf = (element) => {
    let layer = layers.get(element);
    if (layer) return layer;
    layer = ownLayer(element) ?? (parentOf(element) ? layerOf(parentOf(element)) : { kind: "flow", z: 0 });
    layers.set(element, layer);
    return layer;
  };
  const ownLayer = (element) => {
    if (is(element, ":modal")) return { kind: "modal", z: 0 };
    if (is(element, ":popover-open")) return { kind: "popover", z: 0 };
    const { position, zIndex } = styleOf(element);
    const z = Number.parseInt(zIndex, 10) || 0;
    if (position === "fixed" || position === "sticky") return { kind: position, z };
    if (position === "absolute" && z > 0) return { kind: "absolute", z };
    return null;
  };

  const hit = (x, y) => {
    let element = document.elementFromPoint(x, y);
    for (let root = element && rootOf(element); root; root = rootOf(element)) {
      const inner = root.elementFromPoint(x, y);
      if (!inner || inner === element || !contains(element, inner)) break;
      element = inner;
    }
    return element;
  };
  /** The share of some points of a rectangle, of those in the viewport, at which an element is on top. */
  const onTop = (element, { x, y, width, height }, columns, rows) => {
    let seen = 0;
    let all = 0;
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) {
        const px = x + (width * (column + 0.5)) / columns;
        const py = y + (height * (row + 0.5)) / rows;
        if (px < 0 || py < 0 || px >= innerWidth || py >= innerHeight) continue;
        all++;
        const at = hit(px, py);
        if (at && (contains(element, at) || is(at, "label") && at.control === element)) seen++;
      }
    }
    return all === 0 ? 0 : seen / all;
  };

  const locate = (element) => {
    // A checkbox is often drawn by its label alone.
    const drawn = [element, ...(element.labels ?? [])].find((one) => isShown(one) && onTop(one, rectOf(one), 3, 3) > 0);
    const rect = rectOf(drawn ?? element);
    // A link that breaks across lines has its middle beside it.
    const line = [...(drawn ?? element).getClientRects()].find(({ width, height }) => width > 2 && height > 2);
    const target = line ? { x: line.left, y: line.top, width: line.width, height: line.height } : rect;
    return {
      rect,
      x: target.x + target.width / 2,
      y: target.y + target.height / 2,
      shown: drawn !== undefined,
      on_top: drawn ? onTop(drawn, target, 3, 3) : 0,
    };
  };
  if (request.locate !== undefined) {
    const element = kept.elements.get(request.locate)?.deref();
    if (!element?.isConnected) return null;
    if (!inViewport(rectOf(element)) || onTop(element, rectOf(element), 3, 3) === 0) {
      element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    }
    // The browser knows where the mouse is in a frame once that was drawn as it is now.
    const drawn = new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const late = new Promise((resolve) => setTimeout(resolve, 500));
    return Promise.race([drawn, late]).then(() => {
      styles.clear();
      layers.clear();
      return locate(element);
    });
  }

  if (request.frame_at !== undefined) {
    const element = hit(...request.frame_at);
    return !!element && is(element, "iframe,frame,object,embed");
  }

  const stems = request.look.stems;
  const speaksOfCookies = (text) => {
    const lower = text.toLowerCase();
    return stems.some((stem) => lower.includes(stem));
  };

  const SILENT = new Set(["script", "style", "noscript", "template", "head", "link", "meta", "object", "iframe"]);
  /** What can be read inside an element, with a line break where a block begins. */
  const textOf = (element) => {
    let text = "";
    const read = (at, depth) => {
      for (const node of nodesOf(at)) {
        if (text.length > LONGEST_TEXT || depth > 200) return;
        if (node.nodeType === Node.TEXT_NODE) {
          if (isRendered(at)) text += node.data;
        } else if (node.nodeType === Node.ELEMENT_NODE && !SILENT.has(node.localName)) {
          const { display } = styleOf(node);
          if (display === "none") continue;
          if (display !== "inline" && display !== "contents") text += "\n";
          read(node, depth + 1);
          if (display !== "inline" && display !== "contents") text += "\n";
        }
      }
    };
    read(element, 0);
    return text.replace(/[^\S\n]+/g, " ").replace(/ ?\n[ \n]*/g, "\n").trim().slice(0, LONGEST_TEXT);
  };
  const oneLine = (text, longest = LONGEST_NAME) => text.replace(/\s+/g, " ").trim().slice(0, longest);

  // Accessible names, after "Accessible Name and Description Computation 1.2", as far as banners need it.
  const nameOf = (element, inside = new Set()) => {
    if (inside.has(element) || inside.size > 40) return { name: "", from: "none" };
    inside.add(element);
    const referred = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const labelled = oneLine(referred.map((id) => byId(element, id)).filter(Boolean).map((one) => one.getAttribute("aria-label") ?? contentName(one, inside)).join(" "));
    if (labelled) return { name: labelled, from: "aria-labelledby" };
    const label = oneLine(element.getAttribute("aria-label") ?? "");
    if (label) return { name: label, from: "aria-label" };
    if (element.localName === "input") {
      if (["button", "submit", "reset"].includes(element.type) && oneLine(element.value)) return { name: oneLine(element.value), from: "value" };
      if (element.type === "image" && element.alt) return { name: oneLine(element.alt), from: "alt" };
    }
    const labels = oneLine([...(element.labels ?? [])].map((one) => contentName(one, inside)).join(" "));
    if (labels && element.localName !== "button") return { name: labels, from: "label" };
    if (element.localName === "img" && element.alt) return { name: oneLine(element.alt), from: "alt" };
    const content = oneLine(contentName(element, inside));
    if (content) return { name: content, from: "content" };
    const title = oneLine(element.getAttribute("title") ?? element.getAttribute("placeholder") ?? "");
    return title ? { name: title, from: "title" } : { name: "", from: "none" };
  };
  const contentName = (element, inside) => {
    let text = "";
    for (const node of nodesOf(element)) {
      if (text.length > LONGEST_NAME * 4) break;
      if (node.nodeType === Node.TEXT_NODE) text += node.data;
      if (node.nodeType !== Node.ELEMENT_NODE || SILENT.has(node.localName)) continue;
      if (node.getAttribute("aria-hidden") === "true" || styleOf(node).display === "none") continue;
      if (is(node, "input,select,textarea")) continue;
      const inline = styleOf(node).display === "inline";
      const label = node.getAttribute("aria-label") || (node.localName === "img" && node.alt) || "";
      const part = node.localName === "svg" ? (label || node.querySelector("title")?.textContent || "") : label || contentName(node, inside);
      text += inline ? part : ` ${part} `;
    }
    return text;
  };

  // Colours, as the bytes that are drawn.
  const NUMBERS = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/;
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const bytesOf = (colour) => {
    const numbers = NUMBERS.exec(colour);
    if (numbers) return [Number(numbers[1]), Number(numbers[2]), Number(numbers[3]), numbers[4] === undefined ? 1 : Number(numbers[4])];
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = "rgba(0, 0, 0, 0)";
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([r, g, b, a], [r2, g2, b2]) => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a)];
  /** What is drawn behind an element's text; `known` is false where a picture or gradient has a part in it. */
  const backgroundOf = (element) => {
    const coats = [];
    let known = true;
    let opaque = false;
    for (let at = element; at && !opaque; at = parentOf(at)) {
      const style = styleOf(at);
      const coat = bytesOf(style.backgroundColor);
      if (style.backgroundImage !== "none") known = false;
      coat[3] *= Number(style.opacity);
      if (coat[3] > 0) coats.push(coat);
      opaque = coat[3] >= 0.999;
    }
    let colour = bytesOf(styleOf(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)").slice(0, 3);
    for (const coat of coats.reverse()) colour = over(coat, colour);
    return { colour: colour.map(Math.round), known };
  };

  const isToggle = (element) =>
    (element.localName === "input" && ["checkbox", "radio"].includes(element.type)) || is(element, '[role="switch"],[role="checkbox"],[role="radio"],[role="menuitemcheckbox"],[aria-pressed]');
  const isControl = (element) => {
    if (is(element, CONTROLS)) return element.type !== "hidden";
    // A `div` that is pressed by script gives itself away by its pointer.
    if (element.tabIndex >= 0 && element.hasAttribute("tabindex") && is(element, "div,span,p,li,i,img,svg")) return !element.querySelector(CONTROLS);
    if (!is(element, "div,span,p,li,i,b,strong,img,svg")) return false;
    // What listens to presses and holds a few words is pressed; what holds much listens for the sake of something else.
    if (listeners.has(element)) {
      const length = element.textContent.trim().length;
      if (length > 0 && length <= MOST_PRESSED && !element.querySelector(CONTROLS) && !element.closest(`${CONTROLS},label`)) return true;
    }
    const parent = parentOf(element);
    return styleOf(element).cursor === "pointer" && !!parent && styleOf(parent).cursor !== "pointer" && !element.querySelector(CONTROLS) && !element.closest(`${CONTROLS},label`);
  };

  /** Whether it is pressed for what it does, and not followed or filled in. */
  const isPressed = (element) => {
    if (is(element, 'button,[role="button"],input[type="button"],input[type="submit"]')) return true;
    if (element.localName === "a") return hrefKind(element) === "script" || element.getAttribute("href") === "#" || (!element.hasAttribute("href") && isControl(element));
    return !is(element, "input,select,summary,textarea") && !isToggle(element) && isControl(element);
  };
  const hrefKind = (element) => {
    if (element.localName !== "a" || !element.hasAttribute("href")) return "none";
    const written = element.getAttribute("href").trim();
    if (written === "" || written.startsWith("#")) return "here";
    if (/^javascript:/i.test(written)) return "script";
    const here = location.href.split("#")[0];
    if (element.href.split("#")[0] === here) return "here";
    return element.origin === location.origin ? "same" : "other";
  };
  /** The row that a toggle stands in: the widest ancestor that holds no other toggle. */
  const rowOf = (element) => {
    let row = element;
    for (let at = parentOf(element), up = 0; at && up < 6; at = parentOf(at), up++) {
      const others = descendants(at).filter(isToggle).length;
      if (others > 1) break;
      row = at;
    }
    return oneLine(textOf(row), 600);
  };
  const descendants = (element) => {
    const all = [];
    const gather = (at, depth) => {
      for (const node of nodesOf(at)) {
        if (node.nodeType !== Node.ELEMENT_NODE || SILENT.has(node.localName) || all.length > MOST_ELEMENTS || depth > 400) continue;
        if (styleOf(node).display === "none") continue;
        all.push(node);
        gather(node, depth + 1);
      }
    };
    gather(element, 0);
    return all;
  };

  const inProse = (element) => {
    if (styleOf(element).display !== "inline" || !parentOf(element)) return false;
    let around = parentOf(element);
    while (parentOf(around) && styleOf(around).display === "inline") around = parentOf(around);
    let words = 0;
    for (const node of around.childNodes) {
      const aside = node.contains(element) || (node.nodeType === Node.ELEMENT_NODE && (is(node, CONTROLS) || styleOf(node).display !== "inline"));
      if (!aside) words += oneLine(node.textContent ?? "").length;
    }
    return words >= 40;
  };
  const control = (element, order) => {
    const style = styleOf(element);
    const rect = rectOf(element);
    const { name, from } = nameOf(element);
    const background = backgroundOf(element);
    const around = parentOf(element) ? backgroundOf(parentOf(element)) : background;
    const colour = over(bytesOf(style.color), background.colour).map(Math.round);
    const border = ["Top", "Right", "Bottom", "Left"].some((side) => Number.parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none" && bytesOf(style[`border${side}Color`])[3] > 0.1);
    const filled = background.colour.some((byte, at) => Math.abs(byte - around.colour[at]) > 8) || style.backgroundImage !== "none" || style.boxShadow !== "none";
    // The letters may be smaller than those of the element that holds them.
    let largest = 0;
    let weight = 0;
    for (const one of [element, ...descendants(element).slice(0, 20)]) {
      if (![...nodesOf(one)].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
      largest = Math.max(largest, Number.parseFloat(styleOf(one).fontSize));
      weight = Math.max(weight, Number(styleOf(one).fontWeight));
    }
    const form = element.form ?? element.closest?.("form");
    const toggle = isToggle(element);
    const mixed = element.getAttribute("aria-checked") ?? element.getAttribute("aria-pressed");
    return {
      id: idOf(element),
      tag: element.localName,
      role: element.getAttribute("role") ?? "",
      input: element.localName === "input" || element.localName === "button" ? element.type : "",
      name,
      named_by: from,
      text: oneLine(textOf(element)),
      hints: oneLine(`${element.id} ${element.getAttribute("class") ?? ""}`),
      rect,
      shown: isShown(element) || [...(element.labels ?? [])].some(isShown),
      on_top: onTop(element, rect, 3, 3),
      in_viewport: inViewport(rect),
      layer: layerOf(element),
      disabled: element.disabled === true || element.getAttribute("aria-disabled") === "true" || element.closest?.("[inert]") !== null,
      font_size: largest || Number.parseFloat(style.fontSize),
      font_weight: weight || Number(style.fontWeight),
      colour,
      background: background.colour,
      around: around.colour,
      known_colours: background.known && around.known,
      opacity: opacityOf(element),
      border,
      filled,
      underlined: style.textDecorationLine.includes("underline"),
      in_prose: inProse(element),
      in_footer: !!element.closest?.('footer,[role="contentinfo"],[class*="footer" i],[id*="footer" i]'),
      href: hrefKind(element),
      address: element.localName === "a" && element.hasAttribute("href") ? element.href.slice(0, 500) : "",
      reachable: element.tabIndex >= 0 && isRendered(element),
      order,
      toggle: toggle ? { checked: element.localName === "input" ? element.checked : mixed === "true", row: rowOf(element), radio: element.type === "radio" || element.getAttribute("role") === "radio" } : null,
      fields: form ? [...form.elements].filter((one) => is(one, 'input:not([type]),input[type="text"],input[type="email"],input[type="password"],input[type="search"],input[type="tel"],textarea')).length : 0,
      submits: !!form && ((element.localName === "button" && element.type === "submit") || ["submit", "image"].includes(element.localName === "input" ? element.type : "")),
    };
  };

  /** The places where a banner could be, with why. */
  const places = new Map();
  const propose = (element, why) => {
    if (!places.has(element)) places.set(element, new Set());
    places.get(element).add(why);
  };
  // Some banners stand beside the body.
  const all = descendants(document.documentElement);
  const hintOf = (element) => `${element.id} ${element.getAttribute("class") ?? ""} ${element.localName.includes("-") ? element.localName : ""} ${element.getAttribute("aria-label") ?? ""}`;
  for (const element of all) {
    if (element === document.body || element.ownerSVGElement || is(element, "html,option")) continue;
    const layer = ownLayer(element);
    if (layer) propose(element, layer.kind);
    if (is(element, 'dialog[open],[role="dialog"],[role="alertdialog"],[aria-modal="true"]')) propose(element, "dialog");
    if (HINT.test(hintOf(element)) && !is(element, `${CONTROLS},label`)) propose(element, "hint");
    const own = [...nodesOf(element)].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join(" ");
    if (own.length > 20 && speaksOfCookies(own)) {
      for (let at = element, up = 0; at && at !== document.body && up < 8; at = parentOf(at), up++) {
        if (is(at, 'main,article,nav,footer,[role="main"]')) break;
        if (descendants(at).some((one) => isPressed(one) && isShown(one))) {
          propose(at, "text");
          break;
        }
      }
    }
  }
  if (window !== window.top && document.body) propose(document.body, "frame");

  const LANDMARKS = 'main,[role="main"],article,nav';
  let boxes = [];
  for (const [element, why] of places) {
    const inner = descendants(element);
    if (element !== document.body && inner.some((one) => is(one, LANDMARKS))) continue;
    const controls = (rootOf(element) || !isControl(element) ? inner : []).filter((one) => isControl(one) && (isShown(one) || [...(one.labels ?? [])].some(isShown)));
    if (controls.length === 0) continue;
    const text = textOf(element);
    if (!speaksOfCookies(text) && !why.has("hint")) continue;
    // A wrapper may have no size of its own.
    if (!isShown(element) && !(isRendered(element) && opacityOf(element) >= 0.1)) continue;
    boxes.push({ element, why, controls, text });
  }
  // Of nested places the outer one counts, unless the inner one has all that can be pressed.
  const dropped = new Set();
  for (const outer of boxes) {
    for (const inner of boxes) {
      if (outer === inner || dropped.has(outer) || dropped.has(inner) || !contains(outer.element, inner.element)) continue;
      if (inner.controls.length === outer.controls.length && isShown(inner.element) && (inner.text.length * 2 >= outer.text.length || !isShown(outer.element))) {
        for (const why of outer.why) inner.why.add(why);
        dropped.add(outer);
      } else {
        for (const why of inner.why) if (why === "hint" || why === "dialog") outer.why.add(why);
        dropped.add(inner);
      }
    }
  }
  boxes = boxes.filter((box) => !dropped.has(box)).slice(0, MOST_BOXES);

  /** The smallest rectangle around all that is shown of a place. */
  const extent = ({ element, controls }) => {
    const own = rectOf(element);
    if (own.width >= 1 && own.height >= 1) return own;
    const rects = controls.map(rectOf);
    const x = Math.min(...rects.map((rect) => rect.x));
    const y = Math.min(...rects.map((rect) => rect.y));
    return { x, y, width: Math.max(...rects.map((rect) => rect.x + rect.width)) - x, height: Math.max(...rects.map((rect) => rect.y + rect.height)) - y };
  };
  const isBackdrop = (element) => {
    for (let at = element; at && at !== document.body && at !== document.documentElement; at = parentOf(at)) {
      const rect = rectOf(at);
      if (ownLayer(at) && rect.width * rect.height >= innerWidth * innerHeight * 0.8 && !at.querySelector(LANDMARKS)) return true;
    }
    return false;
  };
  /** What a visitor meets at a grid of points of the viewport: the place itself, something that only blocks, or the page. */
  const reach = (box) => {
    let own = 0;
    let blocked = 0;
    const columns = 12;
    const rows = 10;
    const modal = layerOf(box.element).kind === "modal";
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) {
        const element = hit((innerWidth * (column + 0.5)) / columns, (innerHeight * (row + 0.5)) / rows);
        if (element && contains(box.element, element)) own++;
        else if (modal || (element && isBackdrop(element))) blocked++;
      }
    }
    return { covers: own / (columns * rows), blocks: (own + blocked) / (columns * rows) };
  };

  const order = new Map(all.filter((element) => element.tabIndex >= 0).sort((a, b) => (a.tabIndex || Infinity) - (b.tabIndex || Infinity)).map((element, at) => [element, at]));
  let focused = document.activeElement;
  for (let root = focused && rootOf(focused); root?.activeElement; root = rootOf(focused)) focused = root.activeElement;
  const langOf = (element) => {
    for (let at = element; at; at = parentOf(at)) if (at.lang) return at.lang;
    return "";
  };
  const inShadow = (element) => {
    const root = element.getRootNode();
    const roots = [root, ...descendants(element).slice(0, 200).map(rootOf)].filter((one) => one instanceof ShadowRoot);
    return roots.some((one) => one.mode === "closed") ? "closed" : roots.length > 0 ? "open" : "none";
  };
  const shapes = boxes.map((box) => {
    const { element, why, controls, text } = box;
    const rect = extent(box);
    return {
      id: idOf(element),
      tag: element.localName,
      role: element.getAttribute("role") ?? "",
      modal: layerOf(element).kind === "modal" || element.getAttribute("aria-modal") === "true",
      label: nameOf(element).from.startsWith("aria") ? nameOf(element).name : "",
      hints: oneLine(hintOf(element)),
      why: [...why].sort(),
      layer: layerOf(element),
      rect,
      ...reach(box),
      on_top: onTop(element, rect, 6, 4),
      shadow: inShadow(element),
      lang: langOf(element),
      background: backgroundOf(element).colour,
      text,
      focused: !!focused && focused !== document.body && contains(element, focused),
      controls: controls.slice(0, MOST_CONTROLS).map((one) => control(one, order.get(one) ?? null)),
      left_out: Math.max(0, controls.length - MOST_CONTROLS),
      asks_who: descendants(element).some((one) => is(one, 'input[type="email"],input[type="password"],input[type="tel"],input[autocomplete~="email"],input[autocomplete~="username"]') && isShown(one)),
    };
  });

  const loose = [];
  for (const element of all) {
    if (loose.length >= MOST_LOOSE) break;
    if (!isControl(element) || isToggle(element) || boxes.some((box) => contains(box.element, element))) continue;
    const { name } = nameOf(element);
    if (name.length > 80 || !(speaksOfCookies(name) || (speaksOfCookies(hintOf(element)) && ownLayer(element)))) continue;
    if (isShown(element)) loose.push(control(element, order.get(element) ?? null));
  }

  const page = document.documentElement;
  const behind = all.filter((element) => {
    const rect = rectOf(element);
    return rect.width * rect.height > innerWidth * innerHeight * 0.3 && !boxes.some((box) => contains(box.element, element) || contains(element, box.element));
  });
  const locked = (element) => element && /hidden|clip/.test(styleOf(element).overflowY);
  return {
    address: location.href,
    title: document.title.slice(0, 300),
    lang: page.lang,
    direction: styleOf(page).direction,
    text: document.body ? textOf(document.body).slice(0, 4_000) : "",
    width: innerWidth,
    height: innerHeight,
    scroll_y: scrollY,
    scroll_height: page.scrollHeight,
    scroll_locked: !!document.body && (locked(page) || (styleOf(page).overflowY === "visible" && locked(document.body)) || styleOf(document.body).position === "fixed"),
    blurred: behind.some((element) => styleOf(element).filter.includes("blur(") && !styleOf(element).filter.includes("blur(0px)")),
    inert: behind.some((element) => element.inert || element.getAttribute("aria-hidden") === "true" || styleOf(element).pointerEvents === "none"),
    looked_at: all.length,
    boxes: shapes,
    loose,
    frames: all.filter((element) => is(element, "iframe,frame,object")).slice(0, 50).map((element) => ({ rect: rectOf(element), shown: isShown(element), layer: layerOf(element), hints: oneLine(`${hintOf(element)} ${element.title}`), on_top: onTop(element, rectOf(element), 4, 3) })),
  };
}
