// A figure as a file: SVG and PNG on white ground with title and whole foot, CSV with the foot in line 1.

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
// The steps of a figure's colours, and the signs of its own, on one line.
const legend = (model, y, palette) => {
  let x = PJ.PAD;
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
  return PJ.framed({
    palette,
    first: PJ.D.meta.synthetic ? PJ.t("synthetic_whole") : "",
    title: figure.title(model),
    corner: figure.corner?.(model),
    legend: model.scale ? (y) => legend(model, y, palette) : null,
    inner: figure.svg(model, { width: PJ.SHEET - 2 * PJ.PAD, palette }),
    foot: footOf(figure, model),
  });
};

/* ---- files ---- */
PJ.fileName = (what, ending) => `pingjiang-${what}-${PJ.D.meta.release}.${ending}`.replace(/[^\w.-]+/g, "_");
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
    PJ.save(name, await PJ.png(PJ.sheet(figure, model)), "image/png");
  }
};
