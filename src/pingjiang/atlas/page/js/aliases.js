// Which names as printed were held for one organisation, and why: above the list of an organisation.

const aliasesOf = (owners) => PJ.D.aliases.filter(([owner]) => owners.has(owner));
const ownersMeant = (id) => {
  if (PJ.S.owners === "entity") return new Set([id]);
  const group = PJ.ownerIndex(id);
  return new Set(PJ.D.organisations.filter((organisation) => organisation[2] === group).map(([owner]) => owner));
};
const reasonWords = (reasons) => reasons.map((reason) => PJ.D.reasons[reason][PJ.S.lang === "en" ? 1 : 0]).join(PJ.S.lang === "en" ? "; " : "；");
const aliasLine = (several) => ([owner, name, mentions, score, reasons], at, rows) => {
  const first = at === 0 || rows[at - 1][0] !== owner;
  const said = several ? PJ.html`<td data-raw>${first ? PJ.D.organisations[PJ.D.ownerIndex.entity.get(owner)][1] : ""}</td>` : "";
  return PJ.html`<tr>${said}<th scope="row"><span data-raw>${name}</span></th><td class="num">${PJ.count(mentions)}</td><td class="num">${score.toFixed(2)}</td><td>${reasonWords(reasons)}</td></tr>`;
};
// Nothing where the list is of no single organisation, or its names are one.
PJ.putAliases = (element, conditions) => {
  const asked = conditions.filter(({ kind, value }) => ["org", "joint"].includes(kind) && value !== "?");
  const rows = asked.length === 1 ? aliasesOf(ownersMeant(asked[0].value)) : [];
  const organisations = new Set(rows.map(([owner]) => owner)).size;
  if (rows.length < 2) {
    PJ.put(element, "");
    return;
  }
  const several = organisations > 1;
  const open = element.querySelector("details")?.open ?? false;
  PJ.put(element, PJ.html`<details ${new PJ.Html(open ? "open" : "")}><summary>${PJ.t(several ? "a_names_group" : "a_names", { n: PJ.count(rows.length), organisations: PJ.count(organisations) })}</summary>
    <p class="dim">${PJ.t("a_means")}</p><div class="names" tabindex="0" role="region" aria-label="${PJ.t("a_table")}"><table class="tb"><caption class="sr">${PJ.t("a_table")}</caption><thead><tr>
    ${several ? PJ.html`<th scope="col">${PJ.t("organisation")}</th>` : ""}<th scope="col">${PJ.t("a_printed")}</th><th scope="col" class="num">${PJ.t("a_mentions")}</th><th scope="col" class="num">${PJ.t("a_score")}</th><th scope="col">${PJ.t("a_reasons")}</th></tr></thead>
    <tbody>${rows.map(aliasLine(several))}</tbody></table></div></details>`);
};
