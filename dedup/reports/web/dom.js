// Elements and words. Text of articles reaches the page as text, or through adopt().

const $ = (id) => document.getElementById(id);

/** Return an element; children are elements or text, never markup. */
function make(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const ALLOWED = new Set(("section header h2 h3 p ul ol li table caption thead tbody tr th td div span " +
  "bdi b a del ins q details summary time dl dt dd button figure figcaption code br svg rect path g").split(" "));
const ATTRIBUTES = new Set(("class id dir lang role datetime scope colspan viewbox preserveaspectratio x y " +
  "width height d rel tabindex hidden type title").split(" "));

/**
 * Return the elements of a fragment that this package rendered. Whatever a
 * fragment may not hold is left out, should escaping ever fail.
 */
function adopt(markup) {
  const parsed = new DOMParser().parseFromString(markup, "text/html");
  for (const element of [...parsed.body.querySelectorAll("*")]) {
    if (!ALLOWED.has(element.localName)) {
      element.remove();
      continue;
    }
    for (const attribute of [...element.attributes]) {
      const name = attribute.name.toLowerCase();
      const isLink = name === "href" && /^(#|https?:\/\/)/i.test(attribute.value);
      const isKept = ATTRIBUTES.has(name) || /^(aria|data)-/.test(name) || isLink;
      if (!isKept) element.removeAttribute(attribute.name);
    }
  }
  const whole = document.createDocumentFragment();
  whole.append(...[...parsed.body.childNodes].map((node) => document.importNode(node, true)));
  return whole;
}

const grouped = new Intl.NumberFormat("en");
const count = (number, noun, many) => `${grouped.format(number)} ${number === 1 ? noun : many || noun + "s"}`;

function percent(share) {
  if (share > 0 && share < 0.01) return "<1\u00a0%";
  if (share > 0.99 && share < 1) return ">99\u00a0%";
  return `${Math.round(share * 100)}\u00a0%`;
}

function duration(minutes) {
  if (minutes === null) return "–";
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole} min`;
  const [big, small, names] = whole < 1440
    ? [Math.floor(whole / 60), whole % 60, ["h", "min"]]
    : [Math.floor(whole / 1440), Math.floor((whole % 1440) / 60), ["d", "h"]];
  return `${grouped.format(big)} ${names[0]}` + (small ? ` ${small} ${names[1]}` : "");
}

/** Run a task once the current burst of calls is over. */
function soon(task, milliseconds) {
  let waiting = 0;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(task, milliseconds);
  };
}
