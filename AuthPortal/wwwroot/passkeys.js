// Passkeys on the portal's own pages (WebAuthn level 3). A page says by data-passkey where: "add" marks the form that
// adds one, "open" what opens an account with one, "get" what lets people prove themselves by one, "unable" what is
// said where none of it can be.

const api = "/api/auth/passkey/";

/** Less than a challenge lives, so that what waits in a field never holds one that is over. */
const patience = 4 * 60_000;

/** The portal's own refusal, in words for people. */
class Refusal extends Error {}

/** Asks the portal; with a body it posts. */
async function ask(what, { body, signal } = {}) {
  const post = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(api + what, { ...post, signal });
  const read = await answer.json().catch(() => ({}));
  if (answer.ok) return read;
  if (read.code === "SESSION_NOT_FRESH") location.assign(`/step-up?returnUrl=${encodeURIComponent(location.pathname)}`);
  throw new Refusal(read.detail);
}

/** What to tell the person, in the page's words; nothing where they know it themselves. */
function explain(problem, words) {
  if (problem instanceof Refusal) return problem.message || words.failed;
  switch (problem.name) {
    case "AbortError": return "";
    case "NotAllowedError": return words.cancelled;
    case "InvalidStateError": return words.known;
    case "SecurityError": return words.elsewhere;
    case "TypeError": return words.unreachable;
    default: return words.unable;
  }
}

/** Runs what a button starts, and says what came of it. */
async function attempt(button, told, work) {
  told.hidden = true;
  button.disabled = true;
  try {
    await work();
  } catch (problem) {
    told.textContent = explain(problem, told.dataset);
    told.hidden = told.textContent === "";
    button.disabled = false;
  }
}

function adding(form) {
  const [button, told] = [form.querySelector("button"), form.querySelector("[role=alert]")];
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(button, told, async () => {
      const options = PublicKeyCredential.parseCreationOptionsFromJSON(await ask("generate-register-options"));
      const made = await navigator.credentials.create({ publicKey: options });
      const body = { response: made.toJSON(), name: new FormData(form).get("name") };
      await ask("verify-registration", { body });
      form.submit(); // the page that answers says that it is added
    });
  });
}

function opening(part) {
  const [button, told] = [part.querySelector("button"), part.querySelector("[role=alert]")];
  const form = button.form;
  button.addEventListener("click", () => attempt(button, told, async () => {
    const typed = new FormData(form);
    typed.delete("Input.Password");
    const answer = await fetch(part.dataset.options, { method: "POST", body: new URLSearchParams(typed) });
    if (answer.ok) {
      const options = PublicKeyCredential.parseCreationOptionsFromJSON(await answer.json());
      const made = await navigator.credentials.create({ publicKey: options });
      form.elements.attestation.value = JSON.stringify(made.toJSON());
    }
    form.action = button.formAction;
    form.submit(); // where there were no options the page says beside its fields what is wrong
  }));
}

function proving(part) {
  const [button, told] = [part.querySelector("button"), part.querySelector("[role=alert]")];
  const form = button.form;
  let waiting = new AbortController();

  async function prove(request) {
    const options = await ask("generate-authenticate-options", request);
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const got = await navigator.credentials.get({ publicKey, ...request });
    form.elements.assertion.value = JSON.stringify(got.toJSON());
    form.action = button.formAction;
    form.submit(); // without the browser's checks: what else was typed does not matter
  }

  /** Offers passkeys where the address is typed, until one is chosen or the button pressed. */
  async function offer() {
    const { signal } = waiting;
    while (!signal.aborted) {
      try {
        return await prove({ mediation: "conditional", signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]) });
      } catch (problem) {
        if (problem.name !== "TimeoutError") return; // nobody asked, so nobody is told
      }
    }
  }

  async function offerIfPossible() {
    if (form.querySelector("[autocomplete~=webauthn]") && await PublicKeyCredential.isConditionalMediationAvailable?.())
      await offer();
  }

  button.addEventListener("click", () => {
    waiting.abort();
    waiting = new AbortController();
    attempt(button, told, () => prove({}));
  });
  offerIfPossible();
}

const isAble = typeof PublicKeyCredential === "function"
  && typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function"
  && typeof AbortSignal.any === "function";
if (isAble) {
  document.querySelectorAll("[data-passkey=unable]").forEach((words) => { words.hidden = true; });
  document.querySelectorAll("[data-passkey=add]").forEach(adding);
  document.querySelectorAll("[data-passkey=open]").forEach(opening);
  document.querySelectorAll("[data-passkey=get]").forEach(proving);
} else {
  document.querySelectorAll("[data-passkey=open], [data-passkey=get]").forEach((part) => { part.hidden = true; });
}
