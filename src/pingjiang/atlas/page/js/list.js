// The list behind a number: every patent that it counts, in a drawer. What it shows is in the address.

const drawer = () => document.getElementById("list");
PJ.openList = (conditions) => PJ.go({ list: conditions, page: "1", text: "" });
const close = () => PJ.go({ list: null, page: "1", text: "" });

/* ---- which rows ---- */
const fold = (text) => text.normalize("NFKC").toLowerCase();
const haystack = (unit) => PJ.cached(`haystack ${unit}`, () => {
  const { publication_id: numbers, title, organisations, source_row: rows } = PJ.items(unit).columns;
  return numbers.map((number, item) => fold(
    [number, title[item] ?? "", ...organisations[item].map((owner) => PJ.D.organisations[owner][1]), rows[item] ?? ""].join("\n")));
});
const SORTS = { publication_id: "text", title: "text", filing_year: "year", grant_year: "year" };
const sorted = (items, unit) => {
  const [column, way] = PJ.S.sort.split(".");
  const values = PJ.items(unit).columns[column];
  const sign = way === "d" ? -1 : 1;
  const numbers = PJ.items(unit).columns.publication_id;
  const less = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  if (!values || !SORTS[column]) return items;
  // Unknown stands last, whichever way; ties go by number.
  return [...items].sort((a, b) => (values[a] === null) - (values[b] === null)
    || sign * less(values[a], values[b]) || less(numbers[a], numbers[b]));
};
const found = () => {
  const conditions = PJ.parseConditions(PJ.S.list);
  const all = PJ.select(conditions, PJ.S.unit);
  const wanted = fold(PJ.S.text.trim());
  const texts = wanted ? haystack(PJ.S.unit) : [];
  return { conditions, all, shown: sorted(wanted ? all.filter((item) => texts[item].includes(wanted)) : all, PJ.S.unit) };
};

/* ---- drawn ---- */
const names = (item) => {
  const { organisations, nodes } = PJ.items(PJ.S.unit).columns;
  return {
    owners: organisations[item].map((owner) => PJ.D.organisations[owner][1]),
    nodes: nodes[item].map((index) => PJ.nodeName(PJ.D.chain[index])),
  };
};
const HEADS = [["publication_id", "l_number"], ["title", "l_title"], ["filing_year", "l_filed"], ["grant_year", "l_granted"]];
const head = ([column, key]) => {
  const [now, way] = PJ.S.sort.split(".");
  const on = now === column;
  const next = `${column}.${on && way === "a" ? "d" : on ? "a" : SORTS[column] === "year" ? "d" : "a"}`;
  return PJ.html`<th scope="col" class="${SORTS[column] === "year" ? "num" : ""}" aria-sort="${on ? (way === "a" ? "ascending" : "descending") : "none"}"
    ><button data-set="sort=${next}">${PJ.t(key)}<i aria-hidden="true">${on ? (way === "a" ? "↑" : "↓") : ""}</i></button></th>`;
};
const line = (item) => {
  const columns = PJ.items(PJ.S.unit).columns;
  const { owners, nodes } = names(item);
  const between = PJ.S.lang === "en" ? "; " : "；";
  return PJ.html`<tr><th scope="row"><span class="mono id">${columns.publication_id[item]}</span><small class="mono">${PJ.address(columns.source_row[item])}</small></th>
    <td><span data-raw>${columns.title[item] ?? ""}</span>${owners.length ? PJ.html`<small data-raw>${owners.join("；")}</small>` : PJ.html`<small>${PJ.capital(PJ.t("owner_unknown"))}</small>`}</td>
    <td class="num">${columns.filing_year[item] ?? PJ.t("unknown")}</td><td class="num">${columns.grant_year[item] ?? "—"}</td>
    <td><small class="nodes" title="${nodes.join(between)}">${nodes.length ? nodes.join(between) : PJ.html`<span class="tag hatch">${PJ.t("unassigned")}</span>`}</small></td></tr>`;
};
const pager = (pages, page) => {
  const near = [...new Set([1, page - 2, page - 1, page, page + 1, page + 2, pages])].filter((each) => each >= 1 && each <= pages);
  const parts = near.flatMap((each, i) => [...(i && each - near[i - 1] > 1 ? [PJ.html`<span>…</span>`] : []),
    PJ.html`<button data-set="page=${each}" aria-label="${PJ.t("page_n", { n: each })}" ${new PJ.Html(each === page ? 'aria-current="page"' : "")}>${PJ.count(each)}</button>`]);
  return PJ.html`<nav aria-label="${PJ.t("pages")}">${parts}</nav>`;
};
const ownersShown = (conditions, all) => {
  const counted = PJ.ownersCounted(conditions, all, PJ.S.unit);
  return counted ? PJ.html` · <b data-total="organisations">${PJ.count(counted.owners.size)}</b> ${PJ.t(`entrants_${counted.kind === "entered" ? "new" : "active"}`)}` : "";
};
const frame = () => PJ.html`<header><h2 id="list-title" tabindex="-1" autofocus></h2><button class="btn quiet" data-close aria-label="${PJ.t("close")}">${PJ.icon("close")}</button></header>
  <div class="bar-l"><span class="total" role="status"></span>
  <label class="find">${PJ.icon("search")}<input type="search" value="${PJ.S.text}" placeholder="${PJ.t("l_filter")}" aria-label="${PJ.t("l_filter")}"></label>
  <button class="btn" data-list-csv>${PJ.icon("download")}CSV</button></div>
  <div class="aka"></div><div class="rows" tabindex="0" role="region" aria-label="${PJ.t("l_region")}"></div><footer></footer>`;
const draw = () => {
  const { conditions, all, shown } = found();
  const dialog = drawer();
  const { n, listed } = PJ.items(PJ.S.unit);
  const size = Number(PJ.S.size);
  const pages = Math.max(1, Math.ceil(shown.length / size));
  const page = Math.min(pages, Math.max(1, Number(PJ.S.page) || 1));
  PJ.put(dialog.querySelector("h2"), PJ.html`<span data-raw>${PJ.capital(PJ.sayConditions(conditions))}</span>`);
  const narrowed = shown.length === all.length ? "" : PJ.html` · ${PJ.t("l_matching", { n: PJ.count(shown.length) })}`;
  const short = listed < n ? PJ.html`<span class="note o">${PJ.t("l_short", { listed: PJ.count(listed), n: PJ.count(n) })}</span>` : "";
  PJ.put(dialog.querySelector(".total"), PJ.html`<b data-total="items">${PJ.count(all.length)}</b> ${PJ.t(`unit_${PJ.S.unit}`)}${ownersShown(conditions, all)}${narrowed}${short}`);
  PJ.putAliases(dialog.querySelector(".aka"), conditions);
  PJ.put(dialog.querySelector(".rows"), shown.length ? PJ.html`<table class="tb list"><caption class="sr">${PJ.t("l_region")}</caption>
    <thead><tr>${HEADS.map(head)}<th scope="col">${PJ.t("l_nodes")}</th></tr></thead><tbody>${shown.slice((page - 1) * size, page * size).map(line)}</tbody></table>`
    : PJ.html`<p class="none">${PJ.t(all.length ? "l_none" : "l_empty")}</p>`);
  const sizes = ["20", "50", "100"].map((each) => PJ.html`<button data-set="size=${each}" aria-pressed="${PJ.S.size === each}">${each}</button>`);
  PJ.put(dialog.querySelector("footer"), PJ.html`<span class="seg" role="group" aria-label="${PJ.t("page_size")}">${sizes}</span><span class="dim">${PJ.t("per_page")}</span>${pager(pages, page)}`);
};
const csv = () => {
  const { conditions, shown } = found();
  const { meta } = PJ.D;
  const columns = PJ.items(PJ.S.unit).columns;
  const parts = [PJ.sayConditions(conditions), `${PJ.t("unit")} ${PJ.t(`unit_${PJ.S.unit}`)}`, `${PJ.t("cutoff")} ${PJ.cutoff()}`, `n = ${PJ.count(shown.length)}`,
    `${PJ.t("release")} ${meta.release}`, `${PJ.t("definitions")} ${PJ.versions()}`];
  if (meta.synthetic) parts.unshift(PJ.t("synthetic_whole"));
  if (PJ.S.text) parts.push(`${PJ.t("l_filter")} ${PJ.S.text}`);
  const heads = ["l_number", "l_title", "l_filed", "l_granted", "l_owners", "l_nodes", "l_source"].map((key) => PJ.t(key));
  const rows = shown.map((item) => {
    const { owners, nodes } = names(item);
    return [columns.publication_id[item], columns.title[item], columns.filing_year[item], columns.grant_year[item], owners.join("; "), nodes.join("; "), columns.source_row[item]];
  });
  PJ.save(PJ.fileName("list", "csv"), PJ.csv(parts.join(" · "), heads, rows), "text/csv;charset=utf-8");
};

/* ---- opened, kept, closed ---- */
let shownIn = "";
PJ.updateList = () => {
  const dialog = drawer();
  if (!PJ.S.list) {
    if (dialog.open) dialog.close();
    shownIn = "";
    return;
  }
  const now = `${PJ.S.list} ${PJ.S.lang}`;
  if (now !== shownIn) PJ.put(dialog, frame());
  shownIn = now;
  draw();
  if (!dialog.open) dialog.showModal();
};
PJ.wireList = () => {
  const dialog = drawer();
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
  // A browser may close the list by itself; the address must not go on saying that it is open.
  dialog.addEventListener("close", () => { if (PJ.S.list && !dialog.open) close(); });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) close();
    else if (event.target.closest("[data-list-csv]")) csv();
  });
  dialog.addEventListener("input", (event) => PJ.go({ text: event.target.value, page: "1" }));
};
