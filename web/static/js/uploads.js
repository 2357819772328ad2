// Send a delivery with visible progress, and list those sent before.
import { Problem, ask, byId, el, known, lang, moment, t, tell, toSignIn } from "./common.js";

const form = byId("send");
const file = byId("file");
const problem = byId("send-problem");
const go = byId("send-go");

function choose() {
  const [first] = file.files;
  byId("chosen").textContent = first
    ? t("uploads.chosen", { name: first.name, size: (first.size / 1048576).toFixed(1) })
    : "";
  go.disabled = !first;
  problem.hidden = true;
}
file.addEventListener("change", choose);

const drop = byId("drop");
for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => over(event, true));
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (event) => over(event, false));
function over(event, inside) {
  event.preventDefault();
  drop.classList.toggle("over", inside);
}
drop.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length > 1) return tell(problem, { message: t("uploads.several") });
  file.files = event.dataTransfer.files;
  choose();
});

/** Read "DKBM=parcel_no" lines into an object; a line that is none is named. */
function columns(text) {
  const map = {};
  for (const line of text.split(/\n/).map((each) => each.trim()).filter(Boolean)) {
    const [ours, theirs, more] = line.split(/\s*[=＝]\s*/);
    if (!ours || !theirs || more !== undefined) throw new Error(t("uploads.columns_wrong", { line }));
    map[ours] = theirs;
  }
  return Object.keys(map).length ? JSON.stringify(map) : "";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const sent = new FormData();
  try {
    const given = { ...Object.fromEntries(new FormData(form)), columns: columns(byId("columns").value) };
    for (const [name, value] of Object.entries(given)) if (value && name !== "file") sent.append(name, value);
  } catch (failure) {
    return tell(problem, failure);
  }
  sent.append("accept", "ask");
  sent.append("file", file.files[0]);
  send(sent);
});

/** XMLHttpRequest, since fetch does not tell how much has gone up. */
function send(sent) {
  const bar = byId("send-progress");
  const request = new XMLHttpRequest();
  go.disabled = true;
  bar.hidden = false;
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = (100 * loaded) / total;
    byId("send-percent").textContent = `${Math.floor(bar.value)}%`;
  });
  const failed = (failure) => {
    tell(problem, failure);
    bar.hidden = true;
    byId("send-percent").textContent = "";
    go.disabled = false;
  };
  request.addEventListener("error", () => failed(new Problem(0)));
  request.addEventListener("load", () => {
    const body = JSON.parse(request.responseText || "{}");
    if (request.status === 401) return toSignIn();
    if (request.status >= 400) return failed(new Problem(request.status, body));
    location.assign(`/uploads/${body.id}`);
  });
  request.open("POST", "/api/v1/uploads");
  request.setRequestHeader("Accept", "application/json");
  request.send(sent);
}

function row(each) {
  const sum = (name) => (each.layers || []).reduce((total, layer) => total + (layer[name] || 0), 0);
  const layers = (each.layers || []).map((layer) => known("layer", layer.layer)).join(lang === "zh" ? "、" : ", ");
  return el("tr", {},
    el("td", { class: "file" }, el("a", { href: `/uploads/${each.id}` }, each.filename), layers ? el("div", { class: "quiet" }, layers) : ""),
    el("td", { class: "state" }, known("upload_state", each.state)),
    el("td", { class: "figure" }, sum("read") ? `${sum("stored")} / ${sum("read")}` : "—"),
    el("td", { class: "figure" }, each.state === "done" ? String(each.findings ?? 0) : "—"),
    el("td", { class: "figure" }, moment(each.received_at || each.created_at)));
}

async function list() {
  const place = byId("uploads");
  try {
    const { items } = await ask("/uploads");
    const heads = ["file", "state", "stored", "found", "when"];
    place.replaceChildren(items.length
      ? el("table", {}, el("thead", {}, el("tr", {}, heads.map((name, n) =>
        el("th", { scope: "col", class: n > 1 ? "figure" : null }, t(`uploads.${name}`))))), el("tbody", {}, items.map(row)))
      : el("p", { class: "empty" }, t("uploads.empty")));
    if (items.some((each) => ["received", "reading", "storing", "detecting"].includes(each.state))) setTimeout(list, 2000);
  } catch (failure) {
    const said = el("p", { class: "problem" });
    tell(said, failure);
    place.replaceChildren(said, el("button", { class: "second", onclick: list }, t("common.retry")));
  }
  place.setAttribute("aria-busy", "false");
}

list();
