// The page: shell, filter bar, views; one update() draws what PJ.S says. Events are heard in one place.

/* ---- icons: our own, 16 × 16, drawn with lines ---- */
const ICONS = {
  overview: "M2 3h5v4H2zM9 3h5v4H9zM2 9h3v4H2zM7 9h7v4H7z",
  time: "M2 13.5h12M3.5 11V8M7 11V5M10.5 11V3M13.5 11V6.5",
  technology: "M2 3h4v3H2zM10 3h4v3h-4zM10 10h4v3h-4zM6 4.5h4M8 4.5v7h2",
  places: "M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9.500 9.500h4v4h-4z",
  organisations: "M4 5a2 2 0 1 0 .01 0M12 3.500a1.500 1.500 0 1 0 .01 0M11 10a2.200 2.200 0 1 0 .01 0M5.900 6.200l6.200-1M5.200 8.500l4 2.700M12 6.500l-.6 3.500",
  method: "M3 2.500h7.500a2 2 0 0 1 2 2v9H5a2 2 0 0 1-2-2zM3 11.500a2 2 0 0 1 2-2h7.500M6 5.500h4",
  search: "M7 2.500a4.500 4.500 0 1 0 .01 0M10.300 10.300l3.700 3.700",
  download: "M8 2v8M4.500 7l3.500 3.500L11.500 7M2.500 13.500h11",
  close: "M3.500 3.500l9 9M12.500 3.500l-9 9",
  moon: "M12.800 10A5.500 5.500 0 0 1 6.200 3a5.500 5.500 0 1 0 6.600 7z",
  sun: "M8 5a3 3 0 1 0 .01 0M8 1.500v1.200M8 13.300v1.200M1.500 8h1.200M13.300 8h1.200M3.400 3.400l.9.900M11.700 11.700l.9.900M3.400 12.600l.9-.9M11.700 4.300l.9-.9",
  wall: "M2 3h12v8H2zM6 14h4M8 11v3",
};
PJ.icon = (name) => PJ.html`<svg class="ic" viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;

/* ---- the shell's words ---- */
const $ = (id) => document.getElementById(id);
const title = () => PJ.D.meta[`title_${PJ.S.lang}`];
const drawTop = () => {
  const dark = PJ.S.theme === "dark";
  PJ.put($("scope"), title());
  $("scope").title = title();
  PJ.put($("tools"), PJ.html`${PJ.S.wall ? PJ.VIEWS.map((view) => PJ.html`<button class="walk" data-set="view=${view}" aria-pressed="${PJ.S.view === view}">${PJ.t(`view_${view}`)}</button>`) : ""}
    <button data-set="lang=${PJ.S.lang === "zh" ? "en" : "zh"}" lang="${PJ.S.lang === "zh" ? "en" : "zh"}" data-raw>${PJ.S.lang === "zh" ? "English" : "中文"}</button>
    <button data-set="theme=${dark ? "light" : "dark"}" aria-label="${PJ.t(dark ? "to_light" : "to_dark")}" title="${PJ.t(dark ? "to_light" : "to_dark")}">${PJ.icon(dark ? "sun" : "moon")}</button>
    <button data-wall aria-pressed="${Boolean(PJ.S.wall)}">${PJ.icon("wall")}${PJ.t(PJ.S.wall ? "wall_leave" : "wall")}</button>`);
  const field = $("find").querySelector("input");
  field.placeholder = PJ.t("find");
  field.setAttribute("aria-label", PJ.t("find"));
  $("skip").textContent = PJ.t("skip");
  $("nav").setAttribute("aria-label", PJ.t("views"));
  $("tools").setAttribute("aria-label", PJ.t("tools"));
};
const drawRibbon = () => {
  const { meta } = PJ.D;
  const terms = [...new Set(meta.sources.map((source) => [source.attribution ?? source.format, source.licence].filter(Boolean).join(" · ")))];
  const said = meta.synthetic ? PJ.html`<b>${PJ.t("synthetic")}</b><span>${PJ.t("synthetic_text")}</span>`
    : PJ.html`<span class="terms">${PJ.t("source")} ${PJ.raw(terms.slice(0, 2).join("；") || PJ.t("m_unstated"))}${terms.length > 2 ? PJ.t("and_more", { n: terms.length - 2 }) : ""}</span>`;
  const ribbon = $("ribbon");
  ribbon.className = `pj-ribbon ${meta.synthetic ? "synthetic" : ""}`;
  PJ.put(ribbon, PJ.html`${said}<span class="rel">${PJ.t("release")} ${meta.release} · ${PJ.t("cutoff")} ${PJ.cutoff()} · ${PJ.t("m_created")} ${meta.created_at.slice(0, 10)}</span>`);
};
const drawNav = () => PJ.put($("nav"), PJ.html`${PJ.VIEWS.map((view, i) => PJ.html`<a class="g ${PJ.S.view === view ? "cur" : ""}" href="${PJ.linkTo({ view, list: null })}"
  ${new PJ.Html(PJ.S.view === view ? 'aria-current="page"' : "")}>${PJ.icon(view)}${PJ.t(`view_${view}`)}<kbd aria-hidden="true">${i + 1}</kbd></a>`)}<div class="art" aria-hidden="true"></div>`);

/* ---- the filter bar ---- */
const yearChoice = (key, chosen, years) => PJ.html`<select data-year="${key}" aria-label="${PJ.t(`year_${key}`)}">${years.map((year) =>
  PJ.html`<option ${new PJ.Html(year === chosen ? "selected" : "")}>${year}</option>`)}</select>`;
const drawFilter = () => {
  const { first, last, whole } = PJ.years();
  const [from, to] = PJ.D.meta.period;
  const scope = PJ.inScope();
  const unit = PJ.unit(PJ.S.unit);
  const canYears = PJ.isWhole(PJ.S.unit);
  const pressed = (name, value, label, lacking) => PJ.html`<button data-set="${name}=${value}" aria-pressed="${PJ.S[name] === value}"
    ${lacking ? PJ.html`class="lacking" data-tip="${lacking}"` : ""}>${label}</button>`;
  PJ.put($("filter"), PJ.html`<div class="bar-f">
    <span class="fg"><span class="fl">${PJ.t("unit")}</span><span class="seg" role="group" aria-label="${PJ.t("unit")}">${PJ.D.meta.units.map((each) => pressed("unit", each.id, PJ.t(`unit_${each.id}_short`)))}</span></span>
    <span class="fg"><span class="seg" title="${PJ.t("owners")}" role="group" aria-label="${PJ.t("owners")}">${["entity", "group"].map((level) => pressed("owners", level, PJ.t(`owners_${level}`),
      level === "group" && !PJ.isGrouped() ? PJ.t("owners_ungrouped") : ""))}</span></span>
    <span class="fg"><span class="fl">${PJ.t("basis")}</span><span class="seg" role="group" aria-label="${PJ.t("basis")}">${PJ.bases().map((basis) => pressed("basis", basis, PJ.t(`basis_${basis}_short`),
      PJ.unknownPlaces(PJ.S.unit, basis) === unit.items ? PJ.t("basis_unknown", { basis: PJ.t(`basis_${basis}`) }) : ""))}</span></span>
    ${canYears ? PJ.html`<span class="fg"><span class="fl">${PJ.t("filing_year")}</span><span class="yr">${yearChoice("first", first, PJ.yearsBetween(from, to))}–${yearChoice("last", last, PJ.yearsBetween(from, to))}</span></span>` : ""}
    <span class="fg"><span class="fl">${PJ.t("node")}</span><select data-nodes aria-label="${PJ.t("node")}"><option value="">${PJ.t("whole_industry")}</option>${PJ.D.order.map((node) =>
      PJ.html`<option value="${node.node_id}" ${new PJ.Html(PJ.S.node === node.node_id ? "selected" : "")}>${"　".repeat(PJ.nodePath(node).length - 1)}${PJ.nodeName(node)}</option>`)}</select></span>
    <span class="sum">${scope.n === null ? "" : PJ.html`<button class="v" data-list="${PJ.listOf()}"><b>${PJ.count(scope.n)}</b> ${PJ.t(`unit_${PJ.S.unit}`)}</button>`}
    ${PJ.S.node || !whole ? PJ.html`<button class="lnk" data-clear>${PJ.t("clear")}</button>` : ""}</span></div>
    ${unit.told_apart ? "" : PJ.html`<p class="note o unit-note"><b>${PJ.t(`unit_${unit.id}`)}</b> ${unit[`note_${PJ.S.lang}`]}</p>`}
    ${canYears ? "" : PJ.html`<p class="note o unit-note">${PJ.t("l_short", { listed: PJ.count(PJ.items(PJ.S.unit).listed), n: PJ.count(PJ.items(PJ.S.unit).n) })}</p>`}`);
};

/* ---- the views ---- */
const VIEWS = {
  overview: () => PJ.html`${PJ.panel("wards")}<div class="figs">${PJ.panel("trend")}${PJ.panel("world")}${PJ.panel("ranking")}</div>`,
  time: () => PJ.html`${PJ.panel("trend-large")}<div class="figs two">${PJ.panel("claims")}${PJ.panel("lag")}${PJ.hasLegal() ? PJ.panel("legal") : ""}</div>`,
  technology: () => PJ.panel("node-year"),
  places: () => PJ.html`${PJ.panel("world-large")}<div class="figs two">${PJ.panel("china")}${PJ.panel("cities")}</div>${PJ.panel("place-node")}`,
  organisations: () => PJ.html`<div class="figs wide-first">${PJ.panel("ranking-large")}<div class="st-col">${PJ.panel("concentration")}${PJ.panel("entrants")}</div></div>${PJ.panel("network")}`,
  method: () => PJ.methodPage(),
};
let built = "";
const drawView = () => {
  const view = $("view");
  const now = PJ.S.view === "method" ? `method ${PJ.S.lang} ${PJ.S.unit} ${PJ.S.owners}` : PJ.S.view;
  if (now !== built) {
    PJ.dispose(view);
    view.className = `view v-${PJ.S.view}`;
    PJ.put(view, VIEWS[PJ.S.view]());
    view.parentElement.scrollTop = 0;
    built = now;
  }
  PJ.drawPanels(view.querySelectorAll("[data-figure]"));
};
// Redrawing replaces elements; the one that had the focus is found again by what it does.
const SAME = ["data-node", "data-set", "data-table", "data-place", "data-list", "data-year", "data-nodes", "data-wall", "data-clear"];
const keepFocus = (draw) => {
  const old = document.activeElement;
  const name = old && SAME.find((each) => old.hasAttribute(each));
  const home = name && old.closest("[id]")?.id;
  const scrolled = [...document.querySelectorAll(".scroll, .tbl, .body")].map((each) => each.scrollTop);
  draw();
  [...document.querySelectorAll(".scroll, .tbl, .body")].forEach((each, i) => { if (scrolled[i]) each.scrollTop = scrolled[i]; });
  if (!name || old.isConnected) return;
  const find = (value) => document.querySelector(`${home ? `#${CSS.escape(home)} ` : ""}[${name}="${CSS.escape(value)}"]`);
  (find(old.getAttribute(name)) ?? document.querySelector(`#${CSS.escape(home || "view")} [aria-pressed=true]`))?.focus({ preventScroll: true });
};
let drawn = "";
PJ.update = () => {
  PJ.readState();
  const root = document.documentElement;
  root.lang = PJ.S.lang === "zh" ? "zh-CN" : "en";
  root.dataset.bsTheme = PJ.S.theme;
  root.classList.toggle("wall", Boolean(PJ.S.wall));
  document.title = `${title()} · ${PJ.t("brand")}`;
  const { list, sort, page, size, text, ...rest } = PJ.S;
  // Turning a page of the list leaves the figures alone.
  if (JSON.stringify(rest) !== drawn) {
    keepFocus(() => { drawTop(); drawRibbon(); drawNav(); drawFilter(); drawView(); });
    drawn = JSON.stringify(rest);
  }
  PJ.updateList();
};

/* ---- events ---- */
let lightBefore = "light";
const toggleWall = () => {
  if (!PJ.S.wall) lightBefore = PJ.S.theme;
  PJ.go(PJ.S.wall ? { wall: "", theme: lightBefore } : { wall: "1", theme: "dark" });
};
const set = (text) => {
  const [name, ...value] = text.split("=");
  PJ.go(name === "page" ? { page: value.join("=") } : { [name]: value.join("="), page: "1" });
};
const actions = {
  "data-list": (value) => PJ.openList(value),
  "data-node": (value) => PJ.go({ node: PJ.S.node === value ? null : value }),
  "data-place": (value) => PJ.go({ place: value || null }),
  "data-set": set,
  "data-wall": toggleWall,
  "data-clear": () => PJ.go({ node: null, years: null }),
  "data-table": (value, element) => PJ.toggleTable(value, Boolean(element.dataset.on)),
  "data-save": (value, element) => {
    element.closest("details").open = false;
    PJ.saveFigure(PJ.figures[value], PJ.modelOf(value), element.dataset.ending);
  },
  "data-define": (value, element) => PJ.showDefinition(value, element),
};
const act = (event) => {
  const target = event.target.closest(Object.keys(actions).map((name) => `[${name}]`).join(","));
  if (!target) return false;
  const name = Object.keys(actions).find((each) => target.hasAttribute(each));
  actions[name](target.getAttribute(name), target);
  return true;
};
PJ.showDefinition = (id, from) => {
  const box = $("define");
  PJ.put(box, PJ.html`<header><h2>${PJ.t("definition")}</h2><button class="btn quiet" data-close aria-label="${PJ.t("close")}">${PJ.icon("close")}</button></header><dl class="defs">${PJ.definitions(PJ.figures[id].sources)}${PJ.figures[id].more?.().map(([name, text]) => PJ.html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
    <p class="more">${PJ.footText(PJ.figures[id], PJ.modelOf(id))}</p>`);
  box.showModal();
  box.addEventListener("close", () => from.focus(), { once: true });
};
// Nobody points at a wall: keys go from view to view, and down a view by the screen.
const WALL_SCROLL = { ArrowDown: 1, PageDown: 1, ArrowUp: -1, PageUp: -1 };
const keys = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const svgButton = event.target.closest?.("g[role=button]");
  if (svgButton && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    act(event);
    return;
  }
  if (event.target.matches("input, select, textarea") || document.querySelector("dialog[open]")) return;
  if (event.key === "/") { event.preventDefault(); $("find").querySelector("input").focus(); }
  else if (event.key >= "1" && event.key <= String(PJ.VIEWS.length)) PJ.go({ view: PJ.VIEWS[event.key - 1] });
  else if (event.key === "w") toggleWall();
  else if (event.key === "Escape" && PJ.S.wall) toggleWall();
  else if (PJ.S.wall && WALL_SCROLL[event.key]) {
    event.preventDefault();
    $("main").scrollBy({ top: WALL_SCROLL[event.key] * $("main").clientHeight });
  } else if (PJ.S.wall && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
    const step = event.key === "ArrowRight" ? 1 : -1;
    PJ.go({ view: PJ.VIEWS[(PJ.VIEWS.indexOf(PJ.S.view) + step + PJ.VIEWS.length) % PJ.VIEWS.length] });
  }
};
const tooltip = (event) => {
  const tip = $("tip");
  const target = event.target.closest?.("[data-tip]");
  if (!target || event.type === "focusout") { tip.hidden = true; return; }
  tip.textContent = target.dataset.tip;
  tip.hidden = false;
  const box = target.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(innerWidth - own.width - 4, box.left + box.width / 2 - own.width / 2))}px`;
  tip.style.top = `${box.top - own.height - 6 < 2 ? box.bottom + 6 : box.top - own.height - 6}px`;
};
const changed = (event) => {
  const { target } = event;
  if (target.matches("[data-nodes]")) PJ.go({ node: target.value || null });
  if (target.matches("[data-year]")) {
    const years = { ...PJ.years(), [target.dataset.year]: Number(target.value) };
    const [first, last] = [Math.min(years.first, years.last), Math.max(years.first, years.last)];
    const [from, to] = PJ.D.meta.period;
    PJ.go({ years: first === from && last === to ? null : `${first}-${last}` });
  }
};
const wire = () => {
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.menu[open]")) if (!open.contains(event.target)) open.open = false;
    act(event);
  });
  document.addEventListener("keydown", keys);
  document.addEventListener("change", changed);
  for (const kind of ["pointerover", "focusin", "focusout"]) document.addEventListener(kind, tooltip);
  $("find").addEventListener("submit", (event) => {
    event.preventDefault();
    PJ.go({ list: "all:1", text: new FormData(event.target).get("text"), page: "1" });
  });
  $("define").addEventListener("click", (event) => {
    if (event.target === $("define") || event.target.closest("[data-close]")) $("define").close();
  });
  $("skip").addEventListener("click", () => $("main").focus());
  PJ.wireList();
  addEventListener("popstate", PJ.update);
  addEventListener("hashchange", PJ.update);
  let wait = 0;
  addEventListener("resize", () => {
    clearTimeout(wait);
    wait = setTimeout(() => { drawn = ""; PJ.update(); }, 120);
  });
};
PJ.start = async () => {
  try {
    await PJ.open();
  } catch (problem) {
    $("opening").textContent = `打不开本页的数据：请用 2022 年以后的 Chromium 内核浏览器。This page's data cannot be opened: use a Chromium-based browser of 2022 or later. (${problem.message})`;
    return;
  }
  wire();
  $("opening").remove();
  PJ.update();
  document.body.dataset.ready = String(Math.round(performance.now()));
};
PJ.start();
