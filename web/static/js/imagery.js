// Images beneath the parcels: one by its day, or two that part at a line; and what classes lie under a parcel.
import { ask, byId, code, day, el, known, m2mu, percent, t, tell } from "./common.js";
import { boxOf, collection, ground } from "./ground.js";

const LOWEST = "landcover-squares"; // all that is drawn lies above the image
const FAINT = 0.01; // of the fill of a parcel, so that it can still be clicked
const PIXEL_M_AT_0 = 145_000; // of a tile of 256 pixels, at this latitude

let map;
let beside = null;
let found = [];
let outlines;
let marked = collection([]);
let patches = [];

/** Offer the images of this area; `outlined` draws on another map what people look for on both sides of the line. */
export async function start(main, outlined) {
  map = main;
  outlines = outlined;
  found = (await ask("/images").catch(() => ({ items: [] }))).items;
  byId("image-none").hidden = found.length > 0;
  for (const id of ["image-under", "image-beside"]) {
    byId(id).append(...found.map((image) => el("option", { value: image.id }, `${day(image.taken_on)} ${known("image_kind", image.kind)}`)));
    byId(id).disabled = !found.length;
    byId(id).addEventListener("change", show);
  }
  byId("swipe-at").addEventListener("input", part);
  drag(byId("swipe-line"));
  await compared(new URLSearchParams(location.search));
}

/** Lay the two images of a comparison side by side, with its patches; go to the one that is named, or to all of them. */
async function compared(asked) {
  const id = asked.get("comparison");
  if (!/^\d{1,18}$/.test(id ?? "")) return;
  const both = await Promise.all([ask(`/images/comparisons/${id}`), ask(`/images/comparisons/${id}/patches`)]).catch(() => null);
  if (!both) return;
  const [{ before, after }, { features }] = both;
  byId("image-under").value = String(after.id);
  byId("image-beside").value = String(before.id);
  patches = features;
  drawPatches(map);
  show();
  const meant = features.filter((each) => !asked.get("patch") || each.properties.ref === asked.get("patch"));
  const box = boxOf(...meant.map((each) => each.geometry)) || chosen("image-under")?.bbox;
  if (box) map.fitBounds(box, { padding: 80, maxZoom: 19.5, duration: 0 });
}

/** The outlines of the patches of a comparison, on one of the maps. */
function drawPatches(target) {
  if (!patches.length || target.getSource("patches")) return;
  target.addSource("patches", { type: "geojson", data: collection(patches) });
  target.addLayer({ id: "patches-halo", type: "line", source: "patches", paint: { "line-color": "#fff", "line-width": 5, "line-opacity": 0.8 } });
  target.addLayer({ id: "patches", type: "line", source: "patches", paint: { "line-color": "#8a3206", "line-width": 2.5, "line-opacity": ["case", ["get", "stands"], 1, 0.4] } });
}

const chosen = (id) => found.find((image) => String(image.id) === byId(id).value);

function show() {
  const [under, other] = [chosen("image-under"), chosen("image-beside")];
  lay(map, under);
  map.setPaintProperty("parcel-fill", "fill-opacity", under ? FAINT : 0.75);
  legend([under, other]);
  if (!other || !under) return apart();
  if (!beside) open();
  const ready = () => lay(beside, other);
  if (beside.getSource("chosen")) ready();
  else beside.once("load", ready);
  byId("swipe-before").textContent = day(other.taken_on);
  byId("swipe-after").textContent = day(under.taken_on);
  byId("swipe").hidden = byId("map-before").hidden = false;
  beside.resize();
  follow();
  part();
}

/** Put an image lowest on a map, in place of the one that lay there. */
function lay(target, image) {
  if (target.getLayer("image")) target.removeLayer("image");
  if (target.getSource("image")) target.removeSource("image");
  if (!image) return;
  const maxzoom = Math.max(10, Math.min(22, Math.ceil(Math.log2(PIXEL_M_AT_0 / image.pixel_m)) + 1));
  target.addSource("image", { type: "raster", tiles: [location.origin + image.tiles], tileSize: 256, bounds: image.bbox, minzoom: 6, maxzoom });
  const above = target.getLayer(LOWEST) ? LOWEST : "parcel-line";
  target.addLayer({ id: "image", type: "raster", source: "image", paint: { "raster-fade-duration": 0 } }, above);
}

/** A second map lies over the first, goes where it goes, and is cut off at the line. */
function open() {
  byId("map-before").hidden = false;
  beside = ground("map-before", { interactive: false, center: map.getCenter(), zoom: map.getZoom() });
  beside.on("load", () => {
    outlines(beside);
    drawPatches(beside);
    mark(marked);
  });
  map.on("move", follow);
}

function follow() {
  if (beside && !byId("map-before").hidden) beside.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
}

function apart() {
  byId("swipe").hidden = byId("map-before").hidden = true;
}

/** Cut the map before off at the place of the slider. */
function part() {
  const at = byId("swipe-at").value;
  byId("map-before").style.clipPath = `inset(0 ${100 - at}% 0 0)`;
  byId("swipe-line").style.left = `${at}%`;
  byId("swipe-at").setAttribute("aria-valuetext", t("map.swipe_shows", { percent: at }));
}

/** The line itself is moved by mouse or finger; the keys move the slider. */
function drag(line) {
  const move = (event) => {
    const { left, width } = byId("swipe").getBoundingClientRect();
    byId("swipe-at").value = Math.round(Math.max(0, Math.min(100, ((event.clientX - left) / width) * 100)));
    part();
  };
  line.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    line.setPointerCapture(event.pointerId);
    line.addEventListener("pointermove", move);
  });
  for (const ends of ["pointerup", "pointercancel"]) line.addEventListener(ends, () => line.removeEventListener("pointermove", move));
}

/** What was chosen is marked on both sides. */
export function mark(features) {
  marked = features;
  beside?.getSource("chosen")?.setData(features);
}

const swatch = (colour) => {
  const made = el("i", { class: "class-key", "aria-hidden": "true" });
  made.style.background = colour || "#888";
  return made;
};

function legend(images) {
  const classes = images.filter(Boolean).flatMap((image) => image.classes);
  const once = [...new Map(classes.map((one) => [one.value, one])).values()].slice(0, 24);
  byId("image-legend").replaceChildren(...once.map((one) => el("li", {}, swatch(one.colour), t("map.class", { n: one.value }))));
}

/** Tell which classes lie under a parcel, of every raster of classes. */
export async function under(feature) {
  const rasters = found.filter((image) => image.kind === "classes" && meets(image, feature));
  if (!rasters.length) return close();
  const parcel = feature.properties.code;
  const card = byId("ground-card");
  const body = el("div", {}, t("common.loading"));
  card.replaceChildren(
    el("header", {}, el("strong", { class: "code" }, code(parcel)), el("button", { type: "button", class: "plain", onclick: close }, t("common.close"))), body);
  card.hidden = false;
  card.dataset.parcel = parcel;
  try {
    const told = await Promise.all(rasters.map((image) => ask(`/images/${image.id}/shares?parcel=${parcel}`)));
    if (card.dataset.parcel === parcel) body.replaceChildren(...told.map(table));
  } catch (failure) {
    const words = el("p", { class: "problem" });
    tell(words, failure);
    body.replaceChildren(words);
  }
}

const meets = ({ bbox }, { geometry }) => {
  const [west, south, east, north] = boxOf(geometry) || [0, 0, 0, 0];
  return west < bbox[2] && east > bbox[0] && south < bbox[3] && north > bbox[1];
};

function table(told) {
  const rows = told.classes.map((one) => el("tr", {},
    el("th", { scope: "row" }, swatch(one.colour), t("map.class", { n: one.value })),
    el("td", { class: "figure" }, m2mu(one.m2)), el("td", { class: "figure" }, percent(one.share))));
  return el("table", {}, el("caption", {}, t("map.classes_of", { day: day(told.taken_on) })),
    el("tbody", {}, rows.length ? rows : el("tr", {}, el("td", {}, t(told.measured ? "map.classes_none" : "map.classes_unmeasured")))));
}

function close() {
  byId("ground-card").hidden = true;
}
