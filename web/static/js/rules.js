// The rule book; to staff it also says which rules ran over their area when last asked, and what the others lack.
import { ask, byId, day, el, known, said, t } from "./common.js";

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
  byId("not-run").replaceChildren(...missing.map((each) => el("li", {}, el("a", { href: `#${each.rule}` }, each.rule), ` ${said(each.title)}：${said(each.reason)}`)));
  byId("asked").hidden = !missing.length;
}

if (byId("asked")) asked();
