// The list beside the map: filters with counts, findings a page at a time, what to download.
import { ask, byId, el, m2, mu, notice, page, said, t } from "./common.js";

const PAGE = 100;
let shown = [];
let next = null;
let total = 0;
let round = 0;
let on;
let current = {};

export const items = () => shown;

export function start(handlers) {
  on = handlers;
  for (const chip of document.querySelectorAll("[data-filter]")) {
    chip.addEventListener("click", () => {
      const pressed = chip.getAttribute("aria-pressed") === "true";
      on.filterBy({ [chip.dataset.filter]: pressed ? "" : chip.dataset.value });
    });
  }
  for (const name of ["village", "rule"]) byId(name).addEventListener("change", ({ target }) => on.filterBy({ [name]: target.value }));
  let timer;
  byId("q").addEventListener("input", ({ target }) => {
    clearTimeout(timer);
    timer = setTimeout(() => on.filterBy({ q: target.value.trim() }), 350);
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => on.clear());
  villages();
  rules();
}

/** A filter that cannot be filled is said, and the page goes on without it. */
function missing(failure) {
  notice(failure.message);
  return { items: [] };
}

async function villages() {
  const { items: found } = await ask("/villages").catch(missing);
  byId("village").append(...found.map((each) => el("option", { value: each.code }, each.name || each.code)));
  byId("village").value = current.village || "";
}

async function rules() {
  const { items: found } = await ask("/rules").catch(missing);
  byId("rule").append(...found.map((each) => el("option", { value: each.id }, `${each.id} ${said(each.title)}`)));
  byId("rule").value = current.rule || "";
}

/** Read the list for a filter; `keep` reads as many as were shown, so that a decision does not lose one's place. */
export async function load(filter, chosen, { keep = false } = {}) {
  current = { ...filter };
  reflect(filter);
  const mine = ++round;
  const asked = new URLSearchParams({ ...filter, limit: keep ? Math.min(500, Math.max(PAGE, shown.length)) : PAGE });
  try {
    const answer = await ask(`/findings?${asked}`);
    if (mine !== round) return;
    shown = answer.items;
    ({ next, total } = answer);
    facets(answer.facets || {});
    draw(chosen);
  } catch (failure) {
    byId("total").textContent = failure.message;
  }
}

async function more(chosen) {
  const answer = await ask(`/findings?${new URLSearchParams({ ...current, limit: PAGE, cursor: next })}`).catch((failure) => notice(failure.message));
  if (!answer) return;
  shown = shown.concat(answer.items);
  ({ next } = answer);
  draw(chosen);
}

function reflect(filter) {
  for (const chip of document.querySelectorAll("[data-filter]")) {
    chip.setAttribute("aria-pressed", String(filter[chip.dataset.filter] === chip.dataset.value));
  }
  for (const name of ["village", "rule"]) byId(name).value = filter[name] || "";
  if (document.activeElement !== byId("q")) byId("q").value = filter.q || "";
  const filtered = Object.keys(filter).length > 0;
  byId("clear").hidden = !filtered;
  byId("group-only").hidden = !filter.group;
  const told = new URLSearchParams(filter);
  for (const link of document.querySelectorAll("[data-findings-as]")) link.href = `/api/v1/exports/findings.${link.dataset.findingsAs}?${told}`;
  byId("as-map").hidden = !filter.village;
  byId("as-map-hint").hidden = Boolean(filter.village);
  if (filter.village) byId("as-map").href = `/api/v1/villages/${filter.village}/map.html`;
}

function facets(counts) {
  for (const chip of document.querySelectorAll("[data-filter]")) {
    const place = chip.querySelector(".count");
    if (!place) continue;
    const n = counts[chip.dataset.filter]?.[chip.dataset.value] ?? 0;
    place.textContent = String(n);
    chip.classList.toggle("without", !n);
  }
}

function draw(chosen) {
  const place = byId("findings");
  byId("total").textContent = shown.length < total ? t("map.of_total", { shown: shown.length, n: total }) : t("map.total", { n: total });
  if (!shown.length) {
    const filtered = Object.keys(current).length > 0;
    return place.replaceChildren(el("li", { class: "empty" }, t(filtered ? "map.empty" : "map.none_at_all")));
  }
  place.replaceChildren(...shown.map(row), next ? el("li", {}, el("button", { class: "second more", onclick: () => more(chosen) }, t("map.more"))) : "");
  mark(chosen);
}

function row(finding) {
  const { key, category, state } = finding;
  return el("li", {}, el("button", {
    type: "button", class: `finding edge-${category} ${finding.presence === "gone" ? "gone" : ""}`, "data-key": key, onclick: () => on.choose(key),
  }, el("span", { class: "told" }, said(finding.sentence)),
  el("span", { class: "meta" }, el("span", {}, finding.rule),
    el("span", {}, el("i", { class: "mark", "aria-hidden": "true" }, page.palette.marks[state] || ""), t(`state.${state}`)),
    finding.shared_m2 ? el("span", { class: "figure" }, `${m2(finding.shared_m2)} ${t("common.m2")} · ${mu(finding.shared_m2)} ${t("common.mu")}`) : "")));
}

export function mark(key) {
  for (const button of byId("findings").querySelectorAll("[data-key]")) {
    const is = button.dataset.key === key;
    button.setAttribute("aria-current", String(is));
    if (is) button.scrollIntoView({ block: "nearest" });
  }
}

/** The finding after or before one, by its key; the first where none is chosen. */
export function beside(key, step) {
  const at = shown.findIndex((each) => each.key === key);
  if (at < 0) return shown[0]?.key;
  return shown[Math.min(shown.length - 1, Math.max(0, at + step))]?.key;
}
