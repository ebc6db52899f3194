// Heat maps over the nodes of the chain: node by year, country or city by node.

const LEVELS = { leaf: (node) => node.is_leaf, group: (node) => !node.is_leaf && !PJ.D.segments.includes(node), segment: (node) => PJ.D.segments.includes(node) };
// The rows: nodes of the level chosen; where a branch has no group, its leaf stands for it.
const rowsShown = () => {
  if (PJ.S.level === "group") {
    const groups = PJ.D.order.filter((node) => LEVELS.group(node));
    return PJ.D.order.filter((node) => groups.includes(node) || (node.is_leaf && !PJ.nodePath(node).some((each) => groups.includes(each))));
  }
  return PJ.D.order.filter(LEVELS[PJ.S.level]);
};
const levelSwitch = () => PJ.html`<span class="seg" role="group" aria-label="${PJ.t("level")}">${Object.keys(LEVELS).map((level) =>
  PJ.html`<button data-set="level=${level}" aria-pressed="${PJ.S.level === level}">${PJ.t(`level_${level}`)}</button>`)}</span>`;

// `columns`: [{key, name, hatched}]; `cell(node, column)`: value or null where not counted; `list(node, column)`.
const heat = ({ nodes, columns, cell, list, scale, palette, width, zoom, row = 21, head = 22, on }) => {
  const label = Math.min(Math.max(120, (width / zoom) * 0.26), 16 + Math.max(...nodes.map((node) => PJ.textWidth(PJ.nodeName(node), 12)))) * zoom;
  const [rowHigh, headHigh] = [row * zoom, head * zoom];
  const step = (width - label) / columns.length;
  const font = 12 * zoom;
  const out = [PJ.svg.tag("defs", {}, PJ.svg.hatch("heat-hatch", palette, 5 * zoom) + PJ.svg.hatch("heat-hatch-light", palette, 5 * zoom, "rgba(255,255,255,.45)"))];
  const showsNumbers = step >= 30 * zoom;
  // All places by name, or all by code: a mixture reads badly.
  const whole = columns.every((column) => PJ.textWidth(column.name, 12) * zoom < step - 4);
  const every = Math.max(1, Math.ceil((PJ.textWidth("2000", 12) * zoom + 10 * zoom) / step));
  columns.forEach((column, i) => {
    if (column.name === "" || (!column.wide && i % every)) return;
    const name = column.wide && !whole ? column.short(step / zoom - 4) : column.name;
    const text = PJ.svg.text(name, label + (i + 0.5) * step, headHigh / 2, { size: font, fill: palette["ink-3"], anchor: "middle" });
    const target = PJ.svg.tag("rect", { x: PJ.svg.round(label + i * step), y: 0, width: PJ.svg.round(step), height: headHigh, fill: "transparent" });
    out.push(on && name !== column.said && column.wide ? PJ.svg.tag("g", { "data-tip": column.said }, target + text) : text);
  });
  let last = null;
  nodes.forEach((node, line) => {
    const y = headHigh + line * rowHigh;
    const segment = PJ.segmentOf(node);
    if (segment !== last && last) out.push(PJ.svg.tag("path", { d: `M0 ${PJ.svg.round(y)}H${PJ.svg.round(width)}`, stroke: palette["line-2"] }));
    last = segment;
    const chosen = PJ.S.node === node.node_id;
    const fits = PJ.fitText(PJ.nodeName(node), (label - 8 * zoom) / zoom, 12);
    const name = PJ.svg.text(fits, 2 * zoom, y + rowHigh / 2, { size: font, fill: chosen ? palette.ink : palette["ink-2"], weight: chosen ? 600 : undefined });
    const target = PJ.svg.tag("rect", { x: 0, y, width: label - 4 * zoom, height: rowHigh, fill: chosen && on ? palette["water"] : "transparent" });
    out.push(PJ.svg.tag("g", on ? { role: "button", tabindex: 0, "data-node": node.node_id, "aria-pressed": chosen, "aria-label": PJ.nodeName(node), "data-tip": fits === PJ.nodeName(node) ? undefined : PJ.nodeName(node) } : {}, target + name));
    columns.forEach((column, i) => {
      const value = cell(node, column);
      const [x, wide] = [label + i * step, step];
      const fill = value ? scale.colour(value, palette) : palette.paper;
      const given = { x: PJ.svg.round(x + 0.75), y: PJ.svg.round(y + 0.75), width: PJ.svg.round(wide - 1.5), height: PJ.svg.round(rowHigh - 1.5) };
      let drawn = PJ.svg.tag("rect", { ...given, fill, stroke: value ? undefined : palette.line, "stroke-width": value ? undefined : 0.6 });
      if (column.hatched) drawn += PJ.svg.tag("rect", { ...given, fill: value && PJ.inkOn(fill) === "#FFFFFF" ? "url(#heat-hatch-light)" : "url(#heat-hatch)" });
      if (showsNumbers && value) drawn += PJ.svg.text(PJ.count(value), x + wide / 2, y + rowHigh / 2, { size: font, fill: PJ.inkOn(fill), anchor: "middle" });
      const tip = `${PJ.nodeName(node)} · ${column.said ?? column.name} ${PJ.count(value ?? 0)}${column.hatched ? ` (${PJ.t("incomplete")})` : ""}`;
      out.push(PJ.svg.tag("g", on ? { "data-tip": tip, "data-list": value ? list(node, column) : undefined } : {}, drawn));
    });
  });
  return { markup: out.join(""), width, height: headHigh + nodes.length * rowHigh + 2 };
};
// Few rows stand taller; on a wall many rows are pressed so that all of them show.
const rowHeight = (holder, count, zoom) => {
  const room = (innerHeight - holder.getBoundingClientRect().top) / zoom - 100;
  return Math.max(PJ.S.wall ? 14 : room / count > 18 ? 18 : 21, Math.min(34, room / count));
};
const LEAST_WIDTH = 560;
const drawHeat = (element, label, make, count) => {
  PJ.put(element, PJ.html`<div class="heat"></div>`);
  const holder = element.firstElementChild;
  const zoom = PJ.zoom();
  const row = count ? rowHeight(holder, count, zoom) : 21;
  const least = LEAST_WIDTH * zoom;
  PJ.put(holder, PJ.svgElement(make(Math.max(least, PJ.roomIn(holder)), PJ.palette(PJ.S.theme), zoom, true, row), { role: "group", "aria-label": label }));
};

/* ---- node by year ---- */
const yearModel = () => {
  const nodes = rowsShown();
  const got = PJ.get("node_year", nodes);
  const ids = new Set(nodes.map((node) => node.node_id));
  const rows = got.rows.filter((row) => ids.has(row.node_id));
  const cells = new Map(rows.map((row) => [`${row.node_id} ${row.year}`, row.value]));
  const years = rows.map((row) => row.year).filter((year) => year !== null);
  const unfinished = new Set(rows.filter((row) => row.year !== null && !row.complete).map((row) => row.year));
  const scope = PJ.withoutNode(() => PJ.inScope());
  const span = years.length ? PJ.yearsBetween(Math.min(...years), Math.max(...years)) : [];
  return {
    ...got, nodes, cells, ...scope, unknownOf: PJ.t("year_unknown"), years: span, hatched: unfinished.size > 0,
    columns: span.map((year) => ({ key: year, name: String(year), hatched: unfinished.has(year) })),
    scale: PJ.scale(rows.filter((row) => row.year !== null).map((row) => row.value)),
    empty: rows.length || got.missing ? null : PJ.t("no_rows"),
  };
};
const yearHeat = (model) => (width, palette, zoom, on, row) => heat({
  ...model, palette, width, zoom, on, row,
  cell: (node, column) => model.cells.get(`${node.node_id} ${column.key}`) ?? 0,
  list: (node, column) => PJ.formatConditions([PJ.c.node(node.node_id), PJ.c.filed(column.key)]),
});
PJ.define({
  id: "node-year",
  sources: ["node_year"],
  title: () => PJ.t("node_year"),
  model: yearModel,
  controls: (model) => PJ.html`${PJ.legend(model.scale, PJ.palette(PJ.S.theme))}${levelSwitch()}`,
  notes: (model) => [...(model.hatched ? [PJ.t("hatched")] : []), PJ.t("several_nodes")],
  draw: (element, model) => drawHeat(element, PJ.t("node_year"), yearHeat(model), model.nodes.length),
  svg: (model, { width, palette }) => yearHeat(model)(width, palette, 1, false),
  table: (model) => ({
    columns: [{ label: PJ.t("node"), kind: "text" }, ...model.years.map((year) => ({ label: String(year), kind: "count" })), { label: PJ.t("year_unknown"), kind: "count" }],
    rows: model.nodes.map((node) => [{ value: PJ.nodeName(node), node: node.node_id }, ...[...model.years, null].map((year) => ({
      value: model.cells.get(`${node.node_id} ${year}`) ?? 0, list: PJ.formatConditions([PJ.c.node(node.node_id), PJ.c.filed(year)]),
    }))]),
  }),
});

/* ---- country or city by node ---- */
const COLUMNS = 15;
const placeModel = () => {
  const nodes = rowsShown();
  const got = PJ.get("place_node", nodes);
  const city = PJ.S.across === "city";
  const ids = new Set(nodes.map((node) => node.node_id));
  const keyOf = (row) => JSON.stringify(city ? [row.country, row.province, row.city] : [row.country]);
  // A release may have counted some cities only: others are left out, not shown as none.
  const counted = new Set(got.rows.map(keyOf));
  const order = PJ.withoutNode(() => PJ.get(city ? "cities" : "countries")).rows
    .filter((row) => (city ? row.city : row.country) !== null && (got.counted || !city || counted.has(keyOf(row)))).slice(0, COLUMNS);
  const cells = new Map(got.rows.filter((row) => ids.has(row.node_id)).map((row) => [`${row.node_id} ${keyOf(row)}`, row.value]));
  const columns = order.map((row) => ({
    key: keyOf(row), place: JSON.parse(keyOf(row)), wide: true,
    name: city ? PJ.placeName(row.city) : PJ.countryName(row.country),
    said: city ? `${PJ.countryName(row.country)} ${PJ.placeName(row.city)}` : PJ.countryName(row.country),
    short: (room) => (city ? PJ.fitText(PJ.placeName(row.city), room, 12) : row.country),
  }));
  const shown = columns.flatMap((column) => nodes.map((node) => cells.get(`${node.node_id} ${column.key}`) ?? 0));
  const scope = PJ.withoutNode(() => PJ.inScope());
  const places = PJ.withoutNode(() => PJ.get("countries").rows);
  return {
    ...got, nodes, columns, cells, n: scope.n, unknown: PJ.unknownIn(places, "country"), unknownOf: PJ.t("place_unknown"),
    scale: PJ.scale(shown), empty: columns.length || got.missing ? null : PJ.t("no_places", { basis: PJ.t(`basis_${PJ.S.basis}`) }),
  };
};
const cellList = (node, column) => PJ.listOfAny(PJ.c.node(node.node_id), PJ.c.at(PJ.S.basis, ...column.place));
const placeHeat = (model) => (width, palette, zoom, on) => heat({
  ...model, palette, width, zoom, on,
  cell: (node, column) => model.cells.get(`${node.node_id} ${column.key}`) ?? 0,
  list: cellList,
});
const acrossTitle = () => PJ.t(PJ.S.across === "city" ? "city_node" : "country_node");
PJ.define({
  id: "place-node",
  sources: ["country_node", "city_node"],
  title: acrossTitle,
  model: placeModel,
  controls: (model) => PJ.html`${PJ.legend(model.scale, PJ.palette(PJ.S.theme))}<span class="seg" role="group" aria-label="${PJ.t("columns")}">${["country", "city"].map((across) =>
    PJ.html`<button data-set="across=${across}" aria-pressed="${PJ.S.across === across}">${PJ.t(across)}</button>`)}</span>${levelSwitch()}`,
  notes: () => [PJ.t(`basis_${PJ.S.basis}`), PJ.t("first_columns", { n: COLUMNS }), PJ.t("several_nodes"),
    ...(PJ.D.meta[`bias_${PJ.S.lang}`] ? [PJ.t("bias_recalled")] : [])],
  draw: (element, model) => drawHeat(element, acrossTitle(), placeHeat(model)),
  svg: (model, { width, palette }) => placeHeat(model)(width, palette, 1, false),
  table: (model) => ({
    columns: [{ label: PJ.t("node"), kind: "text" }, ...model.columns.map((column) => ({ label: column.said, kind: "count" }))],
    rows: model.nodes.map((node) => [{ value: PJ.nodeName(node), node: node.node_id }, ...model.columns.map((column) => ({
      value: model.cells.get(`${node.node_id} ${column.key}`) ?? 0, list: cellList(node, column),
    }))]),
  }),
});
