// The rule book; to staff it also says which rules ran over their area when last asked, and what the others lack.
import { ask, byId, day, el, known, moment, said, t, tell } from "./common.js";

function told(each) {
  if (each.status === "never") return t("rules.never");
  const when = day(each.day);
  if (each.status === "skipped") return t("rules.skipped", { day: when, why: said(each.reason) });
  const without = each.without.map((name) => known("layer", name)).join("、");
  return t("rules.ran", { day: when, n: each.findings }) + (without ? ` ${t("rules.without", { what: without })}` : "");
}

async function asked() {
  const { items } = await ask("/rules/asked");
  for (const each of items) {
    const place = document.querySelector(`.asked[data-rule="${each.rule}"]`);
    if (!place) continue;
    place.textContent = told(each);
    place.hidden = false;
  }
  const missing = items.filter((each) => each.status === "skipped");
  byId("not-run").replaceChildren(table(["rule", "title", "lacks"], missing.map((each) => [el("a", { href: `#${each.rule}` }, each.rule), said(each.title), said(each.reason)])));
  byId("asked").hidden = !missing.length;
}

const table = (heads, rows) => el("table", {}, el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, t(`rules.head_${head}`))))),
  el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell) => el("td", {}, cell))))));

const set = (items) => table(["county", "rule", "threshold", "book", "value"], items.map((each) => [
  each.name || (each.county === "all" ? t("rules.all_counties") : each.county), [el("a", { href: `#${each.rule}` }, each.rule), ` ${said(each.title)}`],
  said(each.label), said(each.book) || "—", el("strong", {}, said(each.value))]));

/** What is in force in one's own counties, and the file that would change it. */
async function thresholds() {
  const told = await ask("/thresholds/mine");
  byId("mine").replaceChildren(told.items.length ? set(told.items) : el("p", {}, t("rules.mine_none")));
  byId("versions").replaceChildren(...(told.history.length
    ? told.history.map((each) => el("li", {}, t("rules.version_told", { n: each.id, version: each.version, day: moment(each.set_at), who: each.set_by })))
    : [el("li", {}, t("rules.version_none"))]));
  byId("set-thresholds").hidden = !told.may_set;
  byId("thresholds").hidden = false;
}

async function handIn(inEarnest) {
  const place = byId("set-outcome");
  const [file] = byId("thresholds-file").files;
  if (!file) return tell(place, { message: t("rules.set_which") });
  const buttons = byId("set-thresholds").querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    const told = await ask(`/thresholds${inEarnest ? "?set=true" : ""}`, { method: "POST", form: file });
    place.className = told.usable ? "" : "problem";
    place.replaceChildren(...(told.usable
      ? [el("p", {}, t(told.id ? "rules.set_done" : "rules.set_usable", { version: told.version, n: told.id ?? "" })), ...(told.id ? [] : [told.items.length ? set(told.items) : el("p", {}, t("rules.mine_none"))])]
      : [el("p", {}, t("rules.set_defects", { n: told.defects.length })), el("ul", {}, told.defects.map((each) => el("li", {}, el("code", {}, each.place), ` ${said(each.words)}`)))]));
    if (told.id) await thresholds();
  } catch (failure) {
    place.className = "problem";
    tell(place, failure);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

if (byId("asked")) asked();
if (byId("thresholds")) {
  byId("set-thresholds").addEventListener("submit", (event) => {
    event.preventDefault();
    handIn(event.submitter?.value === "set");
  });
  thresholds();
}
