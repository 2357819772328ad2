// The map between list and dossier: what lies on the ground, and where it is in conflict.
import { ask, byId, el, known, page, t } from "./common.js";
import { boxOf, collection, feature, ground } from "./ground.js";
import * as imagery from "./imagery.js";

const LOOK = {
  landcover: { fill: "#e4e1d2", line: "#b0a98f", off: true },
  basic_farmland: { fill: "#f3ebab", line: "#9a8b00", dash: [1, 2], off: true },
  approval: { fill: "#d6eaf1", line: "#1f6f8b", dash: [4, 2], off: true },
  parcel: { fill: "#f4f3e2", line: "#8d9a78" },
  reserved: { fill: "#e6d8f6", line: "#7a4fae", dash: [4, 2] },
  building: { fill: "#d9b8a8", line: "#7b3f2a" },
};
const PARTS = ["squares", "fill", "line"];
const CONTEXT_FROM = 12; // further out only parcels are shown: as squares, the darker the more of the ground they take
const SHAPES_FROM = 14;
const NUMBERS_FROM = 17; // nearer than this a parcel has room for the last five digits of its code

let map;
let on;
let chosen = null;
let shown = [];
let wanted = {};
let pending = null;
let points = { rounds: 0 };
const ready = () => map?.getSource("finding");

export function start(handlers) {
  on = handlers;
  map = ground("map");
  if (!map) {
    byId("map-problem").textContent = t("map.no_webgl");
    byId("map-problem").hidden = false;
    byId("layers").hidden = true;
    return;
  }
  legend();
  map.on("load", build);
}

const source = (layer, minzoom) => ({
  type: "vector", tiles: [`${location.origin}/api/v1/tiles/${layer}/{z}/{x}/{y}.pbf`], minzoom, maxzoom: 18,
});

function build() {
  for (const [name, look] of Object.entries(LOOK)) {
    map.addSource(name, source(name, name === "parcel" ? 0 : CONTEXT_FROM));
    const squares = ["has", "n"]; // where a tile would hold too many shapes
    const base = { source: name, "source-layer": name, filter: ["!", squares], layout: { visibility: look.off ? "none" : "visible" } };
    map.addLayer({ ...base, id: `${name}-squares`, type: "fill", filter: squares, paint: {
      "fill-color": look.line, "fill-antialias": false, "fill-opacity": ["interpolate", ["linear"], ["get", "share"], 0, 0.15, 100, 0.75] } });
    map.addLayer({ ...base, id: `${name}-fill`, type: "fill", paint: { "fill-color": look.fill, "fill-opacity": 0.75 } });
    map.addLayer({ ...base, id: `${name}-line`, type: "line", paint: {
      "line-color": look.line, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 0.15, 15, 0.5, 17, 1.2, 20, 2],
      ...(look.dash ? { "line-dasharray": look.dash } : {}) } });
  }
  map.addSource("finding", source("finding", CONTEXT_FROM));
  const shapes = { source: "finding", "source-layer": "finding", minzoom: CONTEXT_FROM };
  map.addLayer({ ...shapes, id: "cut-fill", type: "fill", minzoom: SHAPES_FROM, paint: { "fill-pattern": ["concat", "hatch-", ["get", "category"]] } });
  map.addLayer({ ...shapes, id: "cut-line", type: "line", paint: { "line-color": colour(), "line-width": 2 } });
  chosenLayers(map);
  map.addLayer({ id: "parcel-number", type: "symbol", source: "parcel", "source-layer": "parcel", minzoom: NUMBERS_FROM, filter: ["has", "code"],
    layout: { "text-field": ["slice", ["get", "code"], 14], "text-size": 11, "text-font": ["sans-serif"], "text-padding": 6 },
    paint: { "text-color": "#55605c", "text-halo-color": "#fff", "text-halo-width": 1.5 } });
  pointLayers();
  imagery.start(map, outlined);
  map.on("click", pick);
  for (const layer of ["cut-fill", "marks", "clusters"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  filter(wanted);
  pending?.();
}

const colour = () => ["match", ["get", "category"],
  ...Object.entries(page.palette.categories).flatMap(([name, look]) => [name, look.colour]), "#5a6068"];

/** What people look for, drawn on another map: parcels, cuts, and what is chosen. */
function outlined(other) {
  other.addSource("parcel", source("parcel", SHAPES_FROM));
  other.addSource("finding", source("finding", SHAPES_FROM));
  for (const [id, layer, paint] of [
    ["parcel-line", "parcel", { "line-color": LOOK.parcel.line, "line-width": map.getPaintProperty("parcel-line", "line-width") }],
    ["cut-line", "finding", { "line-color": colour(), "line-width": 2 }],
  ]) {
    other.addLayer({ id, type: "line", source: layer, "source-layer": layer, filter: map.getFilter(id), paint });
  }
  chosenLayers(other);
}

function chosenLayers(map) {
  map.addSource("chosen", { type: "geojson", data: collection([]) });
  const only = (role) => ["==", ["get", "role"], role];
  map.addLayer({ id: "side-halo", type: "line", source: "chosen", filter: ["in", ["get", "role"], ["literal", ["a", "b"]]], paint: { "line-color": "#fff", "line-width": 6, "line-opacity": 0.9 } });
  map.addLayer({ id: "side-a", type: "line", source: "chosen", filter: only("a"), paint: { "line-color": "#1e2624", "line-width": 2.5 } });
  map.addLayer({ id: "side-b", type: "line", source: "chosen", filter: only("b"), paint: { "line-color": "#1e2624", "line-width": 2.5, "line-dasharray": [3, 2] } });
  map.addLayer({ id: "cut-chosen-fill", type: "fill", source: "chosen", filter: only("cut"), paint: { "fill-pattern": ["concat", "hatch-", ["get", "category"]] } });
  map.addLayer({ id: "cut-chosen", type: "line", source: "chosen", filter: only("cut"), paint: { "line-color": colour(), "line-width": 3.5 } });
  map.addLayer({ id: "proposed", type: "line", source: "chosen", filter: only("line"), paint: { "line-color": "#0b57d0", "line-width": 4 } });
  map.addLayer({ id: "tags", type: "symbol", source: "chosen", filter: only("tag"), layout: { "icon-image": ["get", "icon"], "icon-offset": ["get", "offset"], "icon-allow-overlap": true } });
}

function pointLayers() {
  map.addSource("points", { type: "geojson", data: collection([]), cluster: true, clusterRadius: 44, clusterMaxZoom: 14 });
  map.addLayer({ id: "clusters", type: "circle", source: "points", filter: ["has", "point_count"], paint: {
    "circle-color": "#1e2624", "circle-opacity": 0.82, "circle-stroke-color": "#fff", "circle-stroke-width": 2,
    "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 14, 50, 22, 500, 32] } });
  map.addLayer({ id: "cluster-n", type: "symbol", source: "points", filter: ["has", "point_count"],
    layout: { "text-field": ["get", "point_count_abbreviated"], "text-size": 13, "text-font": ["sans-serif"], "text-allow-overlap": true },
    paint: { "text-color": "#fff" } });
  map.addLayer({ id: "marks", type: "symbol", source: "points", filter: ["!", ["has", "point_count"]], layout: {
    "icon-image": ["concat", "mark-", ["get", "category"], "-", ["get", "state"]], "icon-allow-overlap": true,
    "icon-size": ["interpolate", ["linear"], ["zoom"], 12, 0.8, 17, 1] } });
}

async function pick({ point }) {
  const at = map.queryRenderedFeatures([[point.x - 5, point.y - 5], [point.x + 5, point.y + 5]], { layers: ["clusters", "marks", "cut-fill"] });
  const found = at.find((each) => each.layer.id !== "clusters") || at[0];
  if (!found) {
    const [parcel] = map.queryRenderedFeatures(point, { layers: ["parcel-fill"] });
    return parcel && imagery.under(parcel);
  }
  if (found.layer.id !== "clusters") return on.choose(found.properties.key, { zoom: false });
  const zoom = await map.getSource("points").getClusterExpansionZoom(found.properties.cluster_id);
  map.easeTo({ center: found.geometry.coordinates, zoom: zoom + 0.5 });
}

function legend() {
  byId("layer-list").append(...Object.entries(LOOK).reverse().map(([name, look]) => {
    const box = el("input", { type: "checkbox" });
    box.checked = !look.off;
    box.addEventListener("change", () => {
      const parts = name === "parcel" ? [...PARTS, "number"] : PARTS;
      for (const part of parts) map.setLayoutProperty(`${name}-${part}`, "visibility", box.checked ? "visible" : "none");
    });
    return el("label", {}, box, el("i", { class: `line-key key-${name}`, "aria-hidden": "true" }), known("layer", name));
  }));
}

/** Cuts and marks follow the list's filter. The marks hold every finding of the filter, read in the background. */
export function filter(filters) {
  wanted = filters;
  if (!ready()) return;
  const tests = ["category", "state", "rule"].filter((name) => filters[name]).map((name) => ["==", ["get", name], filters[name]]);
  if (filters.presence !== "gone") tests.push(["!=", ["get", "presence"], "gone"]);
  for (const layer of ["cut-fill", "cut-line"]) map.setFilter(layer, ["all", ...tests]);
  readPoints(filters);
}

async function readPoints(filters) {
  const mine = ++points.rounds;
  const features = [];
  let cursor = "";
  do {
    const asked = new URLSearchParams({ ...filters, limit: 500, ...(cursor ? { cursor } : {}) });
    const answer = await ask(`/findings?${asked}`).catch(() => null);
    if (!answer || mine !== points.rounds) return;
    for (const { key, category, state, point } of answer.items) {
      if (point) features.push(feature({ type: "Point", coordinates: point }, { key, category, state }));
    }
    map.getSource("points").setData(collection(features));
    cursor = answer.next;
  } while (cursor);
}

/** Show both sides and the cut of one finding. */
export function choose(finding, zoom) {
  chosen = finding;
  if (!map) return;
  if (!ready()) {
    pending = () => choose(finding, zoom);
    return;
  }
  const { category, cut, a_shape: a, b_shape: b } = finding;
  const sides = [[a, "a", t("map.tag_a")], [b, "b", t("map.tag_b")]].filter(([shape]) => shape);
  const features = sides.map(([shape, role]) => feature(shape, { role }));
  const places = sides.map(([shape]) => towards(shape, finding.point));
  const leftFirst = places.length < 2 || places[0][0] <= places[1][0];
  for (const [n, [, , letter]] of sides.entries()) {
    // Pushed apart, so that both are read where one parcel covers the other.
    const offset = [(n === 0) === leftFirst ? -22 : 22, 0];
    features.push(feature({ type: "Point", coordinates: places[n] }, { role: "tag", icon: `tag-${letter}`, offset }));
  }
  if (cut) features.push(feature(cut, { role: "cut", category }));
  shown = features;
  map.getSource("chosen").setData(collection(shown));
  imagery.mark(collection(shown));
  if (zoom) zoomToCut(0.6);
}

/** Add a proposed line to what is shown of the chosen finding. */
export function draw(line) {
  if (!ready()) return;
  const others = shown.filter((each) => each.properties.role !== "line");
  map.getSource("chosen").setData(collection([...others, feature(line, { role: "line" })]));
  zoomToCut(0.3);
}

/** From the cut a third of the way to the middle of a shape: a place for its tag that is in view and on its own side. */
function towards(shape, from) {
  const box = boxOf(shape);
  const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  return from ? middle.map((to, n) => from[n] + (to - from[n]) / 3) : middle;
}

/** Zoom to the cut, with `room` (a part of the parcels' lesser side) around it so that both sides are seen. */
export function zoomToCut(room = 0.1) {
  if (!map || !chosen) return;
  const box = boxOf(chosen.cut) || boxOf(chosen.a_shape) || boxOf(chosen.point);
  if (!box) return;
  const parcels = boxOf(chosen.a_shape, chosen.b_shape) || box;
  const margin = Math.max(room * Math.min(parcels[2] - parcels[0], parcels[3] - parcels[1]), 0.00003);
  map.fitBounds([[box[0] - margin, box[1] - margin], [box[2] + margin, box[3] + margin]], { padding: 40, maxZoom: 20.5, duration: 500 });
}

export function fitTo(found) {
  const box = boxOf(found.map((each) => each.point).filter(Boolean));
  if (!map || !box) return;
  const fit = () => map.fitBounds(box, { padding: 60, maxZoom: 16, duration: 0 });
  fit();
}

export function reload() {
  if (!ready()) return;
  map.getSource("finding").setTiles(source("finding").tiles);
  readPoints(wanted);
}

export const resize = () => map?.resize();
