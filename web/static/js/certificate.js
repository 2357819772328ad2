// What a farmer holds: asked with number and proof, or with the token behind the QR code; told in large plain words.
import { ask, byId, code, day, el, lang, m2, mu, pair, said, t, tell } from "./common.js";

const form = byId("ask");
const problem = byId("ask-problem");
const answer = byId("answer");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim().toUpperCase()]));
  if (Object.values(given).some((value) => !value)) return tell(problem, { message: t("certificate.empty") });
  given.number = given.number.replace(/[\s-]/g, "");
  lookUp(given);
});

async function lookUp(proof) {
  const button = form.querySelector("[type=submit]");
  problem.hidden = true;
  button.disabled = true;
  button.textContent = t("certificate.working");
  try {
    show(await ask(`/certificates/lookup?lang=${lang}`, { method: "POST", json: proof }));
  } catch (failure) {
    tell(problem, failure.status === 404 || failure.status === 422 ? { message: t("certificate.miss"), code: failure.code } : failure);
  } finally {
    button.disabled = false;
    button.textContent = t("certificate.go");
  }
}

const areaOf = (parcel) => parcel.confirmed_m2 ?? parcel.surveyed_m2;

function show(card) {
  const whole = card.parcels.reduce((sum, parcel) => sum + (areaOf(parcel) || 0), 0);
  form.hidden = true;
  byId("ask-lead").hidden = true;
  answer.replaceChildren(
    el("p", { class: "holds", tabindex: -1 }, t("certificate.holds", { holder: card.holder, n: card.parcels.length, mu: mu(whole) })),
    standing(card.withheld),
    el("p", {}, el("a", { class: "big", href: card.pdf_url, download: "" }, t("certificate.pdf")), el("small", { class: "quiet" }, t("certificate.pdf_hint"))),
    facts(card),
    el("h2", {}, t("certificate.parcels")),
    ...card.parcels.map(parcelCard),
    el("p", {}, el("button", { class: "second", onclick: again }, t("certificate.again"))));
  answer.hidden = false;
  answer.querySelector(".holds").focus();
  window.scrollTo(0, 0);
}

function again() {
  answer.hidden = true;
  form.hidden = byId("ask-lead").hidden = false;
  form.reset();
  byId("number").focus();
}

function standing(withheld) {
  if (!withheld?.is) return el("div", { class: "standing clear" }, el("p", {}, `✓ ${t("certificate.clear")}`));
  return el("div", { class: "standing withheld" }, el("p", {}, el("strong", {}, t("certificate.withheld"))),
    el("ul", {}, (withheld.reasons || []).map((reason) => el("li", {}, said(reason)))), el("p", {}, t("certificate.withheld_next")));
}

function term({ from, to } = {}) {
  if (!from) return t("certificate.term_none");
  return Number(String(to).slice(0, 4)) >= 9999 ? t("certificate.long_term", { from: day(from) }) : t("certificate.term_text", { from: day(from), to: day(to) });
}

function facts(card) {
  const members = (card.members || []).map((member) => el("li", {}, `${member.name}${member.relation ? ` · ${said(member.relation)}` : ""}`));
  return el("dl", { class: "facts" },
    pair(t("certificate.holder"), card.holder),
    pair(t("certificate.members"), members.length ? el("ul", {}, members) : t("certificate.no_members")),
    pair(t("certificate.term"), term(card.term)),
    pair(t("certificate.issuer"), card.issuer?.name ?? card.issuer ?? "—"),
    pair(t("certificate.code"), el("span", { class: "code" }, code(card.code))));
}

function parcelCard(parcel, index) {
  const n = index + 1;
  const row = (name, value, main) => (value == null ? "" : el("tr", {}, el("th", { scope: "row" }, t(`certificate.${name}`)),
    el("td", { class: `figure ${main ? "main" : ""}` }, `${mu(value)} ${t("common.mu")}`),
    el("td", { class: "figure quiet" }, `${m2(value)} ${t("common.m2")}`)));
  return el("article", { class: "card parcel-card" },
    el("h3", {}, `${t("certificate.parcel", { n })}${parcel.name ? ` · ${parcel.name}` : ""}`, el("small", { class: "code" }, code(parcel.code))),
    el("div", {},
      el("table", { class: "areas" }, el("tbody", {}, row("confirmed", parcel.confirmed_m2, true), row("contract", parcel.contract_m2), row("surveyed", parcel.surveyed_m2))),
      el("dl", { class: "compass" }, ["east", "south", "west", "north"].map((side) => pair(t(`bound.${side}`), parcel.bounds?.[side] || "—")))),
    parcel.sketch ? el("figure", {}, el("img", { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(parcel.sketch)}`, alt: t("certificate.sketch_alt", { n }) })) : "");
}

// The token rides behind '#': it reaches neither the server's log nor another site.
const token = new URLSearchParams(location.hash.slice(1)).get("t");
if (token) {
  history.replaceState(null, "", location.pathname + location.search);
  lookUp({ token });
}
