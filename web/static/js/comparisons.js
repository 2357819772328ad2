// Two images compared: who may starts one, everybody of the area follows it and goes to its patches on the map.
import { ask, byId, day, el, known, m2, m2mu, moment, percent, said, t, tell } from "./common.js";

const UNDER_WAY = ["received", "comparing", "reading", "storing", "detecting"];
const AT_FIRST = 20; // patches shown before somebody asks for all of them
let orthophotos = [];
let may = false;

const option = (image) => el("option", { value: image.id }, `${day(image.taken_on)} · ${image.filename}`);
const meet = (a, b) => a.bbox[0] < b.bbox[2] && b.bbox[0] < a.bbox[2] && a.bbox[1] < b.bbox[3] && b.bbox[1] < a.bbox[3];
const chosen = () => orthophotos.find((image) => String(image.id) === byId("compare-before").value);

/** Offer the images that are ready: those of a later day over common ground for the one that was chosen first. */
export function offer(images) {
  orthophotos = images.filter((image) => image.state === "ready" && image.kind === "orthophoto");
  const select = byId("compare-before");
  const kept = select.value;
  const first = orthophotos.filter((before) => later(before).length).reverse();
  select.replaceChildren(...first.map(option));
  if (first.some((image) => String(image.id) === kept)) select.value = kept;
  byId("compare-none").hidden = first.length > 0;
  byId("compare").hidden = !may || !first.length;
  offerLater();
}

const later = (before) => orthophotos.filter((after) => after.taken_on > before.taken_on && meet(before, after));

function offerLater() {
  const before = chosen();
  byId("compare-after").replaceChildren(...(before ? later(before) : []).map(option));
}

byId("compare-before").addEventListener("change", offerLater);
byId("compare").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { before, after, ...rest } = Object.fromEntries(new FormData(event.target));
  const settings = Object.fromEntries(Object.entries(rest).filter(([, value]) => value).map(([name, value]) => [name, Number(value)]));
  byId("compare-problem").hidden = true;
  byId("compare-go").disabled = true;
  try {
    const begun = await ask("/images/comparisons", { method: "POST", json: { before: Number(before), after: Number(after), settings } });
    await list();
    byId(`comparison-${begun.id}`)?.scrollIntoView({ block: "nearest" });
  } catch (failure) {
    tell(byId("compare-problem"), failure);
  }
  byId("compare-go").disabled = false;
});

async function withdraw(id) {
  await ask(`/images/comparisons/${id}/withdraw`, { method: "POST" }).catch((failure) => tell(byId("compare-problem"), failure));
  list();
}

const onMap = (one, patch) => `/map?${new URLSearchParams({ comparison: one.id, ...(patch ? { patch } : {}) })}`;

function card(one) {
  const { progress, error, patches } = one;
  const step = progress && said({ zh: progress.step_zh, en: progress.step_en });
  return el("article", { class: "card comparison", id: `comparison-${one.id}` },
    el("h3", {}, el("span", { class: "whole" }, day(one.before.taken_on)), " → ", el("span", { class: "whole" }, day(one.after.taken_on)), " ",
      el("span", { class: "badge state" }, known("comparison_state", one.state))),
    el("p", { class: "quiet file" }, `${one.before.filename} → ${one.after.filename} · ${t("images.asked_by", { who: one.asked_by, at: moment(one.asked_at) })}`),
    progress ? el("p", { role: "status" }, el("progress", { max: progress.total, value: progress.done }), " ", step) : "",
    error ? el("p", { class: "problem" }, said(error), el("small", {}, error.code)) : "",
    one.method ? found(one, patches) : "",
    may && ["received", "comparing"].includes(one.state) ? el("button", { type: "button", class: "second", onclick: () => withdraw(one.id) }, t("images.call_off")) : "");
}

function found(one, patches) {
  const unseen = one.unseen_m2 / (one.seen_m2 + one.unseen_m2);
  const stored = patches.filter((each) => each.kind !== "vegetation");
  return [
    el("ul", { class: "counted" }, patches.map((each) => el("li", {}, known("patch_kind", each.kind), " ", el("strong", {}, String(each.patches)), `　${m2mu(each.m2)}`)),
      patches.length ? "" : el("li", {}, t("images.nothing_changed")),
      el("li", { class: "quiet" }, t("images.unseen", { share: percent(unseen) }))),
    stored.length ? el("p", {}, el("a", { href: onMap(one) }, t("images.on_the_map")), " ",
      one.state === "done" ? el("a", { href: `/map?upload=${one.upload}` }, t("images.its_run")) : "", " ",
      el("a", { href: `/uploads/${one.upload}` }, t("images.its_delivery", { n: one.upload }))) : "",
    stored.length ? onOpening(t("images.its_patches"), async () => listed(one, (await ask(`/images/comparisons/${one.id}/patches`)).features)) : "",
    onOpening(t("images.its_settings"), async () => settings(one)),
  ];
}

/** A part that is only asked for when somebody opens it. */
function onOpening(title, read) {
  const body = el("div", { class: "scroll" });
  const part = el("details", {}, el("summary", {}, title), body);
  part.addEventListener("toggle", async () => {
    if (!part.open || body.childElementCount) return;
    body.replaceChildren(el("p", { class: "quiet" }, t("common.loading")));
    try {
      body.replaceChildren(await read());
    } catch (failure) {
      const words = el("p", { class: "problem" });
      tell(words, failure);
      body.replaceChildren(words);
    }
  });
  return part;
}

function listed(one, features, all = false) {
  if (!features.length) return el("p", { class: "quiet" }, t("images.patches_later"));
  const heads = ["patch", "patch_is", "patch_area", "patch_width", "patch_sure", "patch_findings"].map((name) => el("th", { scope: "col" }, t(`images.${name}`)));
  const row = ({ properties: each }) => el("tr", { class: each.stands ? null : "past" },
    el("th", { scope: "row" }, el("a", { href: onMap(one, each.ref) }, each.name || each.ref), each.stands ? "" : el("small", { class: "quiet" }, ` ${t("images.replaced")}`)),
    el("td", {}, known("patch_class", each.class_code)), el("td", { class: "figure" }, m2mu(each.area_m2)),
    el("td", { class: "figure" }, each.width_m == null ? "—" : `${m2(each.width_m)} ${t("common.metre")}`),
    el("td", { class: "figure" }, each.confidence == null ? "—" : percent(each.confidence)),
    el("td", {}, each.findings.length ? each.findings.map(({ key, rule }) => [el("a", { href: `/map?finding=${key}` }, rule), " "]) : "—"));
  const place = el("div", {});
  const shown = all ? features : features.slice(0, AT_FIRST);
  place.append(el("table", {}, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, shown.map(row))),
    shown.length < features.length ? el("button", { type: "button", class: "plain", onclick: () => place.replaceWith(listed(one, features, true)) }, t("images.patches_all", { n: features.length })) : "");
  return place;
}

function settings(one) {
  const { method } = one;
  const apart = [t("images.apart"), `${t("images.east_north", { east: m2(method.east_m), north: m2(method.north_m) })} · ±${m2(method.residual_m)} ${t("common.metre")}`];
  const rows = [apart, [t("images.bands"), `${method.bands} · ${method.pixel_m} ${t("common.metre")}`], [t("images.version"), one.version],
    ...Object.entries(one.settings).map(([name, value]) => [el("code", {}, name), String(value)])];
  return el("dl", { class: "settings" }, rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

async function list() {
  const place = byId("comparisons");
  const { items } = await ask("/images/comparisons");
  const open = new Set([...place.querySelectorAll("article:has(details[open])")].map((each) => each.id));
  const kept = new Map([...place.children].filter((each) => open.has(each.id)).map((each) => [each.id, each]));
  // what somebody reads stays as it is
  place.replaceChildren(...(items.length ? items.map((one) => kept.get(`comparison-${one.id}`) ?? card(one)) : [el("p", { class: "empty" }, t("images.compare_empty"))]));
  place.setAttribute("aria-busy", "false");
  if (items.some((one) => UNDER_WAY.includes(one.state))) setTimeout(list, 2000);
}

export async function start() {
  const me = await ask("/me").catch(() => ({}));
  may = ["official", "admin"].includes(me.role);
  byId("compare-who").hidden = may;
  await list().catch((failure) => tell(byId("compare-problem"), failure));
}
