// One finding told in full: the sentence, both sides, the law, how it was found, what was done, what can be done now.
import { byId, code, day, el, known, lang, m2, moment, mu, page, pair, percent, said, t, tell } from "./common.js";
import { explain } from "./explained.js";

const place = () => byId("dossier");
const SHORTCUT = { confirm: "C", dismiss: "D", resurvey: "R" };
let on;

export function start(handlers) {
  on = handlers;
}

export function waiting() {
  place().replaceChildren(el("p", { class: "quiet" }, t("map.loading_finding")));
}

export function problem(failure) {
  const words = el("p", { class: "problem", role: "alert" });
  tell(words, failure.status === 404 ? { message: t("map.not_found"), code: failure.code } : failure);
  place().replaceChildren(words);
}

export function show(finding) {
  place().replaceChildren(...[
    head(finding), measures(finding), sides(finding), decision(finding), law(finding), history(finding), how(finding),
    el("div", { id: "explained", class: "explained" }),
  ].flat().filter(Boolean));
  place().scrollTop = 0;
  explain(finding, on);
}

function head(finding) {
  const { category, state } = finding;
  return [
    el("div", { class: "dossier-head" },
      el("span", {}, el("i", { class: `swatch cat-${category}`, "aria-hidden": "true" }), " ", t(`category.${category}`)),
      el("a", { class: "badge", href: `/rules#${finding.rule}` }, `${finding.rule} ${said(finding.title)}`),
      el("span", { class: "badge" }, el("i", { class: "mark", "aria-hidden": "true" }, page.palette.marks[state] || ""), t(`state.${state}`)),
      el("span", { class: `badge severity-${finding.severity}` }, t(`severity.${finding.severity}`)),
      finding.presence === "gone" ? el("span", { class: "badge" }, t("presence.gone")) : ""),
    el("p", { class: "told-large" }, said(finding.sentence)),
    el("dl", { id: "in-short", class: "in-short" }, el("dt", {}, t("dossier.short_charge")), el("dd", {}, inCharge(finding.charge))),
    finding.presence === "gone" ? el("p", { class: "quiet" }, t("map.gone_note")) : "",
    el("button", { type: "button", class: "plain", onclick: on.zoom }, `${t("map.zoom")}（Z）`),
    " ", el("a", { href: `/api/v1/findings/${finding.key}/dossier.pdf?lang=${lang}`, target: "_blank", rel: "noopener" }, t("dossier.pdf")),
  ];
}

function inCharge(charge) {
  if (!charge) return t("dossier.charge_none");
  return [charge.assignee ? t("dossier.charge_who", { who: charge.assignee }) : "", charge.due_on ? t("dossier.charge_due", { day: day(charge.due_on) }) : ""]
    .filter(Boolean).join(t("dossier.comma"));
}

function measures(finding) {
  if (finding.shared_m2 == null) return null;
  const figure = (name, value, small, title) => el("div", { title: title || null }, el("dt", {}, t(`map.${name}`)), el("dd", {}, value, el("small", {}, small)));
  const area = (value) => [`${m2(value)} ${t("common.m2")}`, `${mu(value)} ${t("common.mu")}`];
  return [el("h2", {}, t("map.shared")), el("dl", { class: "measures" },
    figure("shared", ...area(finding.shared_m2)),
    finding.firm_m2 == null ? "" : figure("firm", ...area(finding.firm_m2), t("map.firm_why")),
    finding.width_m == null ? "" : figure("width", `${m2(finding.width_m)} ${t("common.metre")}`, ""))];
}

/** What was delivered of features of a survey, by the names that the standard gives: each name once. */
const factNames = (full) => [...new Set([full.a, full.b].flatMap((side) => (side?.facts ?? []).map((one) => said(one.name))))];

function sides(finding) {
  const a = finding.a_detail || finding.a || {};
  const whole = finding.b && !finding.b.code ? finding.b.layer : null; // a layer as a whole is no party
  const b = whole ? null : finding.b_detail || finding.b;
  const named = (thing) => (thing ? [el("span", {}, thing.name || ""), " ", el("span", { class: "code quiet" }, thing.code ? code(thing.code) : "")] : null);
  const area = (value) => (value == null ? null : [`${m2(value)} ${t("common.m2")}`, el("br"), el("span", { class: "quiet" }, `${mu(value)} ${t("common.mu")}`)]);
  const rows = [
    ["map.layer", (side) => (side.layer ? known("layer", side.layer) : null)],
    ["map.code", (side) => (side.code ? el("span", { class: "code" }, code(side.code)) : null)],
    ["map.issuer", (side) => named(side.issuer)],
    ["map.contractor", (side) => named(side.contractor)],
    ["map.contract", (side) => (typeof side.contract === "string" ? code(side.contract) : side.contract?.code ? el("span", { class: "code" }, code(side.contract.code)) : null)],
    ["map.term", (side) => (side.contract?.term_from ? [el("span", { class: "whole" }, `${day(side.contract.term_from)} –`), " ", el("span", { class: "whole" }, day(side.contract.term_to))] : null)],
    ["map.surveyed", (side) => area(side.surveyed_m2)],
    ["map.confirmed_area", (side) => area(side.confirmed_m2)],
    ["map.contract_area", (side) => area(side.contract_m2)],
    ["map.survey_date", (side) => (side.surveyed_on ? day(side.surveyed_on) : null)],
    ["map.share", (side, name) => (finding[`share_${name}`] == null ? null : percent(finding[`share_${name}`]))],
  ];
  const full = { a: { ...finding.a, ...a }, b: b ? { ...finding.b, ...b } : null };
  const body = rows.map(([label, cell]) => {
    const cells = ["a", "b"].map((name) => (full[name] ? cell(full[name], name) : null));
    if (cells.every((each) => each == null)) return null;
    return el("tr", {}, el("th", { scope: "row" }, t(label)), cells.slice(0, full.b ? 2 : 1).map((each) => el("td", {}, each ?? "—")));
  });
  for (const name of factNames(full)) {
    const cells = ["a", "b"].slice(0, full.b ? 2 : 1).map((side) => full[side]?.facts?.find((one) => said(one.name) === name));
    body.push(el("tr", {}, el("th", { scope: "row" }, name), cells.map((one) => el("td", {}, one ? said(one.value) : "—"))));
  }
  if (whole) body.push(el("tr", {}, el("th", { scope: "row" }, t("dossier.compared")), el("td", {}, known("layer", whole))));
  return [el("table", { class: "sides" }, el("thead", {}, el("tr", {}, el("td"),
    el("th", { scope: "col" }, el("span", { class: "side-key" }, t("map.tag_a")), t("map.side_a")),
    full.b ? el("th", { scope: "col" }, el("span", { class: "side-key b" }, t("map.tag_b")), t("map.side_b")) : "")),
  el("tbody", {}, body))];
}

const articleNumber = (number) => (/^\d+$/.test(number ?? "") ? t("common.article", { n: number }) : number ?? "");

function law(finding) {
  return [el("h2", {}, t("map.law")), ...(finding.articles || []).map((article) => el("p", { class: "article-told" },
    el("strong", {}, `${said({ zh: article.law_zh, en: article.law_en || article.law_zh })} ${articleNumber(article.number)}`),
    said({ zh: article.gist_zh, en: article.gist_en })))];
}

function history(finding) {
  const events = finding.events || [];
  return [el("h2", {}, t("map.history")), events.length
    ? el("ol", { class: "history" }, events.map((event) => el("li", {},
      el("span", { class: "moved" }, `${known("action", event.action)} → ${known("state", event.to)}`),
      el("p", {}, event.reason || ""),
      event.assignee || event.due_on ? el("p", {}, inCharge(event)) : "",
      el("small", { class: "quiet" }, `${event.actor ?? ""} · ${moment(event.at)}`))))
    : el("p", { class: "quiet" }, t("map.history_none"))];
}

/** Evidence comes in both languages where it is words: keep this page's, under one name. */
function spoken(evidence) {
  const other = lang === "zh" ? "_en" : "_zh";
  return Object.entries(evidence).filter(([name, value]) => value !== null && value !== "" && value?.length !== 0 && !name.endsWith(other))
    .map(([name, value]) => [name.replace(/_(zh|en)$/, ""), value]);
}

/** A value as people read it: numbers with the unit that their name ends in, lists line by line. */
function shown(name, value) {
  if (typeof value === "boolean") return t(value ? "column.yes" : "column.no");
  if (Array.isArray(value)) return value.map((each) => el("div", {}, typeof each === "object" ? patch(each) : String(each)));
  if (typeof value === "object") return Object.entries(value).map(([field, stands]) => el("div", {}, `${field} ${stands ?? "—"}`));
  if (typeof value !== "number") return String(value);
  const figure = String(+value.toFixed(name.endsWith("_m") ? 4 : 2));
  const unit = { m2: "m2", m: "metre", mu: "mu", yuan: "yuan", days: "days", years: "years" }[name.split("_").at(-1)];
  if (/(_share|^ratio)$/.test(name)) return percent(value);
  return unit ? `${figure} ${t(`common.${unit}`)}` : figure;
}

/** A feature is called by its layer and code. */
const called = (ref) => ref.replace(/^(\w+):/, (whole, layer) => `${known("layer", layer)} `);
const patch = (each) => Object.entries(each).filter(([, value]) => value !== null)
  .map(([name, value]) => (name === "ref" ? called(value) : shown(name, value))).join(" · ");

function how(finding) {
  const run = finding.run || {};
  const evidence = spoken(finding.evidence || {});
  return el("details", {}, el("summary", {}, t("map.how")), el("dl", { class: "small" },
    Object.entries(finding.thresholds || {}).map(([name, value]) => pair(known("column", name), shown(name, value))),
    pair(t("map.run"), String(run.id ?? "—")),
    run.at ? pair(t("map.run_at"), moment(run.at)) : [],
    finding.crs ? pair(t("map.crs"), `EPSG:${finding.crs}`) : [],
    pair(t("map.first_seen"), moment(finding.first_seen)),
    pair(t("map.last_seen"), moment(finding.last_seen)),
    evidence.length ? [el("dt", {}, t("map.evidence")), el("dd", {}, "")] : [],
    evidence.map(([name, value]) => pair(known("column", name), shown(name, value)))));
}

function decision(finding) {
  const actions = finding.actions || [];
  const heading = el("h2", {}, t("map.decide"));
  if (!actions.length) return [heading, el("p", { class: "quiet" }, t("map.not_allowed_now"))];
  const words = el("p", { class: "problem", role: "alert", hidden: true });
  const reason = el("textarea", { id: "reason", rows: 2, maxlength: 2000, placeholder: t("map.reason_hint") });
  const assignee = el("input", { id: "assignee", autocomplete: "off", maxlength: 120 });
  const due = el("input", { id: "due_on", type: "date" });
  const press = async (action) => {
    const given = { reason: reason.value.trim() };
    if (!given.reason) {
      tell(words, { message: t("map.reason_needed") });
      return reason.focus();
    }
    if (["assign", "remedy"].includes(action)) Object.assign(given, assignee.value ? { assignee: assignee.value.trim() } : {}, due.value ? { due_on: due.value } : {});
    const buttons = place().querySelectorAll(".decide button");
    for (const button of buttons) button.disabled = true;
    try {
      await on.decide(action, given);
    } catch (failure) {
      tell(words, failure);
      for (const button of buttons) button.disabled = false;
    }
  };
  const first = ["take_up", "confirm", "close"];
  return [heading, el("form", { class: "decide", onsubmit: (event) => event.preventDefault() },
    el("label", { for: "reason" }, t("map.reason")), reason,
    actions.includes("assign") || actions.includes("remedy") ? el("div", { class: "assigning" },
      el("div", {}, el("label", { for: "assignee" }, t("map.assignee")), assignee),
      el("div", {}, el("label", { for: "due_on" }, t("map.due_on")), due)) : "",
    words,
    el("div", { class: "buttons" }, actions.map((action) => el("button", {
      type: "button", "data-action": action, class: first.includes(action) ? null : "second", onclick: () => press(action),
    }, known("action", action), SHORTCUT[action] ? el("kbd", { "aria-hidden": "true" }, SHORTCUT[action]) : ""))))];
}

/** A key presses a button that stands there; with no reason yet, it leads to the reason. */
export function press(action) {
  place().querySelector(`[data-action="${action}"]`)?.click();
}
