// A figure as a file: SVG and PNG on white ground with title and whole foot, CSV with the foot in line 1.

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
