// The method page: what was counted, from what, under which rules, and what is not known.

const sources = () => PJ.html`<section class="pan"><header><h2>${PJ.t("m_sources")}</h2></header><div class="tbl sources"><table class="tb"><caption class="sr">${PJ.t("m_sources")}</caption>
  <thead><tr>${["m_file", "m_format", "m_records", "m_licence", "m_attribution", "m_cutoff"].map((key, i) => PJ.html`<th scope="col" class="${i === 2 ? "num" : ""}">${PJ.t(key)}</th>`)}</tr></thead>
  <tbody>${PJ.D.meta.sources.map((source) => PJ.html`<tr><th scope="row">${PJ.address(source.file)}</th><td>${PJ.address(source.format)}</td><td class="num">${PJ.count(source.records)}</td>
    <td>${source.licence ? PJ.raw(source.licence) : PJ.t("m_unstated")}</td><td>${source.attribution ? PJ.raw(source.attribution) : PJ.t("m_unstated")}</td><td>${source.cutoff ?? PJ.t("m_unstated")}</td></tr>`)}</tbody></table></div></section>`;

const unknowns = () => {
  const { unit } = PJ.S;
  const n = PJ.unit(unit).items;
  const spread = PJ.rows("concentration", unit)[0];
  const list = (condition) => PJ.formatConditions([condition]);
  const rows = [
    ["year_unknown", PJ.unknownIn(PJ.rows("filings_by_year", unit), "year"), list(PJ.c.filed(null))],
    ["owner_unknown", spread?.unknown_items ?? 0, list(PJ.c.org(null))],
    ...PJ.bases().map((basis) => [`${basis}_place_unknown`, PJ.unknownPlaces(unit, basis), list(PJ.c.at(basis, null))]),
    ["unassigned", PJ.nodeCount(null, unit).value, list(PJ.c.node(null))],
  ];
  return PJ.table({
    columns: [{ label: PJ.t("m_unknown_what"), kind: "text" }, { label: PJ.t("count"), kind: "count" }, { label: PJ.t("share"), kind: "share" }],
    rows: rows.map(([key, value, target]) => [PJ.capital(PJ.t(key)), { value, list: target }, n ? value / n : null]),
  }, PJ.t("m_unknown"));
};
const unitRows = () => PJ.table({
  columns: [{ label: PJ.t("unit"), kind: "text" }, { label: PJ.t("count"), kind: "count" }, { label: PJ.t("m_told_apart"), kind: "bool" }, { label: PJ.t("m_note"), kind: "text" }],
  rows: PJ.D.meta.units.map((unit) => [PJ.capital(PJ.t(`unit_${unit.id}`)), unit.items, unit.told_apart, PJ.capital(unit[`note_${PJ.S.lang}`] ?? PJ.t(`unit_${unit.id}_means`))]),
}, PJ.t("m_units"));
const marks = () => PJ.html`<ul class="marks">
  <li><i class="hatch"></i>${PJ.t("mark_hatch")}</li><li><i class="hatch bar"></i>${PJ.t("mark_incomplete")}</li>
  <li><i class="dot"></i>${PJ.t("mark_hollow")}</li><li><i class="gap"></i>${PJ.t("mark_gap")}</li><li><span>▲ － ▼</span>${PJ.t("turn_means")}</li></ul>`;
// The figures in the order of the views.
const inOrder = () => [...new Set([...Object.values(PJ.figures).flatMap((figure) => figure.sources), ...Object.keys(PJ.D.figures)])].filter((name) => PJ.D.figures[name]);
const panel = (key, content) => PJ.html`<section class="pan"><header><h2>${PJ.t(key)}</h2></header><div class="bd">${content}</div></section>`;
PJ.methodPage = () => {
  const { meta } = PJ.D;
  const bias = meta[`bias_${PJ.S.lang}`];
  return PJ.html`<div class="method"><div class="col">
    ${panel("m_reading", PJ.html`${meta.stale ? PJ.html`<p class="note o stale">${PJ.t("m_stale")}</p>` : ""}${bias ? PJ.html`<p class="note o"><b>${PJ.t("bias")}</b> ${bias}</p>` : ""}
      <h3>${PJ.t("m_units")}</h3>${unitRows()}<h3>${PJ.t("m_years")}</h3><p>${meta.horizon[`note_${PJ.S.lang}`]}</p><h3>${PJ.t("m_counting")}</h3><p>${PJ.t("m_counting_text")}</p>
      <h3>${PJ.t("m_marks")}</h3>${marks()}`)}
    ${panel("m_unknown", PJ.html`<p>${PJ.t("m_unknown_text")}</p>${unknowns()}`)}
    ${sources()}
    ${panel("m_release", PJ.html`<dl class="kv"><dt>${PJ.t("release")}</dt><dd>${meta.release}</dd><dt>${PJ.t("cutoff")}</dt><dd>${PJ.cutoff()}</dd>
      <dt>${PJ.t("m_created")}</dt><dd>${meta.created_at.slice(0, 16).replace("T", " ")}</dd><dt>${PJ.t("definitions")}</dt><dd>${PJ.versions()}</dd>
      <dt>${PJ.t("chain")}</dt><dd>${meta.chain[`name_${PJ.S.lang}`]}</dd></dl>
      <p class="dim">${PJ.t("m_software")}</p>`)}
    </div><div class="col">${panel("m_definitions", PJ.html`<dl class="defs">${PJ.definitions(inOrder())}</dl>`)}</div></div>`;
};
