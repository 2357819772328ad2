// Sign in, then go where the person was going.
import { Problem, ask, byId, t, tell } from "./common.js";

const form = byId("sign-in");
const problem = byId("sign-in-error");

function whereNext() {
  const next = new URLSearchParams(location.search).get("next") || "";
  return /^\/(?![/\\])/.test(next) ? next : null;
}

const home = { surveyor: "/uploads", official: "/map", admin: "/map" };

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(form));
  if (!username || !password) return tell(problem, { message: t("sign_in.empty") });
  problem.hidden = true;
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  button.textContent = t("sign_in.working");
  try {
    const me = await ask("/session", { method: "POST", json: { username, password } });
    location.assign(whereNext() || home[me.role] || "/");
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    tell(problem, failure);
    button.disabled = false;
    button.textContent = t("sign_in.go");
    byId("password").select();
  }
});
