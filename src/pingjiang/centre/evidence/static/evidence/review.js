// Keys of the review queue: a letter presses its button, or goes into its field. Off in fields, and where keys are off.
// The sliders of the line say their number while they are moved, and ask for the pairs between them once they rest.
"use strict";
(() => {
  for (const slider of document.querySelectorAll("#line input[type=range]")) {
    slider.addEventListener("input", () => (slider.nextElementSibling.value = slider.value));
    slider.addEventListener("change", () => slider.form.requestSubmit());
  }
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
