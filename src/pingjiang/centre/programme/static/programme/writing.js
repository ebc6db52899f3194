// Writing an application: it saves itself, counts characters as the server does, and tells of another window.
// Without this file, buttons do the same.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);

  // ---- characters: code points, as the server counts them; what is too long is kept, and told
  const main = $("#main");
  for (const field of document.querySelectorAll("[data-limit]")) {
    const limit = Number(field.dataset.limit);
    const told = document.createElement("div");
    field.after(told);
    const tell = () => {
      const length = [...field.value].length;
      const over = length - limit;
      told.className = over > 0 ? "left-of over" : "left-of";
      told.hidden = field.tagName === "INPUT" && length < limit * 0.8; // of short ones only where it comes near
      told.textContent = `${length.toLocaleString("en-US")} / ${limit.toLocaleString("en-US")}${over > 0 ? ` \u25A0 ${main.dataset.over} ${over}` : ""}`;
    };
    field.addEventListener("input", tell);
    tell();
  }

  // ---- saving by itself
  const form = $("form[data-autosave]");
  if (!form) return;
  const status = $("[data-saved]");
  const notice = $("[data-conflict]");
  let changed = false;
  let stopped = !notice.hidden; // another draft waits: whoever decides presses a button
  let busy = false;
  form.addEventListener("input", () => { changed = true; });
  const told = (answer) => {
    for (const [name, revision] of Object.entries(answer.revisions)) form.elements[`revision.${name}`].value = revision;
    if (answer.conflict) {
      stopped = true;
      notice.hidden = false;
      $("[data-compare-aside]", notice)?.setAttribute("href", answer.conflict);
      notice.scrollIntoView({ block: "nearest" });
      return;
    }
    if (answer.problem) {
      changed = true;
      status.textContent = answer.problem;
      return;
    }
    status.textContent = `${answer.at} ${status.dataset.word}`;
    if (changed) return;
    $("[data-changed]", form).hidden = true;
    $("[data-unchanged]", form).hidden = false;
    form.addEventListener("input", () => {
      $("[data-changed]", form).hidden = false;
      $("[data-unchanged]", form).hidden = true;
    }, { once: true });
  };
  const save = async () => {
    if (!changed || stopped || busy) return;
    busy = true;
    changed = false;
    const body = new FormData(form);
    body.set("autosave", "1");
    try {
      const response = await fetch(location.pathname, { method: "POST", body, redirect: "error", headers: { Accept: "application/json" } });
      told(await response.json());
    } catch {
      changed = true; // the net, or the session: what is typed stays here, and is tried again
      status.textContent = status.dataset.fails;
    } finally {
      busy = false;
    }
  };
  setInterval(save, Number(form.dataset.autosave) * 1000);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  // A link to another step saves before it goes, as the buttons do.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.(".stp a");
    if (!link || !changed || stopped || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    while (busy) await new Promise((done) => { setTimeout(done, 50); });
    await save();
    if (!changed && !stopped) location.assign(link.href);
  });
  window.addEventListener("beforeunload", (event) => { if (changed && !stopped) event.preventDefault(); });
  form.addEventListener("submit", () => { changed = false; });
})();
