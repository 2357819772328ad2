// Tokens for programs that read on one's behalf: make one, see it once, take it back.
import { ask, byId, day, el, t, tell } from "./common.js";

const form = byId("make");
const problem = byId("problem");

async function list() {
  try {
    show((await ask("/tokens")).items);
  } catch (failure) {
    tell(problem, failure);
  }
}

function show(items) {
  const heads = ["name", "since", "until"].map((name) => el("th", { scope: "col" }, t(`connect.${name}`)));
  const rows = items.map((one) => el("tr", {}, el("td", {}, one.name), el("td", {}, day(one.made_at)), el("td", {}, day(one.expires_at)),
    el("td", {}, el("button", { type: "button", class: "second", "aria-label": `${t("connect.take")} ${one.name}`, onclick: () => take(one.id) }, t("connect.take")))));
  byId("tokens").replaceChildren(items.length
    ? el("table", {}, el("thead", {}, el("tr", {}, heads, el("th", { scope: "col" }, ""))), el("tbody", {}, rows))
    : el("p", { class: "quiet" }, t("connect.none")));
}

async function take(id) {
  try {
    await ask(`/tokens/${id}`, { method: "DELETE" });
    byId("made").hidden = true;
    await list();
  } catch (failure) {
    tell(problem, failure);
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.hidden = true;
  try {
    const made = await ask("/tokens", { method: "POST", json: { name: form.elements.name.value } });
    byId("token").textContent = made.token;
    byId("made").hidden = false;
    form.reset();
    await list();
  } catch (failure) {
    tell(problem, failure);
  }
});

list();
