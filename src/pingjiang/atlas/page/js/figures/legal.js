// Whether rights are alive: the composition by legal state at the day of the state. Unknown is shown as such.

const LIVES = ["in_force", "pending", "dead", "elsewhere", "unknown"];
PJ.hasLegal = () => Boolean(PJ.D.figures.legal_states);
const lifeRows = (model) => LIVES.filter((life) => model.byLife.has(life)).map((life) => {
  const { value, share } = model.byLife.get(life);
  return { name: PJ.t(`life_${life}`), value, share, kind: life === "unknown" ? "hatch" : "" };
});
const lifeBars = (model) => PJ.barRows(lifeRows(model), { highest: Math.max(...model.rows.map((row) => row.value)) });
PJ.define({
  id: "legal",
  half: true,
  sources: ["legal_states"],
  title: () => PJ.titled("legal"),
  model: () => {
    const rows = PJ.rows("legal_states", PJ.S.unit);
    const byLife = new Map(rows.map((row) => [row.life, row]));
    return {
      rows, byLife, n: rows.reduce((sum, row) => sum + row.value, 0), unknown: byLife.get("unknown")?.value ?? 0,
      unknownOf: PJ.t("life_unknown"), day: rows[0]?.as_of ?? null, empty: rows.length ? null : PJ.t("no_rows"),
    };
  },
  notes: (model) => [PJ.t("legal_day", { day: model.day ?? PJ.t("unknown") }), PJ.t("legal_whole")],
  draw: (element, model) => PJ.put(element, lifeBars(model)),
  svg: (model, { width }) => PJ.traced((stage) => PJ.put(stage, lifeBars(model)), width),
  table: (model) => ({
    columns: [{ label: PJ.t("life"), kind: "text" }, { label: PJ.t("count"), kind: "count" }, { label: PJ.t("share"), kind: "share" }],
    rows: lifeRows(model).map((row) => [row.name, row.value, row.share]),
  }),
});
