// How a file was understood: every decision with its evidence, five rows, a small map; and each can be made anew.
import { ask, byId, el, known, lang, page, pair, said, t, tell } from "./common.js";
import { columnsOf, guessed, saving } from "./columns.js";
import { boxOf, ground, tiles } from "./ground.js";

const OPEN = ["awaiting_acceptance", "refused", "withdrawn"];
const NAMES = ["layer", "encoding", "crs", "columns", "units"];
const UNITS = ["m2", "mu", "ha"];
const MAP_SHAPES = { type: "line", paint: { "line-color": "#c8500a", "line-width": 2 } };
let shownState;
let alone = false;
/** What the person chose differently; nothing of it counts until the file is read again. */
let choices = {};

/** Show the decisions about every layer that was read, or about what was seen of a file that was refused. */
export function decisions(upload) {
  const seen = upload.layers?.length ? upload.layers : upload.previews || [];
  byId("decisions").hidden = !seen.length;
  if (!seen.length || shownState === upload.state) return;
  shownState = upload.state;
  choices = {};
  alone = seen.length === 1;
  const open = OPEN.includes(upload.state);
  byId("evidence").replaceChildren(...seen.map((layer, n) => card(layer, n, upload, open)));
  byId("reread").hidden = !open;
  byId("reread-go").onclick = () => again(upload.id, choices);
  changed();
  if (open) offer(upload);
}

function card(layer, n, upload, open) {
  const unsure = layer.decisions.some((each) => !each.sure);
  const table = el("div", { class: "scroll" }, sample(layer.sample));
  const place = layer.outlines ? el("div", { class: "map sample-map", role: "region", "aria-label": t("detective.map") }) : "";
  const title = [layer.layer ? known("layer", layer.layer) : t("detective.layer_unknown"), layer.source].filter(Boolean).join(" · ");
  const parts = layer.decisions.filter((each) => each.name !== "columns").map((each) => decided(each, layer, open, table));
  const made = el("details", { class: "evidence-layer card", open: n === 0 || unsure || !layer.layer },
    el("summary", {}, title, " ", unsure ? el("span", { class: "badge severity-high" }, t("detective.look")) : ""),
    el("div", { class: place ? "beside" : "" }, el("dl", { class: "decided" }, parts), place ? el("div", {}, place, caption(layer)) : ""),
    !place && layer.decisions.some((each) => each.name === "crs" && each.chosen === null) ? el("p", { class: "quiet" }, t("detective.no_map")) : "",
    el("h3", {}, t("detective.sample")), el("p", { class: "quiet" }, t("detective.sample_why")), table,
    columnsOf(layer, open, upload, choose),
    layer.notes?.length ? el("div", {}, el("h3", {}, t("upload.notes")), reasons(layer.notes)) : "",
    open && layer.layer ? saving(layer, () => choices) : "");
  const draw = () => made.open && place && !place.childElementCount && map(place, layer.outlines);
  made.addEventListener("toggle", draw);
  requestAnimationFrame(draw);
  if (open) for (const [ours, theirs] of Object.entries(guessed(layer))) choose("columns", ours, theirs);
  return made;
}

const reasons = (list) => (list?.length ? el("ul", {}, list.map((each) => el("li", {}, said(each)))) : "");

function decided(each, layer, open, table) {
  const label = known("detective", `of_${each.name}`);
  const mark = el("span", { class: each.sure ? "badge" : "badge severity-high" }, t(each.sure ? "detective.sure" : "detective.unsure"));
  const controls = !open ? "" : each.name === "units" ? units(each, layer) : others(each, layer, table);
  return pair(label, el("strong", { class: "chosen-value" }, value(each)), " ", mark, reasons(each.evidence), controls);
}

function value({ name, chosen }) {
  if (chosen === null || chosen === undefined) return t("detective.undecided");
  if (name === "layer") return known("layer", chosen);
  if (name === "units") return Object.entries(chosen).map(([field, unit]) => `${field} ${known("detective", `unit_${unit}`)}`).join(lang === "zh" ? "，" : ", ");
  return String(chosen).length > 60 ? `${String(chosen).slice(0, 60)}…` : String(chosen);
}

/** The other values a decision could have. Where it is open, each of them is one click away. */
function others(each, layer, table) {
  const list = each.alternatives;
  if (each.name === "layer" && !alone) return "";
  if (each.chosen === null && list.length) return el("div", { class: "buttons" }, list.map((other) => mend(each.name, other)), each.name === "crs" ? epsg() : "");
  const field = el("select", { "aria-label": t("detective.change", { what: known("detective", `of_${each.name}`) }) },
    el("option", { value: "" }, t("detective.keep")), list.map((other) => el("option", { value: other.value }, each.name === "layer" ? known("layer", other.value) : said(other))));
  if (each.name === "layer" && !list.length) return "";
  if (each.name === "layer" && page.fields) for (const name of Object.keys(page.fields)) if (name !== each.chosen && !list.some((other) => other.value === name)) field.append(el("option", { value: name }, known("layer", name)));
  field.addEventListener("change", () => {
    choose(each.name, null, field.value);
    const other = list.find((one) => one.value === field.value);
    if (each.name === "encoding") table.replaceChildren(sample({ columns: layer.sample.columns, rows: other?.rows || layer.sample.rows }));
  });
  if (each.name !== "crs") return list.length || each.name === "layer" ? field : "";
  return el("div", { class: "choices" }, list.length ? field : "", epsg());
}

/** Read again at once with one other value. */
const mend = (name, other) => el("button", { type: "button", onclick: (event) => again(page.upload, { ...choices, [name]: other.value }, event.target.parentElement) },
  t("detective.read_as", { value: name === "layer" ? known("layer", other.value) : said(other) || other.value }));

function epsg() {
  const number = el("input", { inputmode: "numeric", pattern: "[0-9]{4,6}", placeholder: "4546", size: 8, "aria-label": t("detective.epsg") });
  number.addEventListener("change", () => choose("crs", null, number.checkValidity() ? number.value : ""));
  return el("label", { class: "epsg" }, `${t("detective.epsg")} `, number);
}

function units(each) {
  return el("div", { class: "choices" }, Object.entries(each.chosen).map(([field, unit]) => {
    const select = el("select", {}, UNITS.map((one) => el("option", { value: one, selected: one === unit }, known("detective", `unit_${one}`))));
    select.addEventListener("change", () => choose("units", field, select.value === unit && each.sure ? "" : select.value));
    return el("label", {}, `${field} `, select);
  }), each.sure ? "" : el("button", { type: "button", class: "second", onclick: () => Object.entries(each.chosen).forEach(([field, unit]) => choose("units", field, unit)) }, t("detective.units_right")));
}

function sample({ columns, rows }) {
  if (!rows.length) return el("p", { class: "empty" }, t("detective.no_rows"));
  return el("table", { class: "sample" }, el("thead", {}, el("tr", {}, columns.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((text) => el("td", {}, text ?? ""))))));
}

const caption = (layer) => el("p", { class: "quiet" }, t("detective.drawn", { n: layer.outlines.features.length, crs: layer.outlines.crs_drawn_in.slice(0, 40) }));

function map(place, outlines) {
  const made = ground(place, { bounds: boxOf(...outlines.features.map((each) => each.geometry)), fitBoundsOptions: { padding: 30, maxZoom: 17 } });
  if (!made) return place.replaceChildren(el("p", { class: "quiet" }, t("detective.no_webgl")));
  made.on("load", () => {
    made.addSource("parcel", tiles("parcel"));
    made.addLayer({ id: "parcel", type: "line", source: "parcel", "source-layer": "parcel", minzoom: 12, filter: ["!", ["has", "n"]], paint: { "line-color": "#8b8a72", "line-width": 1 } });
    made.addSource("outlines", { type: "geojson", data: outlines });
    made.addLayer({ id: "outlines", source: "outlines", ...MAP_SHAPES });
  });
}

/** Keep a choice; an empty one takes it back. */
function choose(name, field, chosen) {
  if (field) {
    const kept = { ...(choices[name] || {}) };
    if (chosen) kept[field] = chosen;
    else delete kept[field];
    choices[name] = Object.keys(kept).length ? kept : undefined;
  } else choices[name] = chosen || undefined;
  changed();
}

function changed() {
  const made = NAMES.filter((name) => choices[name]);
  byId("reread-go").disabled = !made.length;
  byId("reread-changes").textContent = made.length
    ? t("detective.changes", { list: made.map((name) => known("detective", `of_${name}`)).join(lang === "zh" ? "、" : ", ") })
    : t("detective.no_changes");
}

/** Read the kept original again and go on there. Maps of columns and units join what was given before. */
async function again(id, made, buttons) {
  const upload = await ask(`/uploads/${id}`);
  const json = Object.fromEntries(Object.entries(made).filter(([, one]) => one));
  for (const name of ["columns", "units"]) if (json[name]) json[name] = { ...(upload.decisions[name] || {}), ...json[name] };
  for (const button of (buttons || byId("reread")).querySelectorAll("button")) button.disabled = true;
  try {
    const { url } = await ask(`/uploads/${id}/reread`, { method: "POST", json });
    location.assign(url);
  } catch (failure) {
    tell(byId("reread-problem"), failure);
    byId("reread-problem").scrollIntoView({ block: "nearest" });
    for (const button of (buttons || byId("reread")).querySelectorAll("button")) button.disabled = false;
  }
}

async function offer(upload) {
  const { items } = await ask(`/column-maps?upload=${upload.id}`).catch(() => ({ items: [] }));
  byId("offered-maps").replaceChildren(...items.map((each) => el("p", { class: "card offered" }, t("detective.map_fits", { name: each.name }), " ",
    el("button", { type: "button", class: "second", onclick: (event) => again(upload.id, wanted(each), event.target.parentElement) }, t("detective.use_map")))));
}

/** What a map decides; in a file of several layers it does not choose one. */
const wanted = ({ layer, columns, units: given, encoding, crs }) => ({ layer: alone ? layer : undefined, columns, units: Object.keys(given).length ? given : undefined, encoding, crs: crs && String(crs) });
