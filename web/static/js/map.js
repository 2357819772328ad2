// The official's page: list, map and dossier keep one choice and one filter, both written in the address.
import { ask, byId, notice, t } from "./common.js";
import * as dossier from "./dossier.js";
import * as list from "./list.js";
import * as atlas from "./atlas.js";

const FILTERS = ["q", "village", "rule", "category", "state", "presence", "upload", "group"];
const LOOKED_AT = ["comparison", "patch"]; // what the map shows from the start, whatever is looked for
const state = { chosen: null, finding: null, filter: {}, looked: {} };

function fromAddress() {
  const asked = new URLSearchParams(location.search);
  state.filter = {};
  for (const name of FILTERS) if (asked.get(name)) state.filter[name] = asked.get(name);
  state.chosen = asked.get("finding");
  state.looked = Object.fromEntries(LOOKED_AT.filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
}

function toAddress(push) {
  const told = new URLSearchParams({ ...state.filter, ...state.looked });
  if (state.chosen) told.set("finding", state.chosen);
  const there = told.size ? `?${told}` : location.pathname;
  history[push ? "pushState" : "replaceState"](null, "", there);
}

/** A filter changes: list, map and downloads follow. */
async function filterBy(changes) {
  Object.assign(state.filter, changes);
  for (const name of Object.keys(state.filter)) if (!state.filter[name]) delete state.filter[name];
  toAddress(true);
  await refresh({ fit: "village" in changes });
}

async function refresh({ fit = false } = {}) {
  atlas.filter(state.filter);
  await list.load(state.filter, state.chosen);
  if (fit) atlas.fitTo(list.items());
}

async function choose(key, { zoom = true, pane = true } = {}) {
  if (!key) return;
  const again = key === state.chosen;
  state.chosen = key;
  toAddress(!again);
  list.mark(key);
  dossier.waiting();
  if (pane) show("dossier");
  try {
    const finding = await ask(`/findings/${key}`);
    if (state.chosen !== key) return;
    state.finding = finding;
    dossier.show(finding);
    atlas.choose(finding, zoom);
  } catch (failure) {
    dossier.problem(failure);
  }
}

/** Record a decision; what comes back is the truth, also when someone else was faster. */
async function decide(action, words) {
  const { finding } = state;
  try {
    await ask(`/findings/${finding.key}/events`, { method: "POST", json: { action, seq: finding.seq, ...words } });
  } catch (failure) {
    if (failure.status !== 409) throw failure;
    notice(t("map.stale"));
  }
  await choose(finding.key, { zoom: false, pane: false });
  atlas.reload();
  await list.load(state.filter, state.chosen, { keep: true });
  if (state.finding?.state) notice(t("map.decided", { state: t(`state.${state.finding.state}`) }));
}

const panes = byId("panes");
function show(name) {
  panes.dataset.pane = name;
  for (const tab of panes.querySelectorAll("[data-show]")) tab.setAttribute("aria-pressed", String(tab.dataset.show === name));
  atlas.resize();
}
for (const tab of panes.querySelectorAll("[data-show]")) tab.addEventListener("click", () => show(tab.dataset.show));

const keys = {
  j: () => choose(list.beside(state.chosen, 1), { pane: panes.dataset.pane === "dossier" }),
  k: () => choose(list.beside(state.chosen, -1), { pane: panes.dataset.pane === "dossier" }),
  z: () => zoomToCut(),
  c: () => dossier.press("confirm"),
  d: () => dossier.press("dismiss"),
  r: () => dossier.press("resurvey"),
  "?": () => byId("keys").showModal(),
};
document.addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input, textarea, select, dialog");
  if (writing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

function zoomToCut() {
  if (!state.finding) return;
  show("map");
  atlas.zoomToCut();
}

function showGroup(group) {
  show("list");
  only({ group });
}

/** Show a proposed line on the map, beside both sides and the cut. */
function draw(line) {
  show("map");
  atlas.draw(line);
}

/** Choose one filter alone, or none. */
const only = (changes = {}) => filterBy({ ...Object.fromEntries(FILTERS.map((name) => [name, ""])), ...changes });

list.start({ choose, filterBy, clear: () => only() });
dossier.start({ decide, choose, zoom: zoomToCut, draw, group: showGroup });
atlas.start({ choose });
window.addEventListener("popstate", () => open());

async function open() {
  fromAddress();
  const elsewhere = state.looked.comparison;
  if (elsewhere && !state.chosen) show("map");
  await refresh({ fit: !state.chosen && !elsewhere });
  if (state.chosen) await choose(state.chosen, { pane: true });
}
open();
