// What the shell does beyond plain links and forms: keys, pop-overs, printing, focus. Pages work without it.
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
    "/": () => $("[data-key='/']")?.focus(),
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
    for (const open of document.querySelectorAll("details.pv[open], .pj-who[open], .cols[open]")) {
      open.open = false;
      if (open.contains(document.activeElement)) $("summary", open).focus();
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closeAll();
      if (typing(event.target)) event.target.blur();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const button = event.target.closest("form")?.querySelector("button.pri");
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
    const act = single[event.key];
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
    const note = event.submitter?.matches("[data-needs-note]") ? $("textarea", event.target) : null;
    if (!note) return;
    note.required = true;
    if (!note.value.trim()) {
      event.preventDefault();
      note.value = "";
      note.reportValidity();
      note.addEventListener("input", () => { note.required = false; }, { once: true });
    }
  });
  $("[data-focus]")?.focus();
  const off = $("#keys-off");
  if (off) {
    off.checked = keysOff();
    off.addEventListener("change", () => localStorage.setItem("pj-keys", off.checked ? "off" : "on"));
  }
})();
