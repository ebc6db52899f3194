// A figure's frame: title, controls, chart or table, download, foot. Every figure is defined alike:
//
//   id, sources   its name, and the indicators whose definitions it shows
//   title(model)  what is shown, in words
//   model()       {rows…, n, unknown, counted, missing}: everything drawn comes from here
//   table(model)  {columns: [{label, kind}], rows: [[cell]]}; a cell is a value or {value, list, node, label}
//   draw(element, model)              the chart in the page
//   svg(model, {width, palette})      {markup, width, height} for files
//   corner, controls, notes, above    (model) → text or HTML, where a figure has them
//   brief(model)                      the notes that stand in the page, where not all of them do
//   narrow, half                      how much of the foot is left to filter bar and ribbon
//                                     (and to the figure itself: model.unknownShown)
//   more()                            definitions of its own, beside those of its indicators

PJ.figures = {};
PJ.define = (figure) => { PJ.figures[figure.id] = figure; };
PJ.panel = (id, classes = "") =>
  PJ.html`<section class="pan ${classes}" id="p-${id}" data-figure="${id}" aria-labelledby="h-${id}"></section>`;

/* ---- the foot ---- */
const period = (figure) => {
  const { first, last, whole } = PJ.years();
  if (!whole) return `${first}–${last}`;
  const own = PJ.D.figures[figure.sources[0]].units[PJ.S.unit]?.period;
  return own ? `${own[0]}–${own[1]}` : `${first}–${last}`;
};
PJ.versions = () => PJ.t("versions", { schema: PJ.D.meta.schema_version, chain: `${PJ.D.meta.chain.name} ${PJ.D.meta.chain.version}` });
// [label, text] pairs, in the order of the house: unit, period, cut-off, n, release, definitions.
PJ.footPairs = (figure, model, notes = figure.notes, unknown = model.unknown) => {
  const { meta } = PJ.D;
  const pairs = [[PJ.t("unit"), PJ.t(`unit_${PJ.S.unit}`)]];
  if (PJ.hasLevels(figure.sources[0])) pairs.push([PJ.t("owners"), PJ.t(`owners_${PJ.S.owners}`)]);
  pairs.push([PJ.t("period"), period(figure)], [PJ.t("cutoff"), PJ.cutoff()]);
  if (model.n !== null && model.n !== undefined) {
    const what = model.unknownOf ?? PJ.t("unknown");
    const told = unknown === undefined || unknown === null ? ""
      : PJ.t("n_unknown", { what: what[0].toLowerCase() + what.slice(1), count: PJ.count(unknown) });
    pairs.push(["n =", PJ.count(model.n) + told]);
  }
  pairs.push([PJ.t("release"), meta.release], [PJ.t("definitions"), PJ.versions()]);
  if (!PJ.unit(PJ.S.unit).told_apart) pairs.push([PJ.t("unit_note"), PJ.unit(PJ.S.unit)[`note_${PJ.S.lang}`]]);
  if (model.counted) pairs.push(["", PJ.t("counted_here")]);
  for (const note of notes?.(model) ?? []) pairs.push(["", note]);
  return pairs;
};
PJ.footText = (figure, model) => PJ.footPairs(figure, model).map((pair) => pair.filter(Boolean).join(" ")).join(" · ");
// On a panel of less than the whole width, release and definitions are left to ribbon and the definition's box;
// on a narrow one the period too, which the filter bar says.
const foot = (figure, model) => {
  const note = PJ.unit(PJ.S.unit)[`note_${PJ.S.lang}`];
  const left = figure.narrow || figure.half ? [PJ.t("release"), PJ.t("definitions")] : [];
  if (figure.narrow) left.push(PJ.t("period"));
  // The unit's note stands under the filter bar already; in the foot a mark recalls it.
  const unknown = figure.narrow && (!model.unknown || model.unknownShown) ? null : model.unknown;
  const pairs = PJ.footPairs(figure, model, figure.brief ?? figure.notes, unknown).filter(([label]) => !left.includes(label))
    .map(([label, text]) => (label === PJ.t("unit_note") && text === note ? [PJ.t("stand_in"), ""]
      : [figure.narrow && label === PJ.t("unit") ? "" : label, text]));
  return PJ.html`<div class="foot">${pairs.map(([label, text]) => PJ.html`<span>${label} <b>${text}</b></span>`)}
    <button class="lnk" data-define="${figure.id}" aria-haspopup="dialog">${PJ.t("definition")}</button></div>`;
};

/* ---- the table twin ---- */
const LONG = 500;
const cellText = (cell, kind) => {
  const value = cell && typeof cell === "object" ? cell.value : cell;
  return (PJ.kinds[kind] ?? PJ.kinds.text)(value ?? null);
};
const cellHtml = (cell, { kind, raw }) => {
  const shown = (cell && typeof cell === "object" && cell.label) || cellText(cell, kind);
  const text = raw ? PJ.raw(shown) : shown;
  if (!cell || typeof cell !== "object") return text;
  if (cell.node) return PJ.html`<button class="lnk" data-node="${cell.node}">${text}</button>`;
  return cell.list && cell.value ? PJ.html`<button class="v" data-list="${cell.list}">${text}</button>` : text;
};
PJ.table = ({ columns, rows }, caption) => {
  // A year that names its row stands left, like any name.
  const numeric = (column) => (PJ.isNumeric(column.kind) && !(column === columns[0] && column.kind === "year") ? "num" : "");
  const body = rows.slice(0, LONG).map((row) => PJ.html`<tr>${columns.map((column, i) =>
    (i === 0 ? PJ.html`<th scope="row" class="${numeric(column)}">${cellHtml(row[i], column)}</th>`
      : PJ.html`<td class="${numeric(column)}">${cellHtml(row[i], column)}</td>`))}</tr>`);
  const more = rows.length > LONG ? PJ.html`<p class="more">${PJ.t("table_more", { shown: LONG, all: PJ.count(rows.length) })}</p>` : "";
  return PJ.html`<div class="tbl" tabindex="0" role="region" aria-label="${caption}"><table class="tb" style="--columns:${columns.length}">
    <caption class="sr">${caption}</caption>
    <thead><tr>${columns.map((column) => PJ.html`<th scope="col" class="${numeric(column)}">${column.label}</th>`)}</tr></thead>
    <tbody>${body}</tbody></table>${more}</div>`;
};

/* ---- the frame ---- */
const views = (id, isTable) => PJ.html`<span class="seg" role="group" aria-label="${PJ.t("view_as")}">
  <button data-table="${id}" data-on="" aria-pressed="${!isTable}">${PJ.t("chart")}</button>
  <button data-table="${id}" data-on="1" aria-pressed="${isTable}">${PJ.t("table")}</button></span>`;
const menu = (figure, title) => PJ.html`<details class="menu"><summary aria-label="${PJ.t("download_of", { title })}" title="${PJ.t("download")}">${PJ.icon("download")}</summary>
  <div>${["png", "svg", "csv"].map((ending) => PJ.html`<button data-save="${figure.id}" data-ending="${ending}">${ending.toUpperCase()}</button>`)}</div></details>`;
const models = new Map();
PJ.modelOf = (id) => models.get(id);
// Panels are drawn in two steps: all frames first, so that each chart then knows the room it has.
PJ.drawPanels = (sections) => {
  for (const section of sections) frame(section);
  for (const section of sections) fill(section);
};
const frame = (section) => {
  const figure = PJ.figures[section.dataset.figure];
  const model = figure.model();
  models.set(figure.id, model);
  PJ.dispose(section);
  const title = figure.title(model);
  const isTable = !figure.twins && PJ.isTable(figure.id);
  section.classList.toggle("is-empty", Boolean(model.missing || model.empty));
  PJ.put(section, PJ.html`<header><h2 id="h-${figure.id}" title="${title}">${title}</h2><span class="r">${model.missing || model.empty ? "" : figure.controls?.(model)}
    ${figure.twins ? "" : views(figure.id, isTable)}${menu(figure, title)}</span></header>
    ${figure.above?.(model)}
    <div class="body ${isTable ? "as-table" : "as-chart"}"></div>${foot(figure, model)}`);
};
const fill = (section) => {
  const figure = PJ.figures[section.dataset.figure];
  const model = models.get(figure.id);
  const body = section.querySelector(":scope > .body");
  if (model.missing) {
    PJ.put(body, PJ.html`<p class="none">${PJ.t("not_whole", { listed: PJ.count(PJ.items(PJ.S.unit).listed) })}</p>`);
  } else if (model.empty) {
    PJ.put(body, PJ.html`<p class="none">${model.empty}</p>`);
  } else if (body.classList.contains("as-table")) {
    PJ.put(body, PJ.table(figure.table(model, figure.narrow), figure.title(model)));
  } else {
    figure.draw(body, model);
  }
};

/* ---- shared small parts ---- */
PJ.legend = (scale, palette) => PJ.html`<span class="lg">${scale.legend().map(({ colour, label }) =>
  PJ.html`<span><i style="background:${palette.steps[colour]}"></i>${label}</span>`)}</span>`;
PJ.scopeName = () => {
  const parts = [PJ.S.node ? PJ.nodeName(PJ.D.node(PJ.S.node)) : PJ.t("whole_industry")];
  if (PJ.S.years) parts.push(PJ.S.years.replace("-", "–"));
  return parts.join(" ");
};
// "Node: what is shown"; of the whole industry, what is shown alone.
PJ.titled = (key, more) => PJ.titledText(PJ.t(key, more));
PJ.titledText = (what) => (PJ.S.node || PJ.S.years ? PJ.t("titled", { scope: PJ.scopeName(), what }) : PJ.capital(what));
PJ.capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
// The definitions behind a figure, as they stand on the method page too.
PJ.definitions = (names) => names.map((name) => {
  const figure = PJ.D.figures[name];
  return PJ.html`<dt>${PJ.figureName(name)}</dt><dd>${figure[`definition_${PJ.S.lang}`]}
    ${figure.source ? PJ.html`<span class="dim">${PJ.t("formula")} ${PJ.raw(figure.source)}</span>` : ""}</dd>`;
});
