// Hand an image of the ground in, and follow what became of those that were.
import { ask, byId, day, el, known, said, t, tell } from "./common.js";
import * as comparisons from "./comparisons.js";

const form = byId("send");
const go = byId("send-go");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = new FormData();
  for (const [name, value] of new FormData(form)) if (value) sent.append(name, value);
  byId("send-problem").hidden = true;
  go.disabled = true;
  go.textContent = t("images.sending");
  try {
    await ask("/images", { method: "POST", form: sent });
    form.reset();
  } catch (failure) {
    tell(byId("send-problem"), failure);
  }
  go.disabled = false;
  go.textContent = t("images.send");
  list();
});

async function withdraw(id) {
  await ask(`/images/${id}/withdraw`, { method: "POST" }).catch((failure) => tell(byId("send-problem"), failure));
  list();
}

function row(image) {
  const size = image.size && t("images.size_is", { wide: image.size[0], high: image.size[1], metres: +image.pixel_m.toFixed(3) });
  const told = image.error ? el("p", { class: "problem" }, said(image.error), el("small", {}, image.error.code)) : image.notes.map((note) => el("div", { class: "quiet" }, said(note)));
  return el("tr", { "data-image": image.id },
    el("td", {}, el("span", { class: "whole" }, day(image.taken_on)), el("div", { class: "quiet" }, known("image_kind", image.kind))),
    el("td", { class: "file" }, image.filename, told),
    el("td", { class: "state" }, known("image_state", image.state)),
    el("td", { class: "figure" }, size || "—"),
    el("td", {}, el("a", { href: `/api/v1/images/${image.id}/original`, download: true }, t("images.original")), " ",
      ["received", "ready"].includes(image.state) ? el("button", { type: "button", class: "plain by-surveyors", onclick: () => withdraw(image.id) }, t("images.withdraw")) : ""));
}

async function list() {
  const place = byId("images");
  try {
    const { items } = await ask("/images?state=all");
    comparisons.offer(items);
    const heads = ["taken_on", "name", "state", "size"];
    place.replaceChildren(items.length
      ? el("table", {}, el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col" }, t(`images.${name}`))), el("td"))), el("tbody", {}, items.map(row)))
      : el("p", { class: "empty" }, t("images.empty")));
    if (items.some((image) => image.state === "received")) setTimeout(list, 2000);
  } catch (failure) {
    const words = el("p", { class: "problem" });
    tell(words, failure);
    place.replaceChildren(words, el("button", { class: "second", onclick: list }, t("common.retry")));
  }
  place.setAttribute("aria-busy", "false");
}

await comparisons.start();
list();
