// Builds DOM nodes. Nothing here or elsewhere on the page parses HTML: what people and apps write
// reaches the document as text nodes only.

const SVG = "http://www.w3.org/2000/svg";

/** A new element; `props`: class, text, on: {event: fn}, style: {name: value}, any attribute; null and false are left out. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same in the SVG namespace. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  // Children first: Chromium works out the direction of a dir=auto element anew for every child that is put into it.
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.setAttribute("class", value);
    else if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, fn] of Object.entries(value)) node.addEventListener(event, fn);
    else if (name === "style") for (const [key, item] of Object.entries(value)) node.style.setProperty(key, item);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  return node;
}

/** Empties `node` and puts `children` in. */
export function put(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The URL if a click on it is harmless (http, https, mailto, tel, a path of ours), else null. */
export function safeUrl(url) {
  try {
    const parsed = new URL(String(url), location.href);
    return ["http:", "https:", "mailto:", "tel:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A link that opens elsewhere; plain text where the address is not one we follow. */
export function link(url, ...children) {
  const href = safeUrl(url);
  const shown = children.length ? children : [String(url)];
  if (!href) return h("span", { class: "unlink", title: "The address is not a web address" }, ...shown);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...shown);
}

/** `fn` at most once a frame, however often it is asked for. */
export function onceAFrame(fn) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      fn();
    });
  };
}

/** Arrow keys, Home and End move the focus among `selector` inside `root`: one tab stop for the whole list. */
export function roving(root, selector, { horizontal = false } = {}) {
  const [back, on] = horizontal ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  root.addEventListener("keydown", (event) => {
    if (![back, on, "Home", "End"].includes(event.key) || !event.target.matches(selector)) return;
    const items = [...root.querySelectorAll(selector)].filter((item) => !item.disabled);
    const at = items.indexOf(event.target);
    const to = { [back]: at - 1, [on]: at + 1, Home: 0, End: items.length - 1 }[event.key];
    const next = items[Math.max(0, Math.min(items.length - 1, to))];
    if (!next) return;
    event.preventDefault();
    stop(items, next);
    next.focus();
  });
  root.addEventListener("focusin", (event) => {
    const item = event.target.closest?.(selector);
    if (item && root.contains(item)) stop([...root.querySelectorAll(selector)], item);
  });
}

function stop(items, chosen) {
  for (const item of items) item.tabIndex = item === chosen ? 0 : -1;
}

let serial = 0;
/** An id no other element has. */
export const uid = (prefix = "id") => `${prefix}-${++serial}`;
