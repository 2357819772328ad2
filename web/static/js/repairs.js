// Invalid shapes of a delivery beside what they would be repaired: a person ticks which are stored repaired.
import { byId, code, el, known, m2, mu, t } from "./common.js";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = 72;
let shown = "";

/** Show what is proposed for a delivery; while it waits, its surveyor says which of it is accepted. */
export function repairs(upload) {
  const { items = [], accepted = [], by, stored } = upload.repairs || {};
  byId("repairs").hidden = !items.length;
  if (!items.length || shown === upload.state) return;
  shown = upload.state;
  const waiting = upload.state === "awaiting_acceptance";
  byId("repairs-count").textContent = String(items.length);
  byId("repairs-ask").hidden = !waiting;
  byId("repairs-why").textContent = waiting || stored === null ? t("repairs.why")
    : stored ? t("repairs.was_accepted", { n: stored, by }) : t("repairs.was_kept");
  const mine = new Set(accepted.map(({ layer, row }) => `${layer} ${row}`));
  const heads = ["accept", "parcel", "before", "after"];
  byId("repairs-list").replaceChildren(el("table", {},
    el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col" }, t(`repairs.${name}`))))),
    el("tbody", {}, items.map((each) => line(each, waiting, mine)))));
  const all = byId("repairs-all");
  all.onchange = () => boxes().forEach((box) => (box.checked = all.checked));
  byId("repairs-list").onchange = () => (all.checked = boxes().every((box) => box.checked));
}

function line(each, waiting, mine) {
  const at = `${each.layer} ${each.row}`;
  const named = `${t("repairs.accept")} ${each.code}`;
  const both = [each.before, each.after].filter(Boolean);
  return el("tr", {},
    el("td", {}, waiting ? el("input", { type: "checkbox", name: "repair", "data-layer": each.layer, "data-row": each.row, "aria-label": named })
      : mine.has(at) ? "✓" : "—"),
    el("td", {}, el("span", { class: "code" }, code(each.code)), el("small", { class: "quiet" }, `${known("layer", each.layer)} ${t("repairs.row", each)}`)),
    ["before", "after"].map((side) => el("td", {}, each[side] ? drawing(each[side], both, t(`repairs.${side}`)) : "", area(each[`area_${side}_m2`]))));
}

const area = (value) => (value === null ? "—" : [`${m2(value)} ${t("common.m2")}`, el("small", { class: "quiet" }, `${mu(value)} ${t("common.mu")}`)]);

/** A shape in degrees as a small picture, at the same scale as the other side of it. */
function drawing(shape, both, words) {
  const points = both.flatMap(polygons).flat(2);
  const [west, east] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))];
  const [south, north] = [Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))];
  const narrow = Math.cos((south * Math.PI) / 180);
  const scale = (SIZE - 8) / Math.max((east - west) * narrow, north - south, 1e-12);
  const corner = ([x, y]) => `${(4 + (x - west) * narrow * scale).toFixed(2)} ${(4 + (north - y) * scale).toFixed(2)}`;
  const made = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${SIZE} ${SIZE}`, width: SIZE, height: SIZE, role: "img", "aria-label": words, class: "repair-shape" })) made.setAttribute(name, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", polygons(shape).flat().map((ring) => `M${ring.map(corner).join("L")}Z`).join(""));
  made.append(path);
  return made;
}

const polygons = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);

const boxes = () => [...document.querySelectorAll("input[name=repair]")];

/** The answer that goes with an acceptance: what is ticked, by default nothing. */
export function mended() {
  const ticked = boxes().filter((box) => box.checked);
  if (ticked.length && ticked.length === boxes().length) return { repairs: "all" };
  return { repairs: ticked.map((box) => ({ layer: box.dataset.layer, row: Number(box.dataset.row) })) };
}
