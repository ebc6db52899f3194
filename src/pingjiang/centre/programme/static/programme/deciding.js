// Sums of a pack as they are typed: given, left, places. In hundredths of ten thousand yuan, as whole numbers; what
// counts is what the server reckons when it is saved.
"use strict";
(() => {
  const sums = document.querySelector("[data-sums]");
  const items = [...document.querySelectorAll("[data-asked]")];
  if (!sums || !items.length) return;
  const hundredths = (text) => {
    const found = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.replaceAll(",", "").trim());
    return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
  };
  const shown = (number) => {
    const plain = Math.abs(number);
    const whole = Math.floor(plain / 100).toLocaleString("en-US");
    return `${number < 0 ? "\u2212" : ""}${whole}.${String(plain % 100).padStart(2, "0")}`;
  };
  const given = (item) => {
    const kind = item.querySelector("input[type=radio]:checked")?.value;
    if (kind === "approve") return hundredths(item.dataset.asked);
    return kind === "amend" ? hundredths(item.querySelector("[name^=amount-]").value) : null;
  };
  const put = (name, text) => {
    for (const place of document.querySelectorAll(`[data-sum=${name}]`)) place.textContent = text;
  };
  const reckon = () => {
    const amounts = items.map(given);
    items.forEach((item, at) => {
      const cell = item.closest("tr").querySelector("[data-given]");
      cell.textContent = amounts[at] === null ? "\u2014" : shown(amounts[at]);
    });
    const known = amounts.filter((amount) => amount !== null);
    const total = known.reduce((sum, amount) => sum + amount, 0);
    const left = hundredths(sums.dataset.budget) - total;
    put("given", shown(total));
    put("left", shown(left));
    put("count", String(known.length));
    sums.querySelector(".fin").classList.toggle("over", left < 0);
  };
  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-asked]")) reckon();
  });
})();
