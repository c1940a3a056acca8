// What makes forms kinder where scripts run; each works without. Every word that is said comes from the page.

/** In milliseconds: how long a person must have stopped typing, and how long a wait is felt as one. */
const [pause, felt, tooLong] = [500, 1000, 20_000];

/** Said to screen readers, shown to nobody: what they could not see happen. */
const news = document.createElement("p");
news.className = "unseen";
news.ariaLive = "polite";
document.body.append(news);

/** A password shown while it is asked for. The field keeps the focus and the caret. */
function revealing(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const show = (isShown) => {
    const [start, end] = [input.selectionStart, input.selectionEnd];
    input.type = isShown ? "text" : "password";
    input.setSelectionRange(start, end);
    button.ariaPressed = isShown;
  };
  const hide = () => { if (input.type === "text") show(false); };

  button.hidden = false;
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => show(input.type === "password"));
  document.addEventListener("submit", hide, { capture: true }); // password managers look for a password
  window.addEventListener("pagehide", hide);
}

/** As the portal compares words: in NFKC, without regard to case. */
const fold = (text) => text.normalize("NFKC").toLowerCase().trim();

function isPersonal(input) {
  const word = fold(input.value);
  const around = [...input.form.querySelectorAll("[autocomplete~=username], [autocomplete=name]")].flatMap((field) => {
    const text = fold(field.value);
    return field.autocomplete === "name" ? [text] : [text, text.slice(0, Math.max(0, text.lastIndexOf("@")))];
  });
  return word !== "" && around.includes(word);
}

/** What the portal would say of a new password, as far as a browser can know it. */
function judge(input) {
  const { least, most, short, long, personal, enough } = input.dataset;
  const length = [...input.value.normalize("NFKC")].length;
  if (length === 0) return "";
  if (length < least) return short.replace("{0}", length).replace("{1}", least);
  if (length > most) return long;
  return isPersonal(input) ? personal : enough;
}

/** Says below a password field that Caps Lock is on and, of a new password, how it does. */
function telling(input) {
  const told = document.getElementById(`${input.id}-told`);
  let [caps, verdict, timer] = ["", "", 0];
  const say = () => {
    const words = [caps, verdict].filter((part) => part !== "").join(" ");
    if (told.textContent !== words) told.textContent = words;
  };
  const look = (event) => { // a password manager's key events know no modifiers
    caps = event.getModifierState?.("CapsLock") ? input.dataset.caps : "";
    say();
  };
  const weigh = () => {
    verdict = judge(input);
    say();
  };

  input.addEventListener("keydown", look);
  input.addEventListener("keyup", look);
  input.addEventListener("blur", () => {
    caps = "";
    say();
  });
  if (input.dataset.least === undefined) return;
  input.form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(weigh, pause);
  });
}

/** Forms under way, each with what brings it back. */
const sent = new Map();

/** Says what the form does, and takes it once. The button stays able, so that what it stands for is sent too. */
function send(form, button) {
  const words = button?.textContent;
  const doing = button?.dataset.busy;
  const timers = [
    setTimeout(() => { news.textContent = doing ?? ""; }, felt),
    setTimeout(() => sent.get(form)?.(), tooLong), // nothing came: the person may try again
  ];
  if (button) button.ariaDisabled = "true";
  if (doing) button.textContent = doing;
  sent.set(form, () => {
    timers.forEach(clearTimeout);
    sent.delete(form);
    news.textContent = "";
    button?.removeAttribute("aria-disabled");
    if (doing) button.textContent = words;
  });
}

const bringBack = () => sent.forEach((back) => back());

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return; // another script's
  if (sent.has(event.target)) event.preventDefault();
  else send(event.target, event.submitter);
});
window.addEventListener("pageshow", bringBack); // from the browser's memory, by the Back button
window.navigation?.addEventListener("navigateerror", bringBack); // stopped by the person
document.addEventListener("keydown", (event) => { if (event.key === "Escape") bringBack(); });

/** Address and name go along to the next page, in this tab's memory alone, and are forgotten there. */
const address = document.querySelector("input[type=email][autocomplete~=username]");
const typed = Object.entries({ address, name: address?.form.querySelector("[autocomplete=name]") });

function keepTyped() {
  try {
    for (const [what, field] of typed) if (field?.value) sessionStorage.setItem(what, field.value);
  } catch { /* this browser keeps nothing */ }
}

function putTyped() {
  try {
    for (const [what, field] of typed) {
      const kept = sessionStorage.getItem(what);
      sessionStorage.removeItem(what);
      if (!kept || !field || field.value) continue;
      field.value = kept;
      if (field.autofocus) [...field.form.elements].find((next) => next.required && !next.value)?.focus();
    }
  } catch { /* nor gives anything */ }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("a")?.origin === location.origin) keepTyped();
});
document.addEventListener("submit", (event) => { if (event.target.matches(".languages")) keepTyped(); });
putTyped();

/** The page answered a form: going back to it or reloading it shall ask for the page, not send the form again. */
function forgetForm() {
  const page = new URL(location.href);
  page.searchParams.delete("handler");
  history.replaceState(null, "", page);
}

if (document.body.classList.contains("posted")) forgetForm();

/** Passkeys take a script and a question to the portal more: both wait for a sign that somebody is there. */
function awaiting(part) {
  const button = part.querySelector("button");
  const signs = ["pointerdown", "pointermove", "keydown", "input", "click"]; // not the focus: the page sets it itself
  let [isReady, isPressed] = [false, false];
  const load = async (sign) => {
    if (sign.type === "pointermove" && sign.movementX === 0 && sign.movementY === 0) return; // the browser's own
    signs.forEach((sign) => document.removeEventListener(sign, load));
    await import(part.dataset.script);
    isReady = true;
    if (isPressed) button.click();
  };
  signs.forEach((sign) => document.addEventListener(sign, load, { passive: true }));
  button.addEventListener("click", () => { isPressed = !isReady; });
}

document.querySelectorAll("button[data-reveal]").forEach(revealing);
document.querySelectorAll("input[data-caps]").forEach(telling);
document.querySelectorAll("[data-script]").forEach(awaiting);
