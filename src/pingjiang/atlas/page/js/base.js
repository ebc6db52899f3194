// Ground: safe HTML, numbers as people read them, steps of a scale.

/* ---- HTML: a template literal whose values are escaped, unless they are such HTML themselves ---- */
PJ.Html = class {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
};
PJ.part = (value) => {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof PJ.Html) return value.text;
  if (Array.isArray(value)) return value.map(PJ.part).join("");
  return PJ.escape(value);
};
PJ.html = (texts, ...values) => new PJ.Html(texts.reduce((out, text, i) => out + PJ.part(values[i - 1]) + text));
PJ.put = (element, content) => { element.innerHTML = PJ.part(content); return element; };
// A word of the data (a name, a title, a path): it keeps its own language in every language of the page.
// A file name or a source row: it breaks after its separators rather than within a word.
PJ.address = (value) => PJ.html`<span data-raw>${String(value ?? "").split(/(?<=[:_./\\-])/).map((part) => PJ.html`${part}<wbr>`)}</span>`;
PJ.raw = (value) => PJ.html`<span data-raw>${value}</span>`;

/* ---- numbers ---- */
PJ.fixed = (value, digits) => (value === null || value === undefined ? "" : PJ.minus(value.toFixed(digits)));
const percent = (value) => `${PJ.fixed(value * 100, 1)}%`;
// A share that is there is never written as none.
PJ.percent = (value) => {
  if (value === null || value === undefined) return "";
  return value > 0 && value < 0.0005 ? "<0.1%" : percent(value);
};
PJ.growth = (value) => {
  if (value === null || value === undefined) return "";
  return value > 0 ? `+${percent(value)}` : percent(value);
};
PJ.kinds = {
  count: PJ.count,
  days: PJ.count,
  year: (value) => (value === null ? PJ.t("unknown") : String(value)),
  share: (value) => PJ.percent(value),
  growth: (value) => PJ.growth(value),
  ratio: (value) => PJ.fixed(value, 4),
  number: (value) => PJ.fixed(value, 1),
  bool: (value) => (value === null ? "" : PJ.t(value ? "yes" : "no")),
  text: (value) => (value === null || value === undefined ? "" : String(value)),
};
PJ.isNumeric = (kind) => !["text", "bool"].includes(kind);
// Below this a rank or a growth rate says nothing.
PJ.SMALL = 30;

/* ---- a scale of at most five named steps; more is always farther from the ground ---- */
const nice = (value) => {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10) * power;
};
// Limits stand evenly on a logarithmic scale from the smallest to the largest value, rounded to 1, 2, 5.
PJ.scale = (values) => {
  const known = values.filter((value) => value > 0);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const limits = [];
  for (const part of known.length ? [0.2, 0.4, 0.6, 0.8] : []) {
    const limit = Math.max(2, nice(least * (most / least) ** part));
    if (limit > (limits.at(-1) ?? least) && limit <= most) limits.push(limit);
  }
  // Few limits take the deeper colours too: the top step always looks like the top.
  const colours = [[2], [1, 4], [0, 2, 4], [0, 2, 3, 4], [0, 1, 2, 3, 4]][limits.length];
  const step = (value) => colours[limits.filter((limit) => value >= limit).length];
  return {
    limits,
    colour: (value, palette) => (value > 0 ? palette.steps[step(value)] : palette.paper),
    legend: () => colours.map((colour, i) => {
      const low = i ? limits[i - 1] : 1;
      const high = limits[i] - 1;
      if (!limits.length) return { colour, label: known.length ? [...new Set([least, most])].map(PJ.count).join("–") : "0" };
      const label = i === limits.length ? `${PJ.count(low)}+` : low === high ? PJ.count(low) : `${PJ.count(low)}–${PJ.count(high)}`;
      return { colour, label };
    }),
  };
};

/* ---- names on several lines ---- */
// The pieces between which a name may break: words, parts before a hyphen; in Chinese, parts joined by 、 or 与 —
// and single characters where such a part is long.
const LONG_PART = 6;
PJ.pieces = (name) => (name.match(/[^\s、，：（与和及-]*[、，：-]|[与和及（]?[^\s、，：（与和及-]+-?[、，：]?|[与和及（]|\s+/g) ?? [])
  .flatMap((part) => (/[\u2E80-\u9FFF]/.test(part) && part.length > LONG_PART ? part.match(/[\u0021-\u00FF]+|.[、，：]?/g) : [part]));
// A name as HTML that breaks there alone.
PJ.broken = (name) => (PJ.S.lang === "en" ? name : PJ.pieces(name).map((part) => PJ.html`${part}<wbr>`));
const narrow = new Map();
// The least width in which a name stands on so many lines.
PJ.widthOnLines = (text, lines, size, weight = 400) => {
  const key = `${lines} ${weight} ${size} ${text}`;
  if (narrow.has(key)) return narrow.get(key);
  const pieces = PJ.pieces(text);
  const measure = (from, to) => PJ.textWidth(pieces.slice(from, to).join("").trim(), size, weight);
  const least = (from, left) => {
    if (left === 1) return measure(from, pieces.length);
    let best = Infinity;
    for (let cut = from + 1; cut <= pieces.length; cut += 1) best = Math.min(best, Math.max(measure(from, cut), cut < pieces.length ? least(cut, left - 1) : 0));
    return best;
  };
  narrow.set(key, least(0, lines));
  return narrow.get(key);
};
// The room inside an element, without its padding.
PJ.roomIn = (element) => {
  const style = getComputedStyle(element);
  return element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
};
// How much larger than at the desk everything is drawn (wall mode, the reader's own text size).
PJ.zoom = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
