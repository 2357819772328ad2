// Send a delivery with visible progress, and list those sent before.
import { chosenFiles, droppedFiles, packed } from "./folder.js";
import { Problem, ask, byId, el, known, lang, moment, t, tell, toSignIn } from "./common.js";

const form = byId("send");
const file = byId("file");
const problem = byId("send-problem");
const go = byId("send-go");

let chosen = [];

/** What will be sent: one file as it is, or a folder or several files as one archive. */
function choose(files) {
  chosen = files;
  const size = (files.reduce((sum, { file: each }) => sum + each.size, 0) / 1048576).toFixed(1);
  const [name] = files[0]?.path.split("/") || [];
  byId("chosen").textContent = !files.length ? "" : t(files.length > 1 ? "uploads.chosen_folder" : "uploads.chosen", { name, size, n: files.length });
  go.disabled = !files.length;
  problem.hidden = true;
}
file.addEventListener("change", () => choose(chosenFiles(file.files)));
byId("folder").addEventListener("change", ({ target }) => choose(chosenFiles(target.files)));

const drop = byId("drop");
for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => over(event, true));
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (event) => over(event, false));
function over(event, inside) {
  event.preventDefault();
  drop.classList.toggle("over", inside);
}
drop.addEventListener("drop", async (event) => {
  const files = await droppedFiles(event.dataTransfer).catch(() => []);
  const archives = files.filter(({ path }) => /\.(zip|gpkg)$/i.test(path));
  if (files.length > 1 && archives.length > 1) return tell(problem, { message: t("uploads.several") });
  choose(files);
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

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = new FormData();
  try {
    const given = { ...Object.fromEntries(new FormData(form)), columns: columns(byId("columns").value) };
    for (const [name, value] of Object.entries(given)) if (value && name !== "file") sent.append(name, value);
  } catch (failure) {
    return tell(problem, failure);
  }
  sent.append("accept", "ask");
  try {
    sent.append("file", await whole());
  } catch {
    return tell(problem, { message: t("uploads.unreadable") });
  }
  send(sent);
});

/** The one file that is sent; packing tells how far it is, as sending does. */
async function whole() {
  const alone = chosen.length === 1 && !chosen[0].path.includes("/");
  if (alone) return chosen[0].file;
  go.disabled = true;
  byId("send-progress").hidden = false;
  return packed(chosen, (share) => far(share, "uploads.packing"));
}

function far(share, step) {
  byId("send-progress").value = 100 * share;
  byId("send-percent").textContent = t(step, { percent: Math.floor(100 * share) });
}

/** XMLHttpRequest, since fetch does not tell how much has gone up. */
function send(sent) {
  const bar = byId("send-progress");
  const request = new XMLHttpRequest();
  go.disabled = true;
  bar.hidden = false;
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    far(loaded / total, "uploads.sent");
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
