// Follow one delivery: progress, what was understood, what cannot be stored, what changed.
import { ask, byId, el, known, lang, page, said, t, tell } from "./common.js";
import { decisions } from "./decisions.js";
import { report } from "./delivery_report.js";
import { contents } from "./package.js";
import { mended, repairs } from "./repairs.js";
import { answer, vanished } from "./vanished.js";

const id = page.upload;
const BUSY = ["received", "reading", "storing", "detecting"];
let reported;

async function follow() {
  try {
    const upload = await ask(`/uploads/${id}`);
    show(upload);
    if (BUSY.includes(upload.state)) setTimeout(follow, 1000);
  } catch (failure) {
    const place = el("p", { class: "problem" });
    tell(place, failure);
    byId("outcome").replaceChildren(place, el("button", { class: "second", onclick: follow }, t("common.retry")));
  }
}

function show(upload) {
  byId("filename").textContent = upload.filename;
  byId("fingerprint").textContent = upload.sha256 ? `${t("upload.fingerprint")}${t("common.colon")}${upload.sha256}` : "";
  byId("outcome").replaceChildren(...outcome(upload));
  if (upload.state === "done" && upload.counts) counts(upload.counts);
  if (upload.layers?.length) layers(upload);
  contents(upload);
  decisions(upload);
  vanished(upload);
  repairs(upload);
  if (upload.layers?.length && reported !== upload.state) report();
  reported = upload.layers?.length ? upload.state : reported;
  byId("original").hidden = BUSY.includes(upload.state);
  byId("original-link").href = `/api/v1/uploads/${id}/original`;
  byId("rejected-rows").hidden = !(upload.layers || []).some((layer) => layer.rejected);
  for (const link of document.querySelectorAll("[data-rejected-as]")) link.href = `/api/v1/exports/rejected.${link.dataset.rejectedAs}?upload=${id}`;
}

const total = (upload, name) => (upload.layers || []).reduce((sum, layer) => sum + (layer[name] || 0), 0);

function outcome(upload) {
  const { state, progress, error } = upload;
  const heading = el("h2", {}, known("upload_state", state));
  if (BUSY.includes(state)) {
    const step = progress?.[`step_${lang}`];
    return [heading, el("p", { class: "step" }, el("span", {}, step || t("common.loading")),
      progress?.total ? el("span", { class: "figure" }, t("upload.progress", progress)) : ""),
    el("progress", progress?.total ? { max: progress.total, value: progress.done, "aria-label": step || state } : { "aria-label": state }),
    el("p", { class: "quiet" }, t("upload.leave"))];
  }
  if (state === "awaiting_acceptance") {
    const rejected = total(upload, "rejected");
    const stored = total(upload, "read") - rejected;
    const problem = el("p", { class: "problem", role: "alert", hidden: true });
    const doubts = (upload.layers || []).flatMap((layer) => layer.decisions).filter((made) => !made.sure).length;
    return [heading, el("p", {}, t(rejected ? "upload.awaiting" : "upload.awaiting_clean", { stored, rejected })),
      doubts ? el("p", { class: "doubts" }, t("detective.doubts", { n: doubts })) : "", problem,
      el("div", { class: "buttons" },
        el("button", { id: "accept", onclick: () => decide("accept", { accept: "valid_rows", ...answer(), ...mended() }, problem) }, t("upload.accept")),
        el("button", { class: "second", onclick: () => decide("withdraw", {}, problem) }, t("upload.withdraw")))];
  }
  if (state === "done") {
    const n = upload.findings ?? 0;
    return [heading, el("p", {}, t(n ? "upload.done" : "upload.done_none", { n })),
      n ? el("a", { href: `/map?upload=${encodeURIComponent(id)}`, class: "as-button" }, t("upload.see_findings")) : "",
      upload.previous ? el("p", {}, el("a", { href: `/uploads/compare?before=${upload.previous}&after=${id}` }, t("compare.link"))) : ""];
  }
  if (state === "withdrawn") return [heading, el("p", {}, t("upload.withdrawn"))];
  const words = error ? el("p", { class: "problem" }, said(error), el("small", {}, error.code)) : "";
  return [heading, el("p", {}, t(`upload.${state === "refused" ? "refused" : "failed"}`)), words,
    state === "refused" ? el("p", {}, t(upload.previews?.length ? "detective.refused_next" : "upload.refused_next")) : ""];
}

async function decide(action, json, problem) {
  for (const button of byId("outcome").querySelectorAll("button")) button.disabled = true;
  try {
    await ask(`/uploads/${id}/${action}`, { method: "POST", json });
    follow();
  } catch (failure) {
    tell(problem, failure);
    for (const button of byId("outcome").querySelectorAll("button")) button.disabled = false;
  }
}

function counts(numbers) {
  const place = byId("counts");
  place.replaceChildren(...["new", "still", "changed", "gone", "reopened"].map((name) =>
    el("div", {}, el("b", {}, String(numbers[name] ?? 0)), t(`upload.${name}`))));
  place.hidden = false;
}

function layers(upload) {
  const waiting = upload.state === "awaiting_acceptance";
  const stages = upload.layers.some((layer) => layer.entered) ? ["new", "changed", "unchanged"] : [];
  const heads = ["layer", "source", "read", waiting ? "storable" : "stored", "rejected", "balance", ...stages.map((name) => `entered_${name}`)];
  const rows = upload.layers.map((layer) => {
    const stored = waiting ? layer.read - layer.rejected : layer.stored;
    const even = layer.read === stored + layer.rejected;
    return el("tr", {}, el("td", {}, known("layer", layer.layer)), el("td", {}, layer.source || ""),
      [layer.read, stored, layer.rejected].map((n) => el("td", { class: "figure" }, String(n ?? "—"))),
      el("td", { class: "figure" }, even ? "✓" : "≠"),
      stages.map((name) => el("td", { class: "figure" }, String(layer.entered?.[name] ?? "—"))));
  });
  byId("layers").replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, heads.map((name, n) =>
    el("th", { scope: "col", class: n > 1 ? "figure" : null }, t(`upload.${name}`))))), el("tbody", {}, rows)));
  byId("read").hidden = false;
}

follow();
