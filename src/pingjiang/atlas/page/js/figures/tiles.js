// Tile grids: the world, one tile a country or region, and China, one tile a province. Schematic, no borders.

const place = (tile, size) => [tile.column * size, tile.row * size];
const tileTip = (name, value, share) => (value ? `${name} ${PJ.count(value)}${share === undefined ? "" : ` · ${PJ.percent(share)}`}` : `${name} 0`);

// The world as SVG. `size`: a tile with its gap, in pixels. With `labels`, tiles bear their codes and can be
// chosen; without, they are a picture beside a list.
PJ.worldTiles = ({ values, scale, palette, size, labels, chosen, on }) => {
  const { world, waters } = PJ.D.layouts;
  const gap = Math.max(1, size * 0.09);
  const wide = 1 + Math.max(...world.map((tile) => tile.column));
  const high = 1 + Math.max(...world.map((tile) => tile.row));
  const out = [PJ.svg.tag("rect", { width: PJ.svg.round(wide * size), height: PJ.svg.round(high * size), fill: palette["water-2"] })];
  for (const tile of world) {
    const [x, y] = place(tile, size);
    const value = values.get(tile.code)?.value ?? 0;
    const fill = scale.colour(value, palette);
    const name = tile[PJ.S.lang];
    const rect = PJ.svg.tag("rect", {
      x: PJ.svg.round(x + gap / 2), y: PJ.svg.round(y + gap / 2), width: PJ.svg.round(size - gap), height: PJ.svg.round(size - gap),
      fill: value ? fill : palette.theme === "dark" ? palette.page : palette.paper, stroke: chosen === tile.code ? palette.ink : value || !labels ? undefined : palette.line, "stroke-width": chosen === tile.code ? 2.5 : 1,
    });
    const code = labels && size > 15 ? PJ.svg.text(tile.code, x + size / 2, y + size / 2, { size: PJ.svg.round(Math.max(size * 0.42, 9)), fill: value ? PJ.inkOn(fill) : palette["ink-3"], anchor: "middle" }) : "";
    const tip = tileTip(labels ? `${tile.code} ${name}` : name, value, values.get(tile.code)?.share);
    const given = value && on ? (labels ? { role: "button", tabindex: 0, "aria-label": tip, "aria-pressed": chosen === tile.code } : {}) : {};
    out.push(PJ.svg.tag("g", { "data-tip": on ? tip : undefined, ...(value && on ? on(tile) : {}), ...given }, rect + code));
  }
  if (labels) {
    for (const water of waters) {
      out.push(PJ.svg.text(water[PJ.S.lang], (water.column + 0.5) * size, (water.row + 0.5) * size,
        { size: PJ.svg.round(size * 0.55), fill: palette["ink-3"], anchor: "middle", family: palette.title, "letter-spacing": PJ.S.lang === "zh" ? "0.5em" : undefined }));
    }
  }
  return { markup: out.join(""), width: wide * size, height: high * size };
};

// China as SVG: name and count in each tile; the name chooses, the count lists.
PJ.chinaTiles = ({ values, scale, palette, size, high, chosen, on }) => {
  const { china } = PJ.D.layouts;
  const gap = Math.max(2, size * 0.07);
  const wide = 1 + Math.max(...china.map((tile) => tile.column));
  const rows = 1 + Math.max(...china.map((tile) => tile.row));
  const out = [PJ.svg.tag("rect", { width: PJ.svg.round(wide * size), height: PJ.svg.round(rows * high), fill: palette["water-2"] })];
  const font = Math.min(high * 0.3, size * 0.24);
  for (const tile of china) {
    const [x, y] = [tile.column * size, tile.row * high];
    const { value = 0, key } = values.get(tile.code) ?? {};
    const fill = scale.colour(value, palette);
    const ink = value ? PJ.inkOn(fill) : palette["ink-2"];
    // A long name is set smaller before it is cut.
    const room = size - gap - 4;
    const own = Math.max(font * 0.72, Math.min(font, (font * room) / PJ.textWidth(tile[PJ.S.lang], font)));
    const name = PJ.fitText(tile[PJ.S.lang], room + 1, own);
    const full = PJ.S.lang === "zh" ? tile.zh : tile.en;
    const rect = PJ.svg.tag("rect", {
      x: PJ.svg.round(x + gap / 2), y: PJ.svg.round(y + gap / 2), width: PJ.svg.round(size - gap), height: PJ.svg.round(high - gap),
      fill, stroke: chosen === key && key ? palette.ink : value ? undefined : palette.line, "stroke-width": chosen === key && key ? 2.5 : 1,
    });
    const head = PJ.svg.text(name, x + size / 2, y + high * 0.33, { size: PJ.svg.round(own), fill: ink, anchor: "middle" });
    const count = PJ.svg.text(PJ.count(value), x + size / 2, y + high * 0.68, { size: PJ.svg.round(font * 1.15), fill: ink, anchor: "middle", weight: 600 });
    const can = value && on;
    out.push(PJ.svg.tag("g", can ? { ...on.choose(key), role: "button", tabindex: 0, "aria-label": tileTip(full, value), "aria-pressed": chosen === key } : {}, rect + head));
    out.push(PJ.svg.tag("g", can ? { ...on.list(key), role: "button", tabindex: 0, "aria-label": PJ.t("list_of", { name: full, n: PJ.count(value) }) } : {}, count));
  }
  return { markup: out.join(""), width: wide * size, height: rows * high };
};
PJ.svgElement = ({ markup, width, height }, given = {}) =>
  new PJ.Html(PJ.svg.tag("svg", { width: PJ.svg.round(width), height: PJ.svg.round(height), viewBox: `0 0 ${PJ.svg.round(width)} ${PJ.svg.round(height)}`, "font-family": PJ.palette("light").sans, ...given }, markup));
