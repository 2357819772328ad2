// Two deliveries beside each other; which two, and what of them is shown, stands in the address.
import { ask, byId, code, el, known, m2mu, moment, said, t, tell } from "./common.js";

const TURNS = ["fixed", "new", "open"];
const PAGE = 50;
const FILTERS = ["turn", "village", "surveyor"];
const address = () => new URL(location.href).searchParams;
const asked = () => new URLSearchParams([...address()].filter(([name]) => ["before", "after", ...FILTERS].includes(name)));

function set(changes) {
  const there = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) value ? there.searchParams.set(name, value) : there.searchParams.delete(name);
  history.replaceState(null, "", there);
  return load();
}

/** Only deliveries that were judged can be compared. */
async function deliveries() {
  const { items } = await ask("/uploads?limit=200");
  const done = items.filter((each) => each.state === "done");
  for (const name of ["before", "after"]) {
    byId(name).replaceChildren(...done.map((each) =>
      el("option", { value: each.id, selected: String(each.id) === address().get(name) }, `${each.id} · ${each.filename} · ${moment(each.received_at)}`)));
  }
  if (!address().get("after") && done.length > 1) set({ after: String(done[0].id), before: String(done[1].id) });
  if (done.length < 2) tell(byId("compare-problem"), { message: t("compare.needs_two") });
}

async function load() {
  for (const name of ["before", "after"]) byId(name).value = address().get(name) || "";
  byId("compare-problem").hidden = true;
  if (!address().get("before") || !address().get("after")) return;
  try {
    const told = await ask(`/uploads/compare?limit=${PAGE}&${asked()}`);
    byId("compared").hidden = false;
    turns(told);
    parts(told);
    byId("items").replaceChildren(table(told.items, told.after));
    more(told.next, told.after);
  } catch (failure) {
    byId("compared").hidden = true;
    tell(byId("compare-problem"), failure);
  }
}

function turns({ counts, areas }) {
  byId("turns").replaceChildren(...TURNS.map((name) => el("button", {
    type: "button", class: "turn", "aria-pressed": String(address().get("turn") === name),
    onclick: () => set({ turn: address().get("turn") === name ? "" : name }),
  }, el("b", {}, String(counts[name])), t(`compare.${name}`), elsewhere(counts, name))));
  byId("ground").textContent = areas ? t("compare.ground", { n: areas }) : t("compare.no_ground");
  const only = [address().get("turn") && t(`compare.${address().get("turn")}`), address().get("village") && code(address().get("village")), address().get("surveyor")];
  byId("chosen").textContent = only.filter(Boolean).join(" · ") || t("compare.everything");
  byId("all").hidden = !only.some(Boolean);
  byId("as-csv").href = `/api/v1/uploads/compare.csv?${asked()}`;
}

const elsewhere = (counts, name) => {
  const n = name === "open" ? counts.changed : counts[`${name}_elsewhere`];
  return n ? el("small", { class: "quiet" }, t(name === "open" ? "compare.changed" : "compare.elsewhere", { n })) : "";
};

function parts({ parts: rows }) {
  const heads = ["village", "surveyor", ...TURNS];
  byId("parts").replaceChildren(rows.length ? el("table", {},
    el("thead", {}, el("tr", {}, heads.map((name, n) => el("th", { scope: "col", class: n > 1 ? "figure" : null }, t(`compare.${name}`))))),
    el("tbody", {}, rows.map((row) => el("tr", {},
      el("td", {}, el("button", { type: "button", class: "plain", onclick: () => set({ village: row.village.code, surveyor: row.surveyor }) }, row.village.name || code(row.village.code))),
      el("td", {}, row.surveyor),
      TURNS.map((name) => el("td", { class: "figure" }, String(row[name]), elsewhere(row, name))))))) : el("p", { class: "empty" }, t("compare.none")));
}

function table(items, after) {
  if (!items.length) return el("p", { class: "empty" }, t("compare.none"));
  const heads = ["turn", "what", "area_before", "area_after", "who"];
  return el("table", {}, el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col" }, t(`compare.${name}`))))),
    el("tbody", { id: "rows" }, items.map((each) => row(each, after))));
}

function row(each, after) {
  const by = each.turn === "open" ? (each.changed ? t("compare.is_changed") : "")
    : each.by === null ? t("compare.by_run") : each.by === after ? "" : el("a", { href: `/uploads/${each.by}` }, t("compare.by", { id: each.by }));
  return el("tr", { "data-turn": each.turn },
    el("td", {}, el("span", { class: `badge turn-${each.turn}` }, t(`compare.${each.turn}`)), by ? el("div", { class: "quiet" }, by) : ""),
    el("td", {}, el("a", { href: `/map?finding=${each.key}${each.turn === "fixed" ? "&presence=any" : ""}` }, said(each.sentence)),
      el("div", { class: "quiet" }, `${each.rule} ${said(each.title)} · ${known("severity", each.severity)}`)),
    el("td", { class: "figure" }, m2mu(each.before_m2)), el("td", { class: "figure" }, m2mu(each.after_m2)), el("td", {}, each.surveyor));
}

function more(next, after) {
  const button = byId("more");
  button.hidden = !next;
  button.onclick = async () => {
    button.disabled = true;
    const query = asked();
    query.set("cursor", next);
    query.set("limit", PAGE);
    const told = await ask(`/uploads/compare?${query}`);
    byId("rows").append(...told.items.map((each) => row(each, after)));
    more(told.next, after);
    button.disabled = false;
  };
}

byId("pair").addEventListener("change", ({ target }) => set({ [target.name]: target.value, village: "", surveyor: "" }));
byId("all").addEventListener("click", () => set(Object.fromEntries(FILTERS.map((name) => [name, ""]))));
deliveries().catch((failure) => tell(byId("compare-problem"), failure));
load();
