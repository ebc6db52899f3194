// What the shell does beyond plain links and forms: keys, pop-overs, picked rows, printing, focus. Pages work without it.
"use strict";
(() => {
  const keysOff = () => localStorage.getItem("pj-keys") === "off";
  const typing = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;
  const $ = (selector, root = document) => root.querySelector(selector);
  const shown = (element) => element !== null && element.getClientRects().length > 0;

  // ---- rows and cards: j and k go to the next and the one before
  const stops = () => [...document.querySelectorAll("[data-rows] [data-row], [data-card]")].filter(shown);
  const step = (by) => {
    const all = stops();
    if (!all.length) return;
    const at = all.findIndex((each) => each === document.activeElement || each.contains(document.activeElement));
    all[Math.min(Math.max(at + by, 0), all.length - 1)].focus();
  };
  // Cases in the order of the list that one came from: [ and ] go on in it, and so do two links beside the title.
  const LISTED = "pj-listed";
  const listed = () => JSON.parse(sessionStorage.getItem(LISTED) ?? "[]");
  const remember = () => {
    const rows = [...document.querySelectorAll("[data-rows] a[data-row]")].map((each) => each.getAttribute("href"));
    if (rows.length) sessionStorage.setItem(LISTED, JSON.stringify(rows));
  };
  const onward = (url, rel, label) => {
    const link = document.createElement("a");
    Object.assign(link, { href: url, rel, className: "btn quiet", textContent: rel === "prev" ? `\u2039 ${label}` : `${label} \u203a` });
    return link;
  };
  const placeInList = () => {
    const all = listed();
    const at = all.indexOf(location.pathname);
    const main = $("#main");
    const place = main && $(".pj-head .acts", main);
    if (at < 0 || !place) return;
    const group = document.createElement("div");
    group.className = "nb";
    if (at > 0) group.append(onward(all[at - 1], "prev", main.dataset.before));
    if (at + 1 < all.length) group.append(onward(all[at + 1], "next", main.dataset.after));
    place.append(group);
  };
  const moveCard = (way) => {
    const card = document.activeElement?.closest?.("[data-card]");
    $(`button[data-way="${way}"]`, card ?? document.createElement("i"))?.click();
  };

  // ---- rows are picked: x at one, the box in the head all of the page; the bar below tells how many
  const boxes = (list) => [...list.querySelectorAll(".pick input[name=pick]")];
  const tellPicked = (list) => {
    const all = boxes(list);
    const picked = all.filter((each) => each.checked).length;
    const head = $("[data-pick-all]", list);
    const told = $("[data-picked]", list);
    if (!head || !told) return;
    told.textContent = String(picked);
    list.classList.toggle("picking", picked > 0);
    for (const each of all) each.closest("tr").classList.toggle("sel", each.checked);
    head.checked = picked > 0 && picked === all.length;
    head.indeterminate = picked > 0 && picked < all.length;
  };
  const pick = (list, given) => {
    for (const each of boxes(list)) each.checked = given;
    tellPicked(list);
  };
  document.addEventListener("change", (event) => {
    const list = event.target.closest(".lst");
    if (list && event.target.matches("[data-pick-all]")) pick(list, event.target.checked);
    else if (list) tellPicked(list);
  });
  const pickHere = () => {
    const box = $(".pick input", document.activeElement?.closest?.("[data-rows] tbody tr") ?? document.createElement("i"));
    if (!box) return;
    box.checked = !box.checked;
    tellPicked(box.closest(".lst"));
  };

  // ---- keys
  let going = 0;
  const single = {
    "/": () => ($("#main [data-key='/']") ?? $("[data-key='/']"))?.focus(), // a page's own query before the search above it
    "?": () => $("#keys")?.showModal(),
    j: () => step(1),
    k: () => step(-1),
    h: () => moveCard(-1),
    l: () => moveCard(1),
    x: pickHere,
    e: () => $("[data-key=e]")?.click(),
    "[": () => $("[rel=prev]")?.click(),
    "]": () => $("[rel=next]")?.click(),
  };
  const closeAll = () => {
    const opened = document.querySelectorAll("details.pv[open], .pj-who[open], .cols[open]");
    for (const open of opened) {
      open.open = false;
      if (open.contains(document.activeElement)) $("summary", open).focus();
    }
    return opened.length > 0;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if ($("dialog[open]")) return;
      if (typing(event.target)) event.target.blur();
      else if (!closeAll()) $("[data-key=Escape]")?.click();
      return;
    }
    const held = event.ctrlKey || event.metaKey;
    // Submits or saves what one writes in, or the page's only such form; an official act (.act) is never pressed so.
    const wanted = held && !event.altKey && { Enter: "button.pri", s: "button[data-key=save]" }[event.key];
    if (wanted) {
      const within = event.target.closest("form")?.querySelector(wanted);
      const all = document.querySelectorAll(`#main ${wanted}`);
      const button = within ?? (all.length === 1 ? all[0] : null);
      if (button) {
        event.preventDefault();
        button.click();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || keysOff()) return;
    if ($("dialog[open]")) return;
    if (going && Date.now() - going < 1500) {
      going = 0;
      const target = $(`[data-go="${CSS.escape(event.key)}"]`);
      if (target) {
        event.preventDefault();
        target.click();
      }
      return;
    }
    going = event.key === "g" ? Date.now() : 0;
    const digit = /^[1-9]$/.test(event.key) && $(`[data-key="${event.key}"]`);
    const act = digit ? () => digit.click() : single[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  // ---- clicks
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-open], [data-print], [data-show]");
    if (target?.dataset.open) $(`#${target.dataset.open}`).showModal();
    if (target && "print" in target.dataset) window.print();
    if (target?.dataset.show) showTwin(target);
    if (event.target.closest("[data-pick-none]")) pick(event.target.closest(".lst"), false);
    for (const open of document.querySelectorAll("details.pv[open], .pj-who[open], .cols[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  // A figure and its table are twins: one of them is shown.
  const showTwin = (button) => {
    const figure = button.closest("[data-figure]");
    const table = button.dataset.show === "table";
    $(".twin", figure).hidden = !table;
    $(".chart", figure).hidden = table;
    for (const each of figure.querySelectorAll("[data-show]")) {
      each.classList.toggle("on", each === button);
      each.setAttribute("aria-pressed", String(each === button));
    }
  };

  // ---- provenance opens under the pointer, too
  for (const card of document.querySelectorAll("details.pv")) {
    let pointed = false;
    card.addEventListener("mouseenter", () => { if (!card.open) { card.open = true; pointed = true; } });
    card.addEventListener("mouseleave", () => { if (pointed) card.open = false; pointed = false; });
    $("summary", card).addEventListener("focus", () => { if ($("summary", card).matches(":focus-visible")) card.open = true; });
    card.addEventListener("focusout", (event) => { if (!card.contains(event.relatedTarget)) card.open = false; });
    $("summary", card).addEventListener("click", (event) => { if (pointed) { event.preventDefault(); pointed = false; } });
  }

  // ---- opinion box: a reason where the move wants one
  document.addEventListener("submit", (event) => {
    const note = event.submitter?.matches("[data-needs-note]") ? $("textarea[name=note]", event.target) : null;
    if (!note) return;
    note.required = true;
    if (!note.value.trim()) {
      event.preventDefault();
      note.value = "";
      note.reportValidity();
      note.addEventListener("input", () => { note.required = false; }, { once: true });
    }
  });
  // ---- what takes longer than a moment says so, and how long it has been
  document.addEventListener("submit", (event) => {
    const told = event.target.id === "opn-form" && !event.defaultPrevented ? $("[data-busy]", event.target) : null;
    if (!told) return;
    const began = Date.now();
    let ticking = 0;
    const late = setTimeout(() => {
      told.hidden = false;
      ticking = setInterval(() => { $("[data-seconds]", told).textContent = `${Math.round((Date.now() - began) / 1000)} s`; }, 1000);
    }, 700);
    window.addEventListener("pagehide", () => { clearTimeout(late); clearInterval(ticking); told.hidden = true; }, { once: true });
  });
  // ---- a text may be too long to send, never too long to write: the browser would cut what is pasted
  const counted = (area) => {
    const limit = area.maxLength;
    area.removeAttribute("maxlength");
    const given = $(`[data-count="${CSS.escape(area.id)}"]`);
    const told = given ?? document.createElement("div");
    if (!given) area.after(told);
    const tell = () => {
      const length = [...area.value].length; // characters, as the server counts them, not halves of pairs
      const over = length - limit;
      told.className = over > 0 ? "left-of over" : "left-of";
      told.textContent = `${given ? " · " : ""}${length.toLocaleString("en-US")} / ${limit.toLocaleString("en-US")}${over > 0 ? ` \u25A0 ${$("#main").dataset.over ?? ""} ${over}` : ""}`;
    };
    area.addEventListener("input", tell);
    tell();
  };
  document.querySelectorAll("textarea[maxlength]").forEach(counted);
  // ---- the foot of a long form tells that something is changed and not saved
  for (const form of document.querySelectorAll("form[data-watched]")) {
    form.addEventListener("input", () => {
      $("[data-changed]", form).hidden = false;
      $("[data-unchanged]", form).hidden = true;
    }, { once: true });
  }
  $("[data-focus]")?.focus();
  placeInList();
  if (!listed().includes(location.pathname)) remember();
  document.addEventListener("htmx:after:swap", remember);
  const off = $("#keys-off");
  if (off) {
    off.checked = keysOff();
    off.addEventListener("change", () => localStorage.setItem("pj-keys", off.checked ? "off" : "on"));
  }
})();
