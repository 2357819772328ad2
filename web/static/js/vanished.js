// What stood in the books and is not in a delivery: listed, and asked about before anything is stored.
import { ask, byId, code, el, known, page, t, tell } from "./common.js";

const PAGE = 200;
let total = 0;
let shown = "";

/** Show what vanished with a delivery; while it waits, its surveyor says what becomes of it. */
export function vanished(upload) {
  const counts = Object.entries(upload.vanished?.counts || {});
  total = counts.reduce((sum, [, n]) => sum + n, 0);
  byId("vanished").hidden = !total;
  if (!total || shown === upload.state) return;
  shown = upload.state;
  const waiting = upload.state === "awaiting_acceptance";
  byId("vanished-count").textContent = String(total);
  byId("vanished-ask").hidden = !waiting;
  byId("vanished-why").textContent = [
    counts.map(([layer, n]) => `${known("layer", layer)} ${n}`).join(" · "),
    waiting ? t("vanished.why") : told(upload),
  ].join(" — ");
  byId("vanished-list").replaceChildren(el("ul", { class: "defect-rows", id: "vanished-rows" }));
  more(null, waiting);
}

function told({ vanished: { answer, ended, ended_on: day, by } }) {
  const n = Object.values(ended).reduce((sum, each) => sum + each, 0);
  return answer === "end" ? t("vanished.was_ended", { n, day: day || "—", by }) : t("vanished.was_kept");
}

async function more(cursor, waiting) {
  const button = byId("vanished-more");
  button.disabled = true;
  try {
    const { items, next } = await ask(`/uploads/${page.upload}/vanished?${new URLSearchParams({ limit: PAGE, ...(cursor && { cursor }) })}`);
    byId("vanished-rows").append(...items.map((each) => row(each, waiting)));
    button.hidden = next === null;
    button.onclick = () => more(next, waiting);
  } catch (failure) {
    const words = el("p", { class: "problem" });
    tell(words, failure);
    byId("vanished-list").append(words);
  }
  button.disabled = false;
}

function row(each, waiting) {
  const named = [el("span", { class: "code" }, code(each.code)), ` ${known("layer", each.layer)} `,
    el("a", { href: `/uploads/${each.since_upload}` }, t("vanished.since", { id: each.since_upload }))];
  return el("li", { class: "vanished-row" }, waiting
    ? el("label", {}, el("input", { type: "checkbox", name: "vanished-code", value: each.code, checked: true }), " ", ...named) : el("span", {}, ...named));
}

/** The answer that goes with an acceptance; all of it, unless some are ticked off. */
export function answer() {
  if (!total || document.querySelector("input[name=vanished]:checked").value === "keep") return { vanished: "keep" };
  const boxes = [...document.querySelectorAll("input[name=vanished-code]")];
  const left = boxes.filter((each) => !each.checked).length;
  const day = byId("vanished-day").value;
  return { vanished: "end", ...(day && { ended_on: day }), ...(left && { codes: boxes.filter((each) => each.checked).map((each) => each.value) }) };
}
