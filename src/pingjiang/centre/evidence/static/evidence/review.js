// Keys of the review queue: a letter presses its button, or goes into its field. Off in fields, and where keys are off.
"use strict";
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (localStorage.getItem("pj-keys") === "off" || document.querySelector("dialog[open]")) return;
    const key = CSS.escape(event.key.toLowerCase());
    const field = document.querySelector(`[data-focus-on="${key}"]`);
    const target = document.querySelector(`[data-press="${key}"]`);
    if (!field && !target) return;
    event.preventDefault();
    if (field) field.focus();
    else target.click();
  });
})();
