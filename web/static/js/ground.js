// The maps of this house: MapLibre with local files, no glyph server, no sprite, nothing from outside.
import * as maplibre from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { lang, page } from "./common.js";

const FONT = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif";

/** A map in an element, or null where the browser cannot draw one. */
export function ground(container, options = {}) {
  try {
    const made = new maplibre.Map({
      container,
      style: { version: 8, sources: {}, layers: [{ id: "paper", type: "background", paint: { "background-color": "#eef0e8" } }] },
      center: [111.96, 21.86],
      zoom: 9,
      maxZoom: 22,
      attributionControl: false,
      localIdeographFontFamily: FONT,
      dragRotate: false,
      pitchWithRotate: false,
      canvasContextAttributes: { preserveDrawingBuffer: true },
      locale: lang === "zh" ? ZH : {},
      ...options,
    });
    made.touchZoomRotate.disableRotation();
    made.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
    made.addControl(new maplibre.ScaleControl({ maxWidth: 120 }), "bottom-left");
    const busy = (is) => () => made.getContainer().setAttribute("aria-busy", String(is));
    for (const begins of ["movestart", "dataloading"]) made.on(begins, busy(true));
    made.on("idle", busy(false));
    made.setMissingStyleImageResolver((id) => {
      const image = drawn(id);
      if (image && !made.hasImage(id)) made.addImage(id, image, { pixelRatio: 2 });
    });
    return made;
  } catch {
    return null;
  }
}

const ZH = {
  "NavigationControl.ZoomIn": "放大",
  "NavigationControl.ZoomOut": "缩小",
  "Map.Title": "地图",
  "ScaleControl.Meters": "米",
  "ScaleControl.Kilometers": "千米",
};

/** Pictures are drawn when first asked for: `hatch-overlap`, `mark-overlap-open`, `tag-甲`. */
function drawn(id) {
  const [kind, first, second] = id.split("-");
  if (kind === "hatch") return hatch(page.palette.categories[first]);
  if (kind === "mark") return mark(page.palette.categories[first]?.colour || "#5a6068", second);
  if (kind === "tag") return tag(first);
  return null;
}

function canvas(size) {
  const made = document.createElement("canvas");
  made.width = made.height = size;
  return made.getContext("2d");
}

const finished = (pen) => pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);

function hatch(look) {
  if (!look) return null;
  const pen = canvas(16);
  pen.fillStyle = `${look.colour}40`;
  pen.fillRect(0, 0, 16, 16);
  pen.strokeStyle = pen.fillStyle = look.colour;
  pen.lineWidth = 2.5;
  const line = (x1, y1, x2, y2) => {
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
    pen.stroke();
  };
  // Diagonals are drawn three times, one tile apart, so that neighbouring tiles join.
  const up = () => [-16, 0, 16].forEach((x) => line(x - 2, 18, x + 18, -2));
  const down = () => [-16, 0, 16].forEach((x) => line(x - 2, -2, x + 18, 18));
  ({
    cross: () => { up(); down(); },
    up, down,
    level: () => line(0, 8, 16, 8),
    upright: () => line(8, 0, 8, 16),
    dots: () => { for (const [x, y] of [[4, 4], [12, 12]]) { pen.beginPath(); pen.arc(x, y, 2.6, 0, 7); pen.fill(); } },
  })[look.hatch]();
  return finished(pen);
}

/** One shape a state, so that the state is read without its colour. */
function mark(colour, state) {
  const pen = canvas(44);
  const middle = 22;
  const circle = (radius, from = 0, to = 2 * Math.PI) => {
    pen.beginPath();
    if (to - from < 6) pen.moveTo(middle, middle);
    pen.arc(middle, middle, radius, from, to);
    pen.closePath();
  };
  const polygon = (...points) => {
    pen.beginPath();
    points.forEach(([x, y]) => pen.lineTo(x, y));
    pen.closePath();
  };
  const outline = { closed: () => polygon([8, 8], [36, 8], [36, 36], [8, 36]), in_remedy: () => polygon([22, 4], [40, 22], [22, 40], [4, 22]) };
  (outline[state] || (() => circle(15)))();
  pen.lineWidth = 9;
  pen.strokeStyle = "#fff";
  pen.stroke();
  pen.lineWidth = 4;
  pen.strokeStyle = colour;
  pen.fillStyle = ["confirmed", "in_remedy", "closed"].includes(state) ? colour : "#fff";
  pen.fill();
  pen.stroke();
  pen.fillStyle = colour;
  const inside = {
    assigned: () => { circle(15, -Math.PI / 2, 0); pen.fill(); },
    in_check: () => { circle(15, -Math.PI / 2, Math.PI / 2); pen.fill(); },
    dismissed: () => { pen.beginPath(); pen.moveTo(12, 32); pen.lineTo(32, 12); pen.stroke(); },
    approved_use: () => { pen.beginPath(); pen.moveTo(14, 22); pen.lineTo(20, 29); pen.lineTo(31, 15); pen.stroke(); },
  };
  inside[state]?.();
  return finished(pen);
}

function tag(text) {
  const pen = canvas(52);
  pen.fillStyle = "#fff";
  pen.strokeStyle = "#1e2624";
  pen.lineWidth = 4;
  pen.beginPath();
  pen.roundRect(4, 4, 44, 44, 8);
  pen.fill();
  pen.stroke();
  pen.fillStyle = "#1e2624";
  pen.font = `600 28px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, 26, 28);
  return finished(pen);
}

/** The box around GeoJSON geometries, points or [west, south, east, north] boxes. */
export function boxOf(...things) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const add = ([x, y]) => {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  };
  const walk = (part) => (typeof part[0] === "number" ? add(part) : part.forEach(walk));
  for (const thing of things.filter(Boolean)) {
    if (Array.isArray(thing)) {
      if (thing.length === 4 && typeof thing[0] === "number") {
        add(thing.slice(0, 2));
        add(thing.slice(2));
      } else walk(thing);
    } else if (thing.type === "GeometryCollection") thing.geometries.forEach((each) => walk(each.coordinates));
    else walk(thing.coordinates);
  }
  return Number.isFinite(box[0]) ? box : null;
}

export const collection = (features) => ({ type: "FeatureCollection", features });
export const feature = (geometry, properties = {}) => ({ type: "Feature", geometry, properties });

/** The vector tiles of one layer, as a source of a map. */
export const tiles = (layer) => ({ type: "vector", tiles: [`${location.origin}/api/v1/tiles/${layer}/{z}/{x}/{y}.pbf`], minzoom: 10, maxzoom: 18 });
