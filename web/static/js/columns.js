// Whose column is what: the standard's fields, required ones first, beside the file's columns with a value of each.
import { ask, el, known, lang, page, said, t, tell } from "./common.js";

const of = (layer) => layer.decisions.find((each) => each.name === "columns");

/** The guesses that are more than alike names, by the standard's field: chosen beforehand, and marked as guesses. */
export function guessed(layer) {
  const firm = (of(layer)?.alternatives || []).filter((each) => each.firm);
  return Object.assign({}, ...firm.map((each) => each.value));
}

/** The table of columns; `choose("columns", field, column)` is told of every change. */
export function columnsOf(layer, open, upload, choose) {
  const made = of(layer);
  if (!made || !layer.layer) return "";
  const fields = Object.values(page.fields[layer.layer] || {}).sort((one, other) => other[2] - one[2] || one[3] - other[3]);
  const found = fields.filter(([standard]) => made.chosen[standard]).length;
  const example = (name) => layer.sample.rows.map((row) => row[layer.sample.columns.indexOf(name)]).find(Boolean) || "";
  const rows = fields.map((field) => line(field, made, layer, open, example, choose));
  const unused = layer.sample.columns.filter((name) => !Object.values(made.chosen).includes(name));
  return el("details", { class: "columns-of", open: !made.sure || (upload.state === "refused" && fields.some(([standard, , required]) => required && !made.chosen[standard])) },
    el("summary", {}, t("detective.columns", { found, all: fields.length }), " ", made.sure ? "" : el("span", { class: "badge severity-high" }, t("detective.unsure"))),
    el("p", { class: "quiet" }, t("detective.columns_why")),
    el("div", { class: "scroll" }, el("table", { class: "columns-table" }, el("thead", {}, el("tr", {}, ["standard", "meaning", "theirs", "example", "how"].map((name) =>
      el("th", { scope: "col" }, t(`detective.column_${name}`))))), el("tbody", {}, rows))),
    unused.length ? el("p", { class: "quiet" }, t("upload.ignored"), t("common.colon"), unused.map((name) => `${name}${example(name) ? ` (${example(name)})` : ""}`).join(lang === "zh" ? "、" : ", ")) : "");
}

function line([standard, meaning, required], made, layer, open, example, choose) {
  const guess = made.alternatives.find((each) => standard in each.value);
  const now = made.chosen[standard] || (guess?.firm && open ? guess.value[standard] : "");
  const shown = el("td", {}, example(now));
  const how = made.chosen[standard] ? (made.chosen[standard].toUpperCase() === standard ? t("detective.same_name") : t("detective.mapped")) : guess ? said(guess) : required ? t("detective.missing") : "";
  const select = el("select", { "aria-label": t("detective.column_for", { field: `${standard} ${meaning}` }) },
    made.chosen[standard] ? "" : el("option", { value: "" }, t("detective.none")),
    layer.sample.columns.map((name) => el("option", { value: name, selected: name === now }, name === guess?.value[standard] ? t("detective.guess", { name }) : name)));
  select.addEventListener("change", () => {
    shown.textContent = example(select.value);
    choose("columns", standard, select.value === made.chosen[standard] ? "" : select.value);
  });
  return el("tr", { class: required ? "required" : null },
    el("th", { scope: "row" }, el("code", {}, standard), required ? el("span", { class: "badge" }, t("detective.required")) : ""),
    el("td", {}, meaning), el("td", {}, open ? select : made.chosen[standard] || "—"), shown,
    el("td", { class: guess && !made.chosen[standard] ? "guess" : "quiet" }, how));
}

/** Save what is chosen now as a map for the files of one company, and give it as a small file. */
export function saving(layer, choices) {
  const made = of(layer);
  if (!made) return "";
  const name = el("input", { maxlength: 80, required: true, autocomplete: "organization" });
  const told = el("p", { "aria-live": "polite", hidden: true });
  const save = async (event) => {
    event.preventDefault();
    const columns = { ...made.chosen, ...(choices().columns || {}) };
    const chosen = (of_) => layer.decisions.find((each) => each.name === of_)?.chosen;
    const epsg = /^EPSG:(\d+)$/.exec(choices().crs || chosen("crs") || "");
    const json = { name: name.value, layer: layer.layer, columns, units: { ...(chosen("units") || {}), ...(choices().units || {}) },
      encoding: choices().encoding || (layer.layer && chosen("encoding")) || null, crs: epsg ? Number(epsg[1]) : null };
    try {
      const kept = await ask("/column-maps", { method: "POST", json });
      told.className = "quiet";
      told.replaceChildren(t("detective.saved", { name: kept.name }), " ", el("a", { href: kept.file, download: true }, t("detective.take_map")));
      told.hidden = false;
    } catch (failure) {
      told.className = "problem";
      tell(told, failure);
    }
  };
  return el("details", { class: "saving" }, el("summary", {}, t("detective.save_map")), el("p", { class: "quiet" }, t("detective.save_why")),
    el("form", { onsubmit: save, class: "choices" }, el("label", {}, `${t("detective.company")} `, name), el("button", { class: "second" }, t("detective.save"))), told);
}
