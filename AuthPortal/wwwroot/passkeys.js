// Passkeys on the portal's own pages (WebAuthn level 3). Each page says with data- attributes what is to happen.

const api = "/api/auth/passkey/";

/** A refusal of the server's, in words for people. */
class Refusal extends Error {}

/** Asks the portal; with a body it posts. */
async function ask(what, body) {
  const answer = await fetch(api + what, body && {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(read.detail ?? "Something went wrong. Please try again.");
  return read;
}

/** What to tell the person; null where they know it themselves. */
function explain(problem) {
  if (problem instanceof Refusal) return problem.message;
  switch (problem.name) {
    case "AbortError": return null;
    case "NotAllowedError": return "Nothing was done: it was cancelled, or took too long.";
    case "InvalidStateError": return "This device has a passkey for your account already.";
    case "SecurityError": return "Passkeys don't work under this address. Open the portal under its usual one.";
    case "TypeError": return "The portal can't be reached right now. Please try again.";
    default: return "This browser could not do that. Try another browser or device.";
  }
}

/** Makes a passkey and has it added. */
async function register(name) {
  const options = await ask("generate-register-options");
  const made = await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
  });
  await ask("verify-registration", { response: made.toJSON(), name });
}

const isAble = typeof PublicKeyCredential === "function"
  && typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function";

const add = document.querySelector("form[data-passkey=add]");
if (add) {
  const told = add.querySelector("[role=alert]");
  const tell = (words) => {
    told.textContent = words ?? "";
    told.hidden = !words;
  };
  add.hidden = false;
  add.querySelector("button").disabled = !isAble;
  if (!isAble) tell("This browser is too old for passkeys.");
  add.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell(null);
    const button = event.submitter;
    button.disabled = true;
    try {
      await register(new FormData(add).get("name"));
      location.assign(add.dataset.done);
    } catch (problem) {
      tell(explain(problem));
      button.disabled = false;
    }
  });
}
