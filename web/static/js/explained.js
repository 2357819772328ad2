// The rest of a dossier, for somebody who was not there: how sure, which documents, what ever lay here, what could settle it.
import { ask, byId, code, day, el, known, lang, m2, mu, said, t, tell } from "./common.js";

/** Read what explains a finding and put it where the dossier left room; nothing if another was chosen meanwhile. */
export async function explain(finding, on) {
  const place = byId("explained");
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(el("p", { class: "quiet" }, t("dossier.loading")));
  try {
    const told = await ask(`/findings/${finding.key}/dossier?lang=${lang}`);
    if (!place.isConnected) return;
    byId("in-short").replaceChildren(...inShort(told.in_short));
    const parts = [drawing(told.drawing, told.sides.b), sure(told.tolerance), group(told.group, finding, on), documents(told.sides),
      timeline(told.timeline), proposals(told.proposals, on)];
    place.replaceChildren(...parts.flat(Infinity).filter(Boolean));
    (place.querySelector("details") ?? place.firstChild)?.after(...told.comparisons.map(seen).flat(Infinity).filter(Boolean));
  } catch (failure) {
    const words = el("p", { class: "problem", role: "alert" });
    tell(words, failure);
    place.replaceChildren(words);
  } finally {
    place.removeAttribute("aria-busy");
  }
}

const picture = (svg, words) => el("figure", { class: "drawn" },
  el("img", { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`, alt: words }), el("figcaption", {}, words));

const inShort = (told) => told.flatMap((each) => [el("dt", {}, said(each.name)), el("dd", {}, said(each.words))]);

function drawing(drawn, b) {
  if (!drawn) return null;
  const whole = t(b ? "dossier.drawn_whole" : "dossier.drawn_about");
  return el("details", {}, el("summary", {}, whole), picture(drawn.whole, whole), drawn.near ? picture(drawn.near, t("dossier.drawn_near")) : "");
}

/** The two images that the finding rests on, with the ground in both, and what they were compared by. */
function seen(told) {
  const one = (image, label) => el("div", {}, el("p", {}, el("strong", {}, t(label)), " ", day(image.taken_on), " ", el("small", { class: "quiet file" }, image.filename)),
    image.svg ? picture(image.svg, t("dossier.seen_on", { day: day(image.taken_on) })) : el("p", { class: "quiet" }, t("dossier.seen_not")));
  const { east_m: east, north_m: north, residual_m: residual } = told.registered;
  return [el("h2", {}, t("dossier.seen")), el("div", { class: "seen" }, one(told.before, "dossier.seen_before"), one(told.after, "dossier.seen_after")),
    el("p", { class: "quiet" }, t("dossier.seen_apart", { east: m2(east), north: m2(north), residual: m2(residual) })),
    el("p", {}, el("a", { href: `/map?${new URLSearchParams({ comparison: told.id, ...(told.patches.length ? { patch: told.patches[0] } : {}) })}` }, t("dossier.seen_map"))),
    el("details", {}, el("summary", {}, t("dossier.seen_settings")), el("dl", { class: "settings" },
      [["Dingxin", told.version], ...Object.entries(told.settings)].map(([name, value]) => el("div", {}, el("dt", {}, el("code", {}, name)), el("dd", {}, String(value))))))];
}

function sure(told) {
  if (!told) return null;
  return [el("h2", {}, t("dossier.sure")),
    el("p", { class: `sure sure-${told.taken_for}` }, el("span", { class: "badge" }, t(`dossier.taken_${told.taken_for}`)), " ", said(told.words)),
    el("details", {}, el("summary", {}, t("dossier.curve")), picture(told.svg, t("dossier.curve")), steps(told))];
}

const width = (metres) => (metres < 0.01 ? `${+(metres * 1000).toFixed(1)} mm` : `${+(metres * 100).toFixed(1)} cm`);

function steps(told) {
  const heads = ["tolerance", "firm", "left", "fires"].map((name) => el("th", { scope: "col" }, t(`dossier.curve_${name}`)));
  const row = (step) => el("tr", {}, el("th", { scope: "row" }, width(step.tolerance_m)),
    el("td", { class: "figure" }, `${m2(step.firm_m2)} ${t("common.m2")}`), el("td", { class: "figure" }, `${m2(step.sure_m2)} ${t("common.m2")}`),
    el("td", {}, t(step.fires ? "dossier.fires" : "dossier.silent")));
  return el("table", { class: "told-table" }, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, told.steps.map(row)));
}

const holder = (who) => (who ? [el("span", { class: "whole" }, who.name || ""), " ", el("span", { class: "code quiet" }, code(who.code))] : "—");
const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${m2(Math.abs(value))}`;
const signedMu = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${mu(Math.abs(value))}`;
const tag = (side) => el("span", { class: side === "b" ? "side-key b" : "side-key" }, t(`map.tag_${side}`));

function group(told, finding, on) {
  if (!told) return null;
  const most = told.households[0];
  const sentence = told.complete ? t("dossier.group_told", { n: told.findings }) : t("dossier.group_more", { n: told.findings });
  return [el("h2", {}, t("dossier.group")),
    el("p", {}, sentence, most ? t("dossier.group_household", { n: most.findings, who: most.name || most.code }) : ""),
    el("ul", { class: "chain" }, told.items.filter((each) => each.key !== finding.key).map((each) => el("li", {},
      el("button", { type: "button", class: "plain", onclick: () => on.choose(each.key) }, `${each.rule} ${said(each.sentence)}`)))),
    told.elsewhere ? el("p", { class: "quiet" }, t("dossier.group_elsewhere", { n: told.elsewhere })) : "",
    el("button", { type: "button", class: "second", onclick: () => on.group(told.name) }, t("dossier.group_show")),
    households(told.households)];
}

function households(all) {
  if (!all.length) return "";
  const ways = ["midline", "older", "contract"].filter((kind) => all.some((each) => each.changes[kind]));
  const change = (each, kind) => (each.changes[kind] ? [signed(each.changes[kind].change_m2), el("br"), el("small", { class: "quiet" }, `${signedMu(each.changes[kind].change_m2)} ${t("common.mu")}`)] : "—");
  return [el("div", { class: "wide" }, el("table", { class: "told-table" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("dossier.household")), el("th", { scope: "col" }, t("dossier.findings")),
      el("th", { scope: "col" }, t("dossier.disputed")), ways.map((kind) => el("th", { scope: "col" }, t(`dossier.proposal_${kind}`))))),
    el("tbody", {}, all.map((each) => el("tr", {}, el("th", { scope: "row" }, each.name || code(each.code)), el("td", { class: "figure" }, String(each.findings)),
      el("td", { class: "figure" }, m2(each.disputed_m2), el("br"), el("small", { class: "quiet" }, `${mu(each.disputed_m2)} ${t("common.mu")}`)),
      ways.map((kind) => el("td", { class: "figure" }, change(each, kind)))))))),
  ways.length ? el("p", { class: "quiet" }, t("dossier.effects_note")) : ""];
}

/** What somebody holds by papers; a paper speaks for itself. */
const HELD_BY_PAPERS = ["parcel", "reserved"];

function documents(sides) {
  const told = ["a", "b"].filter((side) => sides[side]).map((side) => {
    const { areas, delivery, papers, outside } = sides[side];
    const names = { contract_m2: "map.contract_area", surveyed_m2: "map.surveyed", confirmed_m2: "map.confirmed_area", drawn_m2: "dossier.area_drawn" };
    const figures = Object.entries(names).filter(([name]) => areas[name] != null);
    return el("section", { class: "speaks" }, el("h3", {}, tag(side), " ", known("layer", sides[side].layer), " ", el("span", { class: "code quiet" }, code(sides[side].code))),
      figures.length ? el("dl", { class: "areas" }, figures.map(([name, label]) => el("div", {}, el("dt", {}, t(label)),
        el("dd", {}, m2(areas[name]), el("small", {}, `${mu(areas[name])} ${t("common.mu")}`))))) : "",
      el("ul", { class: "papers" }, papers.map(paper), delivery ? el("li", {}, el("strong", {}, t("dossier.delivery")), " ",
        delivery.surveyed_on ? `${t("dossier.surveyed_on", { day: day(delivery.surveyed_on) })} · ` : "", t("dossier.delivered_on", { day: day(delivery.received_on), upload: delivery.upload })) : ""),
      outside ? el("p", { class: "quiet" }, t("dossier.outside")) : papers.length || !HELD_BY_PAPERS.includes(sides[side].layer) ? "" : el("p", { class: "quiet" }, t("dossier.no_papers")));
  });
  return told.length ? [el("h2", {}, t("dossier.documents")), ...told] : null;
}

const span = (thing) => (thing.from || thing.to ? `${thing.from ? day(thing.from) : "…"} – ${thing.to ? day(thing.to) : t("dossier.without_end")}` : "");

function paper(each) {
  const days = [each.on ? (each.kind === "contract" || each.kind === "transfer" ? t("dossier.signed", { day: day(each.on) }) : day(each.on)) : "", span(each),
    each.consented_on ? t("dossier.consented", { day: day(each.consented_on) }) : each.kind === "transfer" ? t("dossier.not_consented") : "",
    each.area_m2 == null ? "" : `${m2(each.area_m2)} ${t("common.m2")}`];
  return el("li", {}, el("strong", {}, known("layer", each.kind)), " ", said(each.said), " ", el("span", { class: "code quiet" }, each.name || code(each.code)),
    el("br"), days.filter(Boolean).join(" · "));
}

function timeline(ever) {
  if (!ever) return null;
  return [el("h2", {}, t("dossier.timeline")),
    ever.items.length ? el("ol", { class: "ever" }, ever.items.map(once)) : el("p", { class: "quiet" }, t("dossier.timeline_none")),
    ever.complete ? "" : el("p", { class: "quiet" }, t("dossier.timeline_more")),
    ever.elsewhere ? el("p", { class: "quiet" }, t("dossier.timeline_elsewhere", { n: ever.elsewhere })) : ""];
}

function once(each) {
  const over = each.to && new Date(each.to) <= new Date();
  const notes = [span(each), each.shared_m2 == null ? "" : t("dossier.covers", { m2: m2(each.shared_m2) }),
    t("dossier.delivered_on", { day: day(each.came_on), upload: each.upload }), over ? t("dossier.ended") : "",
    each.corrected_at ? t("dossier.corrected", { day: day(each.corrected_at) }) : ""];
  return el("li", { class: over || each.corrected_at ? "past" : null }, el("time", { datetime: each.day }, day(each.day)), " ",
    el("strong", {}, known("layer", each.layer)), " ", said(each.said), " ", el("span", { class: "code quiet" }, code(each.code)),
    each.holder ? [" ", holder(each.holder)] : "", each.other ? [" → ", holder(each.other)] : "",
    el("br"), el("small", { class: "quiet" }, notes.filter(Boolean).join(" · ")));
}

function proposals(told, on) {
  if (!told) return null;
  return [el("h2", {}, t("dossier.proposals")), el("p", { class: "note" }, t("dossier.proposals_note")),
    ...told.items.map((each) => offer(each, on)),
    told.not_offered.length ? el("div", { class: "quiet" }, el("p", {}, t("dossier.not_offered")), el("ul", {}, told.not_offered.map((each) => el("li", {}, said(each.words))))) : ""];
}

function offer(each, on) {
  const sides = ["a", "b"].filter((side) => each.sides[side]);
  const both = (value) => [m2(value), el("br"), el("small", { class: "quiet" }, `${mu(value)} ${t("common.mu")}`)];
  const rows = [["before", (side) => both(side.before_m2)], ["after", (side) => both(side.after_m2)],
    ["change", (side) => [signed(side.change_m2), el("br"), el("small", { class: "quiet" }, `${signedMu(side.change_m2)} ${t("common.mu")}`)]],
    ["contracted", (side) => (side.contract_m2 == null ? "—" : both(side.contract_m2))]];
  return el("section", { class: "offer" }, el("h3", {}, t(`dossier.proposal_${each.kind}`)),
    el("p", {}, said(each.words), each.older ? ` ${t(`dossier.older_is_${each.older}`)}` : ""),
    picture(each.svg, t(`dossier.proposal_${each.kind}`)),
    el("table", { class: "told-table" }, el("thead", {}, el("tr", {}, el("td"), sides.map((side) => el("th", { scope: "col" }, tag(side), " ", each.sides[side].holder?.name || "")))),
      el("tbody", {}, rows.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, t(`dossier.${name}`)), sides.map((side) => el("td", { class: "figure" }, value(each.sides[side]))))))),
    each.line ? el("button", { type: "button", class: "plain", onclick: () => on.draw(each.line) }, t("dossier.on_the_map")) : "");
}
