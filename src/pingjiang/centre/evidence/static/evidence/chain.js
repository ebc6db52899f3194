// Keys of the chain's tree and of the desks. Pages work without it: all is buttons, links and fields.
"use strict";
(() => {
  const off = () => localStorage.getItem("pj-keys") === "off";
  const typing = (element) => element.closest("input:not([type=radio]), select, textarea, [contenteditable]") !== null;

  // ---- the tree: a node is opened and closed, what lies below it goes with it
  const closed = new Set();
  const draw = () => {
    for (const row of document.querySelectorAll("tr[data-node]")) {
      row.hidden = row.dataset.above.split(" ").some((each) => closed.has(each));
      const button = row.querySelector("[data-toggle]");
      if (button) {
        const open = !closed.has(row.dataset.node);
        button.setAttribute("aria-expanded", String(open));
        button.textContent = open ? "▾" : "▸";
      }
    }
  };
  const toggle = (node, open) => {
    closed[open ? "delete" : "add"](node);
    draw();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toggle]");
    if (button) toggle(button.dataset.toggle, closed.has(button.dataset.toggle));
  });

  // ---- the desk: digits set tags, what was touched last can be unsure
  let touched = null;
  let sent = false;
  const send = (form, button) => {
    if (sent || !form) return;
    sent = true;
    form.requestSubmit(button ?? undefined);
  };
  const mark = (digit) => {
    const group = document.querySelector(`[data-tag="${digit}"]`);
    if (!group) return false;
    const form = group.closest("form");
    const yes = group.querySelector("input[value=yes]");
    const chosen = yes.checked;
    if ("exclusive" in form.dataset) {
      for (const other of form.querySelectorAll("input[value=no]")) other.checked = true;
    }
    (chosen ? group.querySelector("input[value=no]") : yes).checked = true;
    touched = group;
    if ("single" in form.dataset && !chosen) send(form, form.querySelector("[data-save]"));
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || off() || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const row = event.target.closest?.("tr[data-node]");
    if (row && (event.key === "ArrowLeft" || event.key === "ArrowRight") && row.querySelector("[data-toggle]")) {
      event.preventDefault();
      toggle(row.dataset.node, event.key === "ArrowRight");
      return;
    }
    if (/^[1-9]$/.test(event.key) && mark(event.key)) {
      event.preventDefault();
      return;
    }
    if (event.key === "u" && touched) {
      event.preventDefault();
      touched.querySelector("input[value=unsure]").checked = true;
      return;
    }
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const button = document.querySelector(`[data-press="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    if (button.form) send(button.form, button);
    else button.click();
  });
  draw();
})();
