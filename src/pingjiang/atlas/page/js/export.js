// A figure as a file: SVG and PNG on white ground with title and whole foot, CSV with the foot in line 1.

const WIDTH = 1200;
const PAD = 24;
const attributes = (given) => Object.entries(given)
  .filter(([, value]) => value !== undefined && value !== null && value !== "")
  .map(([name, value]) => ` ${name}="${PJ.escape(value)}"`).join("");

/* ---- SVG by hand ---- */
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

/* ---- what stands in the page as HTML, traced as SVG ---- */
const visible = (colour) => colour && colour !== "transparent" && !/, 0\)$/.test(colour);
const traceBox = (box, style, out) => {
  if (box.width < 0.5 || box.height < 0.5) return;
  const given = { x: PJ.svg.round(box.x), y: PJ.svg.round(box.y), width: PJ.svg.round(box.width), height: PJ.svg.round(box.height) };
  if (visible(style.backgroundColor)) out.push(PJ.svg.tag("rect", { ...given, fill: style.backgroundColor }));
  if (style.backgroundImage.includes("repeating-linear")) out.push(PJ.svg.tag("rect", { ...given, fill: "url(#hatch)" }));
  const width = parseFloat(style.borderTopWidth);
  const all = ["Right", "Bottom", "Left"].every((side) => parseFloat(style[`border${side}Width`]) > 0);
  if (width > 0 && all && visible(style.borderTopColor)) {
    const dash = style.borderTopStyle === "dashed" ? "4 3" : undefined;
    out.push(PJ.svg.tag("rect", { ...given, fill: "none", stroke: style.borderTopColor, "stroke-width": width, "stroke-dasharray": dash }));
  }
  const bottom = parseFloat(style.borderBottomWidth);
  if (bottom > 0 && !all && visible(style.borderBottomColor)) {
    const y = PJ.svg.round(box.y + box.height);
    out.push(PJ.svg.tag("path", { d: `M${given.x} ${y}H${PJ.svg.round(box.x + box.width)}`, stroke: style.borderBottomColor, "stroke-width": bottom }));
  }
};
// Pieces of a text node that stand on one line, with their boxes.
const lines = (node) => {
  const range = document.createRange();
  const found = [];
  for (let i = 0; i < node.length; i += 1) {
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    const box = range.getBoundingClientRect();
    if (!box.width && !box.height) continue;
    const last = found.at(-1);
    if (last && Math.abs(last.top - box.top) < 2) {
      last.text += node.data[i];
      last.right = box.right;
    } else {
      found.push({ text: node.data[i], top: box.top, bottom: box.bottom, left: box.left, right: box.right });
    }
  }
  return found.filter((line) => line.text.trim());
};
const traceText = (node, style, origin, out) => {
  const holder = node.parentElement.getBoundingClientRect();
  const cut = style.textOverflow === "ellipsis" || style.overflow === "hidden";
  const size = parseFloat(style.fontSize);
  for (const line of lines(node)) {
    const room = holder.right - line.left;
    const text = cut && line.right > holder.right + 1 ? PJ.fitText(line.text, room, size, style.fontWeight) : line.text;
    out.push(PJ.svg.text(text, line.left - origin.x, (line.top + line.bottom) / 2 - origin.y,
      { size: PJ.svg.round(size), fill: style.color, weight: style.fontWeight > 400 ? style.fontWeight : undefined }));
  }
};
const trace = (element, origin, out) => {
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden" || element.matches("[data-skip]")) return;
  const box = element.getBoundingClientRect();
  traceBox({ x: box.x - origin.x, y: box.y - origin.y, width: box.width, height: box.height }, style, out);
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) traceText(child, style, origin, out);
    else if (child instanceof HTMLElement) trace(child, origin, out);
  }
};
// `fill(element)` puts a figure into an element of `width`; what is seen there comes back as SVG.
PJ.traced = (fill, width) => {
  const stage = document.createElement("div");
  stage.className = "stage-out";
  stage.dataset.bsTheme = "light";
  stage.style.width = `${width}px`;
  document.body.append(stage);
  fill(stage);
  const origin = stage.getBoundingClientRect();
  const out = [];
  trace(stage, origin, out);
  stage.remove();
  const defs = PJ.svg.tag("defs", {}, PJ.svg.hatch("hatch", PJ.palette("light")));
  return { markup: defs + out.join(""), width, height: Math.ceil(origin.height) };
};

/* ---- the whole sheet ---- */
const wrap = (text, width, size) => {
  const out = [""];
  for (const piece of text.split(/(?<=[ ·，；。])/)) {
    if (PJ.textWidth(out.at(-1) + piece, size) > width && out.at(-1)) out.push("");
    out[out.length - 1] += piece;
  }
  return out.map((line) => line.trim());
};
// The steps of a figure's colours, and the signs of its own, on one line.
const legend = (model, y, palette) => {
  let x = PAD;
  const out = model.scale.legend().map(({ colour, label }) => {
    const drawn = PJ.svg.tag("rect", { x, y: y - 6, width: 16, height: 12, fill: palette.steps[colour] })
      + PJ.svg.text(label, x + 22, y, { fill: palette["ink-2"] });
    x += 22 + PJ.textWidth(label, 12) + 18;
    return drawn;
  });
  return out.join("") + (model.signs ? PJ.svg.text(model.signs, x, y, { fill: palette["ink-2"] }) : "");
};
// In a file the figure stands alone: its signs are explained there.
const footOf = (figure, model) => [PJ.footText(figure, model), ...(figure.more?.() ?? []).map(([, text]) => text)].join(" · ");
PJ.sheet = (figure, model) => {
  const palette = PJ.palette("light");
  const inner = figure.svg(model, { width: WIDTH - 2 * PAD, palette });
  const out = [];
  let y = PAD + 8;
  if (PJ.D.meta.synthetic) {
    out.push(PJ.svg.text(PJ.t("synthetic_whole"), PAD, y, { size: 13, fill: palette.ink, weight: 600 }));
    y += 26;
  }
  out.push(PJ.svg.text(figure.title(model), PAD, y, { size: 18, fill: palette.ink, weight: 600 }));
  if (figure.corner) {
    const corner = figure.corner(model);
    out.push(PJ.svg.text(corner, WIDTH - PAD, y, { size: 13, fill: palette["ink-2"], anchor: "end" }));
  }
  y += 22;
  if (model.scale) {
    out.push(legend(model, y, palette));
    y += 22;
  }
  out.push(PJ.svg.tag("g", { transform: `translate(${PAD} ${y})` }, inner.markup));
  y += inner.height + 18;
  out.push(PJ.svg.tag("path", { d: `M${PAD} ${y - 10}H${WIDTH - PAD}M${PAD} ${y - 7}H${WIDTH - PAD}`, stroke: palette["line-2"] }));
  for (const line of wrap(footOf(figure, model), WIDTH - 2 * PAD, 12)) {
    y += 6;
    out.push(PJ.svg.text(line, PAD, y, { size: 12, fill: palette["ink-2"] }));
    y += 12;
  }
  const height = y + PAD;
  const ground = PJ.svg.tag("rect", { width: WIDTH, height, fill: "#FFFFFF" });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" `
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
PJ.fileName = (what, ending) => `pingjiang-${what}-${PJ.D.meta.release}.${ending}`.replace(/[^\w.-]+/g, "_");
const toPng = (svg, scale = 2) => new Promise((resolve, reject) => {
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
// A cell of a CSV file. Text that a spreadsheet would take for a formula gets an apostrophe.
const csvCell = (value) => {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
PJ.csv = (first, heads, rows) =>
  `\uFEFF${[[first], heads, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
PJ.saveFigure = async (figure, model, ending) => {
  const name = PJ.fileName(figure.id, ending);
  if (ending === "csv") {
    const { columns, rows } = figure.table(model);
    const first = `${PJ.D.meta.synthetic ? `${PJ.t("synthetic_whole")} · ` : ""}${figure.title(model)} · ${footOf(figure, model)}`;
    const body = rows.map((row) => row.map((cell) => (cell && typeof cell === "object" ? cell.value : cell)));
    PJ.save(name, PJ.csv(first, columns.map((column) => column.label), body), "text/csv;charset=utf-8");
  } else if (ending === "svg") {
    PJ.save(name, PJ.sheet(figure, model), "image/svg+xml");
  } else {
    PJ.save(name, await toPng(PJ.sheet(figure, model)), "image/png");
  }
};
