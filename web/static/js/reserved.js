// The ledger of reserved land: what is owed, given and left, and flexible land apart; what is asked stands in the address.
import { ask, byId, code, day, el, m2, mu, percent, t, tell } from "./common.js";

const address = () => new URL(location.href).searchParams;
const asked = () => new URLSearchParams([...address()].filter(([name]) => ["place", "owing", "as_of"].includes(name)));
const yuan = (value) => (value == null ? "—" : value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 }));
const area = (value) => (value == null ? "—" : [`${mu(value)} ${t("common.mu")}`, el("small", {}, `${m2(value)} ${t("common.m2")}`)]);
const name = (place) => place.name || code(place.code);

function set(changes) {
  const there = new URL(location.href);
  for (const [key, value] of Object.entries(changes)) value ? there.searchParams.set(key, value) : there.searchParams.delete(key);
  history.replaceState(null, "", there);
  return load();
}

async function load() {
  byId("place").value = address().get("place") || "";
  byId("owing").checked = address().has("owing");
  byId("problem").hidden = true;
  try {
    const told = await ask(`/reserved-ledger?${asked()}`);
    byId("day").textContent = t("reserved.as_of", { day: day(told.day) });
    byId("as-csv").href = `/api/v1/reserved-ledger.csv?${asked()}`;
    byId("ledger").replaceChildren(ledger(told));
    byId("places").replaceChildren(places(told));
    byId("flexible").replaceChildren(flexible(told));
  } catch (failure) {
    tell(byId("problem"), failure);
  }
}

const AREAS = ["taken", "owed", "land", "money", "property", "left"];

function table(heads, rows, foot) {
  const head = heads.map(([key, figure]) => el("th", { scope: "col", class: figure ? "figure" : null }, t(`reserved.${key}`)));
  for (const row of [...rows, foot].filter(Boolean)) {
    // on a phone every figure stands under the one before, with the name of its column beside it
    const cells = [...row.children].reverse();
    cells.forEach((cell, n) => (cell.dataset.head = t(`reserved.${heads.at(-1 - n)[0]}`)));
  }
  return el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows), foot ? el("tfoot", {}, foot) : null);
}

function figures(row) {
  const paid = (what) => [yuan(row[`${what}_paid_yuan`]), el("small", {}, `/ ${yuan(row[`${what}_due_yuan`])}`)];
  return [
    AREAS.map((each) => el("td", { class: each === "left" ? "figure strong" : "figure" },
      area(row[`${each}_m2`] == null ? null : Math.abs(row[`${each}_m2`])), each === "left" && row.left_m2 < 0 ? el("small", {}, t("reserved.surplus")) : "")),
    ["compensation", "pension"].map((what) => el("td", { class: "figure" }, row[`${what}_due_yuan`] ? paid(what) : "—")),
  ];
}

const FIGURES = [...AREAS, "compensation", "pension"].map((key) => [key, true]);

function ledger({ items, sums }) {
  if (!items.length) return el("p", { class: "empty" }, t(address().has("owing") ? "reserved.none_owing" : "reserved.none"));
  const rows = items.map((row) => el("tr", {},
    el("td", {}, name(row.issuer), el("div", { class: "quiet" }, el("code", {}, code(row.code)), " ", el("a", { href: `/map?q=${encodeURIComponent(row.code)}` }, t("reserved.findings")))),
    el("td", {}, row.approval_no || "—", el("div", { class: "quiet" }, [row.name, day(row.implemented_on || row.approved_on)].filter(Boolean).join(" · "))),
    el("td", { class: "figure" }, percent(row.ratio)), figures(row)));
  const foot = el("tr", {}, el("th", { scope: "row", colspan: 3 }, t("reserved.sum")), figures(sums));
  return table([["issuer"], ["approval"], ["ratio", true], ...FIGURES], rows, foot);
}

function places({ places: found }) {
  if (!found.length) return el("p", { class: "empty" }, t("reserved.none"));
  const rows = found.map((row) => el("tr", {},
    el("td", {}, el("button", { type: "button", class: "plain", onclick: () => set({ place: row.code }) }, name(row)), el("span", { class: "quiet" }, ` ${t(`reserved.level_${row.level}`)}`)),
    el("td", { class: "figure" }, String(row.rows)), figures(row)));
  return table([["place"], ["rows", true], ...FIGURES], rows);
}

function flexible({ flexible: kept }) {
  if (!kept.length) return el("p", { class: "empty" }, t("reserved.no_flexible"));
  const rows = kept.map((row) => el("tr", {},
    el("td", {}, name(row.issuer)), el("td", { class: "figure" }, String(row.parcels)), el("td", { class: "figure" }, area(row.flexible_m2)),
    el("td", { class: "figure" }, area(row.cultivated_m2)),
    el("td", { class: "figure" }, percent(row.share), row.over ? el("div", {}, el("span", { class: "badge severity-medium" }, t("reserved.over"))) : "")));
  return table([["issuer"], ["parcels", true], ["flexible_area", true], ["cultivated", true], ["share", true]], rows);
}

byId("place").addEventListener("change", ({ target }) => set({ place: target.value }));
byId("owing").addEventListener("change", ({ target }) => set({ owing: target.checked ? "true" : "" }));
byId("asked").addEventListener("submit", (event) => event.preventDefault());
ask("/villages").then(({ items }) => {
  byId("place").append(...items.map((each) => el("option", { value: each.code }, name(each))));
  byId("place").value = address().get("place") || "";
}).catch((failure) => tell(byId("problem"), failure));
load();
