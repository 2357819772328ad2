// All defects of one delivery at once: grouped, filtered by what stands in the address, each row a place on the map.
import { ask, byId, code, el, known, lang, page, said, t, tell } from "./common.js";
import { boxOf, collection, feature, ground, tiles } from "./ground.js";

const FILTERS = ["severity", "rule", "village"];
const PAGE = 100;
const SEVERITY_COLOUR = ["match", ["get", "severity"], "high", "#8a3206", "medium", "#b8860b", "#5a6068"];
const base = `/uploads/${page.upload}/defects`;
let map;
let drawn;

const address = () => new URL(location.href).searchParams;
const filters = () => Object.fromEntries(FILTERS.map((name) => [name, address().get(name)]).filter(([, value]) => value));

/** Show the report of a delivery that has been read; called again whenever its state has moved on. */
export async function report() {
  const place = byId("report-groups");
  byId("report").hidden = false;
  byId("report-pdf").href = `/api/v1/uploads/${page.upload}/report.pdf?lang=${lang}`;
  byId("report-gpkg").href = `/api/v1/uploads/${page.upload}/defects.gpkg`;
  try {
    const told = await ask(`${base}?${new URLSearchParams(filters())}`);
    byId("report-total").textContent = told.total === told.all ? String(told.all) : t("defects.of_all", told);
    choices(told);
    place.replaceChildren(...(told.groups.length ? told.groups.map(group) : [el("p", { class: "empty" }, t(told.all ? "defects.none_here" : "defects.none"))]));
    squares(told.squares);
  } catch (failure) {
    const words = el("p", { class: "problem" });
    tell(words, failure);
    place.replaceChildren(words, el("button", { class: "second", onclick: report }, t("common.retry")));
  }
}

function choices({ facets, villages }) {
  const words = { severity: (value) => t(`severity.${value}`), rule: (value) => known("reject", value), village: (value) => villages[value] || code(value) };
  for (const name of FILTERS) {
    const chosen = address().get(name) || "";
    const counts = { ...(chosen ? { [chosen]: 0 } : {}), ...facets[name] };
    byId(`report-${name}`).replaceChildren(el("option", { value: "" }, t("defects.any")), ...Object.entries(counts).sort().map(([value, n]) =>
      el("option", { value, selected: value === chosen }, `${words[name](value)} (${n})`)));
  }
  byId("report-clear").hidden = !Object.keys(filters()).length;
}

function set(changes) {
  const there = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) value ? there.searchParams.set(name, value) : there.searchParams.delete(name);
  history.replaceState(null, "", there);
}

byId("report-filter").addEventListener("change", ({ target }) => { set({ [target.name]: target.value }); report(); });
byId("report-clear").addEventListener("click", () => { set(Object.fromEntries(FILTERS.map((name) => [name, ""]))); report(); });

function group(each) {
  const list = el("ol", { class: "defect-rows" });
  const more = el("button", { type: "button", class: "second more", onclick: () => page_(each, list, more) });
  const what = [each.layer && known("layer", each.layer), each.reason].filter(Boolean).join(" · ");
  const made = el("details", { class: `defect-group severity-edge-${each.severity}`, "data-group": each.id },
    el("summary", {},
      el("span", { class: "defect-head" }, el("strong", {}, said(each.title)), el("span", { class: "figure count" }, String(each.count))),
      el("span", { class: "quiet" }, el("span", { class: `badge severity-${each.severity}` }, t(`severity.${each.severity}`)),
        ` ${each.rule}${what ? ` · ${what}` : ""}`,
        each.villages > 1 ? ` · ${t("defects.villages", { n: each.villages })}` : "")),
    el("p", { class: "quiet" }, each.articles.length ? `${t("defects.basis")}${t("common.colon")}${each.articles.map(said).join("; ")}` : t(`defects.kind_${each.kind}`)),
    list, more);
  fill(list, each.rows, each);
  told(more, each, list.children.length);
  more.dataset.cursor = "";
  made.addEventListener("toggle", () => {
    if (made.open) set({ group: each.id });
    else if (address().get("group") === each.id) set({ group: "" });
  });
  made.open = address().get("group") === each.id;
  return made;
}

function told(more, each, shown) {
  more.hidden = shown >= each.count;
  more.textContent = t("defects.more", { n: Math.min(PAGE, each.count - shown), shown, count: each.count });
}

/** The next page of a group; the first one takes the place of the rows that it was shown with. */
async function page_(each, list, more) {
  more.disabled = true;
  const asked = { limit: PAGE, ...(more.dataset.cursor && { cursor: more.dataset.cursor }), ...(filters().village && { village: filters().village }) };
  try {
    const { items, next } = await ask(`${base}/${each.id}?${new URLSearchParams(asked)}`);
    if (!more.dataset.cursor) list.replaceChildren();
    fill(list, items, each);
    more.dataset.cursor = next || "";
    told(more, each, list.children.length);
  } catch (failure) {
    const words = el("p", { class: "problem" });
    tell(words, failure);
    more.before(words);
  }
  more.disabled = false;
}

function fill(list, rows, each) {
  list.append(...rows.map((row) => {
    const where = [row.row === null ? "" : t("defects.row", { n: row.row }), row.code ? code(row.code) : ""].filter(Boolean).join(" · ");
    const text = [el("span", { class: "code" }, where), " ", said(row.sentence),
      row.outcome && row.outcome !== "new" ? el("span", { class: "badge" }, t(`defects.${row.outcome}`)) : ""];
    return el("li", {}, row.place
      ? el("button", { type: "button", class: "defect-row", onclick: (event) => look(row, each, event.currentTarget) }, text)
      : el("span", { class: "defect-row" }, text, el("small", { class: "quiet" }, ` ${t("defects.no_place")}`)),
    row.key ? el("a", { class: "to-finding", href: `/map?finding=${row.key}`, "aria-label": t("defects.dossier"), title: t("defects.dossier") }, "→") : "");
  }));
}

/** The whole delivery's defects as circles, larger where many lie; a row that is chosen stands above them. */
function squares(found) {
  const points = found.map(({ place, count, severity }) => feature({ type: "Point", coordinates: place }, { count, severity }));
  byId("report-map").hidden = !points.length && !map;
  if (!points.length && !map) return;
  const box = boxOf(points.map((each) => each.geometry.coordinates));
  if (map === undefined) start(box);
  if (!map) return;
  const show = () => {
    map.getSource("squares").setData(collection(points));
    if (box && `${box}` !== drawn) map.fitBounds(box, { padding: 40, maxZoom: 17, animate: false });
    drawn = `${box}`;
  };
  map.getSource("squares") ? show() : map.once("load", show);
}

function start(box) {
  map = ground("report-map", { bounds: box, fitBoundsOptions: { padding: 40, maxZoom: 17 } });
  map?.on("load", () => {
    map.addSource("parcel", tiles("parcel"));
    map.addLayer({ id: "parcel", type: "line", source: "parcel", "source-layer": "parcel", minzoom: 12, filter: ["!", ["has", "n"]], paint: { "line-color": "#8b8a72", "line-width": 1 } });
    map.addSource("squares", { type: "geojson", data: collection([]) });
    map.addLayer({ id: "squares", type: "circle", source: "squares", paint: {
      "circle-radius": ["min", 16, ["+", 3, ["*", 2, ["log10", ["get", "count"]]]]], "circle-color": SEVERITY_COLOUR,
      "circle-opacity": 0.55, "circle-stroke-color": "#fff", "circle-stroke-width": 1 } });
    map.addSource("chosen", { type: "geojson", data: collection([]) });
    map.addLayer({ id: "chosen", type: "circle", source: "chosen", paint: {
      "circle-radius": 12, "circle-color": "rgb(0 0 0 / 0%)", "circle-stroke-color": "#0069a8", "circle-stroke-width": 4 } });
  });
}

function look(row, each, button) {
  for (const other of document.querySelectorAll(".defect-row[aria-current]")) other.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  map?.getSource("chosen")?.setData(collection([feature({ type: "Point", coordinates: row.place })]));
  map?.easeTo({ center: row.place, zoom: Math.max(map.getZoom(), 18) });
}
