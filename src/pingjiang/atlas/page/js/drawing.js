// What every figure of the house is drawn with, on the atlas page and on the site: colours, SVG by hand, ECharts'
// axes and hatching, the sheet that a figure becomes as a file. Comes first; leans on ECharts alone.
const PJ = {};
globalThis.PJ = PJ;
PJ.escape = (value) => String(value).replace(/[&<>"']/g,
  (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[letter]);

/* ---- numbers ---- */
const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
PJ.minus = (text) => text.replace(/^-/, "\u2212");
PJ.count = (value) => (value === null || value === undefined ? "" : PJ.minus(GROUPED.format(value)));

/* ---- colours: read from the style sheet, so that there is one place for them ---- */
const CATEGORIES = {
  light: ["#0E5F62", "#EBB548", "#3B2A8C", "#CC6B2A", "#86C5CD", "#A9789E"],
  dark: ["#3FA7A2", "#F5D480", "#7C88DA", "#DA8152", "#BEE5F5", "#E38FD0"],
};
const TOKENS = ["ink", "ink-2", "ink-3", "paper", "page", "stone", "line", "line-2", "canal", "water", "water-2",
  "hatch", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "sans", "title"];
const palettes = {};
PJ.palette = (theme) => {
  if (palettes[theme]) return palettes[theme];
  const probe = document.createElement("i");
  probe.dataset.bsTheme = theme;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const palette = { theme, categories: CATEGORIES[theme] };
  for (const token of TOKENS) palette[token] = style.getPropertyValue(`--pj-${token}`).trim().replaceAll('"', "'");
  palette.steps = [1, 2, 3, 4, 5].map((step) => palette[`s${step}`]);
  probe.remove();
  palettes[theme] = palette;
  return palette;
};
const luminance = (hex) => {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04 ? part / 12.9 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
};
// The better of two inks on a fill.
PJ.inkOn = (hex) => {
  const fill = luminance(hex);
  return 1.05 / (fill + 0.05) > (fill + 0.05) / (luminance("#10191B") + 0.05) ? "#FFFFFF" : "#10191B";
};

/* ---- text width, for what is laid out by hand ---- */
const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
PJ.textWidth = (text, size, weight = 400) => {
  const key = `${weight} ${size} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  ruler.font = `${weight} ${size}px ${PJ.palette("light").sans}`;
  const { width } = ruler.measureText(text);
  widths.set(key, width);
  return width;
};
// Text cut so that it fits, with the cut shown.
PJ.fitText = (text, width, size, weight = 400) => {
  if (PJ.textWidth(text, size, weight) <= width) return text;
  let end = text.length;
  while (end > 1 && PJ.textWidth(`${text.slice(0, end)}…`, size, weight) > width) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
};

/* ---- SVG by hand ---- */
PJ.SHEET = 1200;
PJ.PAD = 24;
const attributes = (given) => Object.entries(given)
  .filter(([, value]) => value !== undefined && value !== null && value !== "")
  .map(([name, value]) => ` ${name}="${PJ.escape(value)}"`).join("");

PJ.svg = {
  tag: (name, given, content = "") => `<${name}${attributes(given)}>${content}</${name}>`,
  text: (text, x, y, { size = 12, fill, anchor, weight, family, ...more } = {}) =>
    PJ.svg.tag("text", {
      x: PJ.svg.round(x), y: PJ.svg.round(y), "font-size": size, fill, "text-anchor": anchor, "font-weight": weight,
      "font-family": family, "dominant-baseline": "central", ...more,
    }, PJ.escape(text)),
  round: (value) => Math.round(value * 10) / 10,
  // The hatch for "unknown" and "incomplete": one pattern a figure, drawn in the ink given.
  hatch: (id, palette, step = 5, ink = palette.hatch) =>
    `<pattern id="${id}" width="${step}" height="${step}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`
    + `<path d="M0 0V${step}" stroke="${ink}" stroke-width="1.4"/></pattern>`,
};

/* ---- ECharts ---- */
// A chart as SVG markup for a file; `option(palette, zoom)`.
PJ.chartSvg = (option, width, height, palette) => {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption(option(palette, 1));
  const markup = chart.renderToSVGString();
  chart.dispose();
  return { markup, width, height };
};

PJ.axis = (palette, zoom, more = {}) => ({
  axisLine: { show: false, lineStyle: { color: palette["line-2"] } },
  axisTick: { show: false },
  axisLabel: { color: palette["ink-3"], fontSize: 12 * zoom },
  splitLine: { lineStyle: { color: palette.line, width: 1 } },
  ...more,
});
// 45° hatching of what is incomplete or unknown.
PJ.decal = (palette) => ({
  dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4, symbol: "rect",
  color: palette.theme === "dark" ? "rgba(24,33,36,.85)" : "rgba(255,255,255,.85)",
});

// Of values {at, value, complete} in a row, the places of first, last complete and highest, where there is room for a
// label: it would be covered by a taller neighbour, and labels of neighbours by each other.
PJ.worthALabel = (rows) => {
  const sure = rows.filter((row) => row.complete && row.value > 0);
  const peak = rows.reduce((best, row) => (best && best.value >= (row.value ?? 0) ? best : row), null);
  const marked = new Set();
  const free = (row) => rows.every((each) => each === row || Math.abs(each.at - row.at) * 24 > rows.length || (each.value ?? 0) <= row.value);
  for (const row of [peak, sure.at(-1), sure[0]]) {
    if (row && (row === peak || free(row)) && [...marked].every((at) => Math.abs(at - row.at) * 12 > rows.length)) marked.add(row.at);
  }
  return marked;
};

/* ---- the sheet of a file ---- */
const wrap = (text, width, size) => {
  const out = [""];
  for (const piece of text.split(/(?<=[ ·，；。])/)) {
    if (PJ.textWidth(out.at(-1) + piece, size) > width && out.at(-1)) out.push("");
    out[out.length - 1] += piece;
  }
  return out.map((line) => line.trim());
};
// A figure on white ground with its title and whole foot. `inner`: {markup, height} of SHEET less two PADs width;
// `first` stands above all, `corner` opposite the title, `legend(y)` gives markup around that height.
PJ.framed = ({ palette, first, title, corner, legend, inner, foot }) => {
  const out = [];
  let y = PJ.PAD + 8;
  if (first) {
    out.push(PJ.svg.text(first, PJ.PAD, y, { size: 13, fill: palette.ink, weight: 600 }));
    y += 26;
  }
  out.push(PJ.svg.text(title, PJ.PAD, y, { size: 18, fill: palette.ink, weight: 600 }));
  if (corner) out.push(PJ.svg.text(corner, PJ.SHEET - PJ.PAD, y, { size: 13, fill: palette["ink-2"], anchor: "end" }));
  y += 22;
  if (legend) {
    out.push(legend(y));
    y += 22;
  }
  out.push(PJ.svg.tag("g", { transform: `translate(${PJ.PAD} ${y})` }, inner.markup));
  y += inner.height + 18;
  out.push(PJ.svg.tag("path", { d: `M${PJ.PAD} ${y - 10}H${PJ.SHEET - PJ.PAD}M${PJ.PAD} ${y - 7}H${PJ.SHEET - PJ.PAD}`, stroke: palette["line-2"] }));
  for (const line of wrap(foot, PJ.SHEET - 2 * PJ.PAD, 12)) {
    y += 6;
    out.push(PJ.svg.text(line, PJ.PAD, y, { size: 12, fill: palette["ink-2"] }));
    y += 12;
  }
  const height = y + PJ.PAD;
  const ground = PJ.svg.tag("rect", { width: PJ.SHEET, height, fill: "#FFFFFF" });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${PJ.SHEET}" height="${height}" viewBox="0 0 ${PJ.SHEET} ${height}" `
    + `font-family="${PJ.escape(palette.sans)}">${ground}${out.join("")}</svg>`;
};

/* ---- files ---- */
PJ.save = (name, content, type) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
// SVG text as a PNG of twice its size.
PJ.png = (svg, scale = 2) => new Promise((resolve, reject) => {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = image.width * scale;
    canvas.height = image.height * scale;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(resolve, "image/png");
  };
  image.onerror = reject;
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
});
