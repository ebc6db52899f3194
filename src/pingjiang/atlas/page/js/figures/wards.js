// The ward map 坊图: stages are segments, reaches are groups, wards are leaves; the gaps are water. Its twins
// are the chain tree and a table. Choosing a node sets the figures around it.

const YEARS = 3;
const MARGIN = 1.1;

/* ---- the model: counts, steps, the turn of each node against the whole ---- */
const turns = (unit) => PJ.cached(`turns ${unit}`, () => {
  const last = PJ.D.meta.horizon.last_complete_year;
  const sum = (rows, from) => rows.filter((row) => row.year > from && row.year <= from + YEARS)
    .reduce((total, row) => total + row.value, 0);
  const ratio = (rows) => {
    const [now, then] = [sum(rows, last - YEARS), sum(rows, last - 2 * YEARS)];
    return now + then >= PJ.SMALL && then > 0 ? now / then : null;
  };
  const rowsOf = new Map();
  for (const row of PJ.rows("node_year", unit)) rowsOf.set(row.node_id, [...(rowsOf.get(row.node_id) ?? []), row]);
  const whole = ratio(PJ.rows("filings_by_year", unit));
  return new Map(PJ.D.chain.map((node) => {
    const own = ratio(rowsOf.get(node.node_id) ?? []);
    if (own === null || whole === null) return [node.node_id, null];
    return [node.node_id, own > whole * MARGIN ? 1 : own < whole / MARGIN ? -1 : 0];
  }));
});
const model = () => {
  const { rows, counted, missing } = PJ.get("node_counts");
  const counts = new Map(rows.map((row) => [row.node_id, row]));
  const values = PJ.D.chain.filter((node) => node.is_leaf).map((node) => counts.get(node.node_id)?.value ?? 0);
  const scope = PJ.withoutNode(() => PJ.inScope());
  const unassigned = counts.get(null)?.value ?? 0;
  return {
    rows, counts, counted, missing, scale: PJ.scale(values), turns: turns(PJ.S.unit),
    n: scope.n, unknown: unassigned, unknownOf: PJ.t("unassigned"), sum: values.reduce((a, b) => a + b, 0),
  };
};
const several = (shown) => {
  if (!PJ.isWhole(PJ.S.unit)) return PJ.t("sum_of_nodes", { sum: PJ.count(shown.sum) });
  const { nodes } = PJ.items(PJ.S.unit).columns;
  const count = PJ.withoutNode(() => PJ.select(PJ.scope(), PJ.S.unit)).filter((item) => nodes[item].length > 1).length;
  return PJ.t("sum_of_nodes_several", { sum: PJ.count(shown.sum), count: PJ.count(count), share: PJ.percent(shown.n ? count / shown.n : null) });
};
const TURN = { 1: ["▲", "turn_up"], 0: ["－", "turn_same"], "-1": ["▼", "turn_down"] };

/* ---- where everything stands ---- */
const SIZE = 12;
const GAP = 3;
const LEAST = 60;
// The width a ward needs: for its name on one line, or on two; never less than for its number.
const oneLine = (node) => Math.max(LEAST, PJ.textWidth(PJ.nodeName(node), SIZE, 600) + 16);
const twoLines = (node) => PJ.cached(`two ${PJ.S.lang} ${node.node_id}`, () => {
  const whole = PJ.textWidth(PJ.nodeName(node), SIZE, 600);
  if (whole <= 76) return Math.max(LEAST, whole + 16);
  const words = PJ.nodeName(node).split(/(?<=[\s、，与和-])/).map((word) => PJ.textWidth(word.trim(), SIZE, 600));
  return Math.max(LEAST, whole / 2 + SIZE + 16, Math.min(90, Math.max(...words)) + 16);
});
const breakLines = (nodes, width, zoom) => {
  const out = [];
  let used = Infinity;
  for (const node of nodes) {
    const wide = (twoLines(node) + GAP) * zoom;
    if (used + wide > width + GAP * zoom) {
      out.push([]);
      used = 0;
    }
    out.at(-1).push(node);
    used += wide;
  }
  return out;
};
// As few lines as the width allows, as even as may be. A line whose names all fit on one line is a low one.
const evenLines = (nodes, width, zoom) => {
  const count = breakLines(nodes, width, zoom).length;
  let best = width;
  for (let narrower = width; narrower > LEAST * zoom; narrower -= 6 * zoom) {
    if (breakLines(nodes, narrower, zoom).length > count) break;
    best = narrower;
  }
  return breakLines(nodes, best, zoom).map((line) => {
    const low = line.reduce((sum, node) => sum + (oneLine(node) + GAP) * zoom, 0) <= width + GAP * zoom;
    return { nodes: line, low, need: low ? oneLine : twoLines };
  });
};
const leavesOf = (node) => (node.is_leaf ? [node] : node.children.flatMap(leavesOf));
// A segment's reaches: its groups; leaves that hang on the segment itself form reaches without a name.
const reachesOf = (segment) => {
  if (segment.is_leaf) return [{ group: null, leaves: [segment] }];
  const out = [];
  for (const child of segment.children) {
    if (!child.is_leaf) out.push({ group: child, leaves: leavesOf(child) });
    else if (out.at(-1) && !out.at(-1).group) out.at(-1).leaves.push(child);
    else out.push({ group: null, leaves: [child] });
  }
  return out;
};
const labelWidth = () => (PJ.S.lang === "en" ? 86 : 52);
const beside = (reaches, zoom) => (reaches.some((reach) => reach.group) ? (labelWidth() + 5) * zoom : 0);
const stageLines = (reaches, width, zoom) =>
  reaches.map((reach) => evenLines(reach.leaves, width - beside(reaches, zoom), zoom));
const lineCount = (reaches, width, zoom) =>
  reaches.reduce((sum, reach) => sum + breakLines(reach.leaves, width - beside(reaches, zoom), zoom).length, 0);
// Widths of the stages of one band, so that the band is as low as it can be.
const stageWidths = (stages, total, zoom) => {
  const narrowest = (reaches, lines) => {
    const least = Math.max(...reaches.flatMap((reach) => reach.leaves.map(twoLines)));
    for (let width = beside(reaches, zoom) + (least + GAP) * zoom; width <= total; width += 8 * zoom) if (lineCount(reaches, width, zoom) <= lines) return width;
    return null;
  };
  for (let lines = 1; lines < 60; lines += 1) {
    const widths = stages.map((reaches) => narrowest(reaches, lines));
    const sum = widths.reduce((a, b) => (a === null || b === null ? null : a + b), 0);
    if (sum !== null && sum <= total) return widths.map((width) => width + (width / sum) * (total - sum));
  }
  return stages.map(() => total / stages.length);
};
const BAND = 4;
const bands = () => {
  const stages = PJ.D.segments;
  const rows = Math.ceil(stages.length / BAND);
  const each = Math.ceil(stages.length / rows);
  return Array.from({ length: rows }, (_, i) => stages.slice(i * each, (i + 1) * each));
};

/* ---- drawn ---- */
const ward = (node, basis, shown, palette) => {
  const row = shown.counts.get(node.node_id);
  const unknown = row === undefined;
  const value = row?.value ?? 0;
  const kind = unknown ? "unk" : value ? "" : "gap";
  const fill = shown.scale.colour(value, palette);
  const colours = kind ? "" : `--bg:${fill};--fg:${PJ.inkOn(fill)};`;
  const on = PJ.S.node === node.node_id;
  const count = unknown ? PJ.t("uncounted")
    : value ? PJ.html`<button class="v" tabindex="-1" data-list="${PJ.listOfAny(PJ.c.node(node.node_id))}" aria-label="${PJ.t("list_of", { name: PJ.nodeName(node), n: PJ.count(value) })}">${PJ.count(value)}</button>`
      : PJ.t("gap");
  const turn = shown.turns.get(node.node_id);
  const arrow = kind || turn === null || turn === undefined ? "" : PJ.html`<s title="${PJ.t(TURN[turn][1])}">${TURN[turn][0]}</s>`;
  return PJ.html`<div class="wd ${kind} ${on ? "on" : ""}" style="${colours}flex:${Math.max(1, Math.sqrt(value) / 6)} 1 ${basis}px"
    ><button class="nm" data-node="${node.node_id}" aria-pressed="${on}" title="${PJ.nodeName(node)}">${PJ.nodeName(node)}</button><span>${count}${arrow}</span></div>`;
};
const inner = (node, shown, classes) => PJ.html`<button class="${classes} ${PJ.S.node === node.node_id ? "on" : ""}" data-node="${node.node_id}"
  aria-pressed="${PJ.S.node === node.node_id}">${PJ.nodeName(node)}</button>`;
const stage = (segment, lines, shown, palette, zoom) => {
  const reaches = reachesOf(segment);
  const named = reaches.some((reach) => reach.group);
  const total = shown.counts.get(segment.node_id)?.value ?? 0;
  return PJ.html`<div class="stage"><h3 title="${PJ.nodeName(segment)}">${inner(segment, shown, "nm")}<button class="v" data-list="${PJ.listOfAny(PJ.c.node(segment.node_id))}"
    aria-label="${PJ.t("list_of", { name: PJ.nodeName(segment), n: PJ.count(total) })}">${PJ.count(total)}</button></h3>
    ${reaches.map((reach, i) => PJ.html`<div class="reach" style="flex-grow:${lines[i].length}">
      ${named ? PJ.html`<div class="rn" style="width:${labelWidth() * zoom}px">${reach.group ? inner(reach.group, shown, "nm") : ""}</div>` : ""}
      <div class="lines">${lines[i].map((line) => PJ.html`<div class="line ${line.low ? "" : "two"}">${line.nodes.map((node) => ward(node, line.need(node) * zoom, shown, palette))}</div>`)}</div></div>`)}
  </div>`;
};
const drawWards = (element, shown, palette, width, zoom) => {
  const gutter = 17 * zoom;
  let high = 0;
  PJ.put(element, bands().map((segments) => {
    const stages = segments.map(reachesOf);
    const widths = stageWidths(stages, width - 24 * zoom - gutter * (stages.length - 1), zoom);
    const lines = stages.map((reaches, i) => stageLines(reaches, widths[i], zoom));
    high += Math.max(...lines.map((each) => each.flat().length));
    return PJ.html`<div class="wards" style="grid-template-columns:${widths.map((each) => `minmax(0,${each}fr)`).join(" ")}">${segments.map((segment, i) =>
      stage(segment, lines[i], shown, palette, zoom))}</div>`;
  }));
  // A map of few lines need not grow as tall as one of many.
  element.parentElement.style.setProperty("--lines", (Math.min(high, 7) * 0.21).toFixed(2));
};

/* ---- the twins ---- */
// A rule can be long: the beginning of its first line stands, the rest opens.
const rule = (node) => {
  if (!node.rule_text) return "";
  const [first, ...rest] = node.rule_text.split("\n");
  return PJ.html`<details><summary data-raw>${first}</summary>${rest.length ? PJ.raw(rest.join("\n")) : ""}</details>`;
};
const tree = (shown) => PJ.html`<div class="tbl tree" tabindex="0" role="region" aria-label="${PJ.t("tree")}"><table class="tb"><caption class="sr">${PJ.t("tree")}</caption>
  <colgroup><col style="width:24%"><col style="width:8%"><col style="width:10%"><col style="width:29%"><col style="width:29%"></colgroup>
  <thead><tr><th scope="col">${PJ.t("node")}</th><th scope="col" class="num">${PJ.t("count")}</th><th scope="col" class="num">${PJ.t("multiple")}</th>
  <th scope="col">${PJ.t("definition_of_node")}</th><th scope="col">${PJ.t("rule")}</th></tr></thead><tbody>
  ${PJ.D.order.map((node) => {
    const row = shown.counts.get(node.node_id) ?? { value: 0, multiple: 0 };
    const depth = PJ.nodePath(node).length - 1;
    const list = (condition, value) => (value ? PJ.html`<button class="v" data-list="${PJ.listOfAny(condition)}">${PJ.count(value)}</button>` : PJ.count(value));
    return PJ.html`<tr class="d${depth} ${PJ.S.node === node.node_id ? "sel" : ""}"><th scope="row"><button class="lnk" data-node="${node.node_id}" aria-pressed="${PJ.S.node === node.node_id}">${PJ.nodeName(node)}</button></th>
      <td class="num">${list(PJ.c.node(node.node_id), row.value)}</td><td class="num">${list(PJ.c.several(node.node_id), row.multiple)}</td>
      <td>${node[`definition_${PJ.S.lang}`] ?? ""}</td><td class="mono">${rule(node)}</td></tr>`;
  })}
  <tr class="sum"><th scope="row">${PJ.t("unassigned")}</th><td class="num"><button class="v" data-list="${PJ.listOfAny(PJ.c.node(null))}">${PJ.count(shown.unknown)}</button></td><td></td><td>${PJ.t("unassigned_means")}</td><td></td></tr>
  </tbody></table></div>`;
const table = (shown) => ({
  columns: [
    { label: PJ.t("segment"), kind: "text" }, { label: PJ.t("group"), kind: "text" }, { label: PJ.t("node"), kind: "text" },
    { label: PJ.t("count"), kind: "count" }, { label: PJ.t("share"), kind: "share" }, { label: PJ.t("multiple"), kind: "count" }, { label: PJ.t("turn"), kind: "text" },
  ],
  rows: [...PJ.D.order.filter((node) => node.is_leaf).map((node) => {
    const row = shown.counts.get(node.node_id) ?? { value: null, multiple: null };
    const path = PJ.nodePath(node);
    const turn = shown.turns.get(node.node_id);
    return [PJ.nodeName(path[0]), path.length > 2 ? PJ.nodeName(path.at(-2)) : "", { value: PJ.nodeName(node), node: node.node_id },
      { value: row.value, list: PJ.listOfAny(PJ.c.node(node.node_id)) }, shown.n ? row.value / shown.n : null,
      { value: row.multiple, list: PJ.listOfAny(PJ.c.several(node.node_id)) }, turn === null || turn === undefined ? "" : PJ.t(TURN[turn][1])];
  }), [PJ.t("unassigned"), "", "", { value: shown.unknown, list: PJ.listOfAny(PJ.c.node(null)) }, shown.n ? shown.unknown / shown.n : null, null, ""]],
});

/* ---- the chosen node, in words ---- */
const strip = (shown) => {
  const node = PJ.S.node && PJ.D.node(PJ.S.node);
  if (!node) return "";
  const row = shown.counts.get(node.node_id) ?? { value: 0, multiple: 0 };
  return PJ.html`<div class="strip"><b>${PJ.nodePath(node).map(PJ.nodeName).join(" › ")}</b>
    <button class="v" data-list="${PJ.listOfAny(PJ.c.node(node.node_id))}">${PJ.t("see_list", { n: PJ.count(row.value) })}</button>
    ${node[`definition_${PJ.S.lang}`] ? PJ.html`<span>${node[`definition_${PJ.S.lang}`]}</span>` : ""}
    ${node.rule_text ? PJ.html`<span class="mono" title="${PJ.t("rule")}">${PJ.raw(node.rule_text.replaceAll("\n", "  "))}</span>` : ""}
    <button class="lnk" data-node="${node.node_id}">${PJ.t("unselect")}</button></div>`;
};
PJ.define({
  id: "wards",
  sources: ["node_counts"],
  twins: true,
  title: () => PJ.t("wards_title"),
  model,
  table,
  controls: (shown) => PJ.html`${PJ.S.wards === "wards" ? PJ.html`<span class="lg-line">${PJ.legend(shown.scale, PJ.palette(PJ.S.theme))}
    <span class="lg"><span><i class="gap"></i>${PJ.t("gap_legend")}</span>${shown.rows.length < PJ.D.chain.length ? PJ.html`<span><i class="hatch"></i>${PJ.t("uncounted")}</span>` : ""}<span title="${PJ.t("turn_means")}">▲▼ ${PJ.t("turn_legend")}</span></span></span>` : ""}
    <span class="seg" role="group" aria-label="${PJ.t("view_as")}">${["wards", "tree", "table"].map((kind) => PJ.html`<button data-set="wards=${kind}" aria-pressed="${PJ.S.wards === kind}">${PJ.t(`as_${kind}`)}</button>`)}</span>`,
  notes: (shown) => [several(shown)],
  draw: (element, shown) => {
    if (PJ.S.wards === "tree") PJ.put(element, tree(shown));
    else if (PJ.S.wards === "table") PJ.put(element, PJ.table(table(shown), PJ.t("wards_title")));
    else {
      drawWards(element, shown, PJ.palette(PJ.S.theme), element.clientWidth, PJ.zoom());
      element.insertAdjacentHTML("beforeend", PJ.part(strip(shown)));
    }
  },
  svg: (shown, { width, palette }) => PJ.traced((stage) => drawWards(stage, shown, palette, width, PJ.zoom()), width),
});
