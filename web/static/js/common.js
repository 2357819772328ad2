// What every page's script shares: the labels, the way to ask the server, and building the page with text only.

const data = JSON.parse(document.getElementById("page-data").textContent);

export const page = data;
export const lang = data.lang;

export function t(key, values = {}) {
  const text = data.labels[key];
  if (text === undefined) throw new Error(`no label ${key}`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The label where there is one, else the word itself: for values the server may add later. */
export function known(prefix, word) {
  return data.labels[`${prefix}.${word}`] ?? word;
}

/** The side of a {zh, en} pair that this page speaks. */
export const said = (pair) => (pair == null ? "" : typeof pair === "string" ? pair : pair[lang] || pair.zh || "");

/** Make an element; children are elements or text, never markup. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const byId = (id) => document.getElementById(id);

export const pair = (term, ...value) => [el("dt", {}, term), el("dd", {}, ...value)];

/** A refusal by the server, or no answer at all, told in words. */
export class Problem extends Error {
  constructor(status, body = {}) {
    super(body[`detail_${lang}`] || t(status ? "error.unknown" : "error.offline"));
    this.status = status;
    this.code = body.code || (status ? `http_${status}` : "no_answer");
  }
}

export async function ask(path, { method = "GET", json, form, signal } = {}) {
  const options = { method, signal, headers: { Accept: "application/json" }, credentials: "same-origin" };
  if (json !== undefined) {
    options.body = JSON.stringify(json);
    options.headers["Content-Type"] = "application/json";
  } else if (form) options.body = form;
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, options);
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0);
  }
  const body = answer.status === 204 ? null : await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  if (answer.status === 401 && !path.startsWith("/session")) toSignIn();
  throw new Problem(answer.status, body || {});
}

export function toSignIn() {
  const next = location.pathname + location.search;
  location.assign(`/sign-in?next=${encodeURIComponent(next)}`);
}

/** Tell a problem where the person is looking, with its code small beside it. */
export function tell(place, problem) {
  place.replaceChildren(problem.message, el("small", {}, problem.code || ""));
  place.hidden = false;
}

let noticeTimer;
export function notice(text) {
  const place = byId("notice");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (place.hidden = true), 6000);
}

// Figures: m² and 亩, half up. 0.0015 = 15 / 10000; integers stay exact where the half can occur.
export const m2 = (value) => (value == null ? "—" : (Math.round(value * 100) / 100).toFixed(2));
export const mu = (value) => (value == null ? "—" : (Math.round((value * 15) / 100) / 100).toFixed(2));
export const m2mu = (value) => (value == null ? "—" : `${m2(value)} ${t("common.m2")}（${mu(value)} ${t("common.mu")}）`);
export const percent = (value) => (value == null ? "—" : `${(value * 100).toFixed(1)}%`);
export const day = (value) => (value ? String(value).slice(0, 10) : "—");

export function moment(value) {
  if (!value) return "—";
  const at = new Date(value);
  const two = (n) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A code cut where people pause: county-town-village-group-serial. */
export function code(value) {
  const text = String(value ?? "—");
  if (![6, 9, 12, 14, 18, 19].includes(text.length) || !/^\d+.$/.test(text)) return text;
  return [text.slice(0, 6), text.slice(6, 9), text.slice(9, 12), text.slice(12, 14), text.slice(14)].filter(Boolean).join("-");
}

async function frame() {
  for (const link of document.querySelectorAll("[data-lang]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const there = new URL(location.href);
      there.searchParams.set("lang", link.dataset.lang);
      location.assign(there);
    });
  }
  const person = byId("person");
  if (!person) return;
  byId("sign-out").addEventListener("click", async () => {
    await ask("/session", { method: "DELETE" }).catch(() => {});
    location.assign("/");
  });
  try {
    const me = await ask("/me");
    document.body.dataset.role = me.role;
    person.textContent = `${me.username} · ${known("role", me.role)}`;
  } catch {
    person.textContent = "";
  }
}

frame();
