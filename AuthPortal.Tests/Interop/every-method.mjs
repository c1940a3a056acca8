// Every method of Better Auth's core client, and its reactive session store, against a running portal:
//   node every-method.mjs http://localhost:5080 MAILBOX
// GET MAILBOX?kind=verify-email&to=ADDRESS answers the token of the newest such mail. All steps are taken; those that
// fail are counted in the exit code.
import assert from "node:assert/strict";
import { setMaxListeners } from "node:events";
import { browser, data, newEmail, onlyKnown, password, pause, refused } from "./calls.mjs";

const [portal, mailbox] = process.argv.slice(2);

// As much of a page as the store and the redirect plugin look at: without a window the store waits for no mount.
const page = Object.assign(new EventTarget(), { location: { href: `${portal}/`, origin: portal } });
globalThis.window = page;
globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
globalThis.localStorage = { setItem() {}, getItem() {} };
setMaxListeners(0, page, globalThis.document); // all devices look at the one
const { createAuthClient } = await import("better-auth/client");
const { jwtClient } = await import("better-auth/client/plugins");

let failures = 0;
async function step(what, test) {
  try {
    await test();
    console.log(`pass  ${what}`);
  } catch (problem) {
    failures++;
    const compared = problem.code === "ERR_ASSERTION" && problem.operator !== "fail" && problem.generatedMessage;
    const why = compared ? `${JSON.stringify(problem.actual)}, not ${JSON.stringify(problem.expected)}` : problem.message;
    console.log(`fail  ${what}: ${why}`);
  }
}

/** One person's device: a client, its browser, and what its store says. */
function device() {
  const { cookies, seen, fetch } = browser(portal);
  const client = createAuthClient({
    baseURL: portal, plugins: [jwtClient()], fetchOptions: { customFetchImpl: fetch },
  });
  client.useSession.subscribe(() => {});
  const store = () => client.useSession.get();

  /** Until the store says so by itself. */
  async function says(what, holds) {
    for (let waited = 0; waited < 3000; waited += 20) {
      const { data, isPending, isRefetching } = store();
      if (!isPending && !isRefetching && holds(data)) return;
      await pause(20);
    }
    assert.fail(`useSession does not say ${what}, but ${JSON.stringify(store())}`);
  }

  /** Until the store asked anew since a call was made. */
  async function asksAnew(call) {
    const asked = () => seen.paths.filter((path) => path === "/api/auth/get-session").length;
    const before = asked();
    const answer = await call();
    for (let waited = 0; asked() === before && waited < 3000; waited += 20) await pause(20);
    assert.ok(asked() > before, "useSession did not ask anew");
    return answer;
  }

  return { client, cookies, seen, fetch, store, says, asksAnew };
}

/** Somebody new, signed in on a device of their own. */
async function somebody(name = "Ada") {
  const own = device();
  const email = newEmail();
  const { user } = await data(own.client.signUp.email({ name, email, password }));
  return { ...own, email, user };
}

/** Another device of theirs. */
async function another({ email }) {
  const own = device();
  await data(own.client.signIn.email({ email, password }));
  return own;
}

/** What came by mail. */
async function mailed(kind, to) {
  for (let waited = 0; waited < 5000; waited += 100) {
    const response = await fetch(`${mailbox}?${new URLSearchParams({ kind, to })}`);
    if (response.ok) return response.text();
    await pause(100);
  }
  assert.fail(`no ${kind} mail came to ${to}`);
}

/** Opens what a mailed link leads to, and presses its button. */
async function confirm({ client, seen, fetch }, token) {
  await data(client.verifyEmail({ query: { token } }));
  const form = /<main[\s\S]*?(<form[\s\S]*?<\/form>)/.exec(seen.body)?.[1];
  if (!form) return; // there is nothing to press: it was enough to open it
  const fields = [...form.matchAll(/<input[^>]*>/g)].map(([input]) =>
    ["name", "value"].map((of) => new RegExp(`\\b${of}="([^"]*)"`).exec(input)?.[1] ?? ""));
  const action = /<form[^>]*\baction="([^"]*)"/.exec(form)?.[1].replaceAll("&amp;", "&") ?? seen.url;
  const pressed = await fetch(new URL(action, seen.url), { method: "POST", body: new URLSearchParams(fields) });
  assert.ok(pressed.status < 400, `the page's button answers ${pressed.status}`);
}

console.log("Signing up, in and out");
{
  const { client, cookies, store, says, seen } = device();
  const email = newEmail();
  await step("useSession: nobody, asked for when mounted", async () => {
    assert.equal(store().data, null);
    await says("nobody", (session) => session === null);
  });
  await step("signUp.email, and useSession says who", async () => {
    const { token, user } = await data(client.signUp.email({ name: "Ada", email, password, callbackURL: "/account" }));
    assert.deepEqual([typeof token, user.email, user.emailVerified, user.image], ["string", email, false, null]);
    await says("Ada", (session) => session?.user.id === user.id && session.session.userId === user.id);
  });
  await step("getSession, with dates that are Dates", async () => {
    const { session, user } = await data(client.getSession());
    for (const date of [session.expiresAt, session.createdAt, session.updatedAt, user.createdAt, user.updatedAt])
      assert.ok(date instanceof Date && !Number.isNaN(date.getTime()));
    assert.ok(session.id && session.token && session.userAgent !== undefined && session.ipAddress !== undefined);
  });
  await step("getSession with a query", async () =>
    assert.ok(await data(client.getSession({ query: { disableCookieCache: true, disableRefresh: true } }))));
  await step("signOut, and useSession says nobody", async () => {
    assert.deepEqual(await data(client.signOut()), { success: true });
    onlyKnown(cookies);
    await says("nobody", (session) => session === null);
  });
  await step("signOut again", async () => assert.deepEqual(await data(client.signOut()), { success: true }));
  await step("signIn.email goes to callbackURL, and useSession says who", async () => {
    const answer = await data(client.signIn.email({ email, password, callbackURL: "/account" }));
    assert.deepEqual([answer.redirect, answer.url, page.location.href], [true, "/account", "/account"]);
    await says("Ada", (session) => session?.user.email === email);
  });
  await step("signIn.email with rememberMe: false", async () => {
    await data(client.signIn.email({ email, password, rememberMe: false }));
    assert.ok(JSON.parse(seen.body).token);
  });
  await step("useSession.refetch", async () => {
    await store().refetch();
    assert.equal(store().data.user.email, email);
  });
  await step("useSession learns on focus that the cookies are gone", async () => {
    cookies.clear();
    document.dispatchEvent(new Event("visibilitychange"));
    await says("nobody", (session) => session === null);
  });
}

console.log("Tokens");
await step("token and jwks: the one is signed by a key of the other", async () => {
  const { client } = await somebody();
  const { token } = await data(client.token());
  const { keys } = await data(client.jwks());
  const { kid, alg } = JSON.parse(Buffer.from(token.split(".")[0], "base64url"));
  assert.equal(keys.find((key) => key.kid === kid)?.alg, alg);
});
await step("getSession brings set-auth-jwt", async () => {
  const { client } = await somebody();
  let jwt;
  await data(client.getSession({ fetchOptions: { onSuccess: ({ response }) => { jwt = response.headers.get("set-auth-jwt"); } } }));
  assert.equal(jwt?.split(".").length, 3);
});

console.log("The profile");
await step("updateUser, and useSession says the new name and picture", async () => {
  const { client, says, asksAnew } = await somebody();
  const image = "https://pictures.example/ada.png";
  assert.deepEqual(await asksAnew(() => data(client.updateUser({ name: "Ada Lovelace", image }))), { status: true });
  await says("them", (session) => session?.user.name === "Ada Lovelace" && session.user.image === image);
  await data(client.updateUser({ image: null }));
  await says("no picture", (session) => session?.user.image === null);
});
await step("updateUser refuses what it can't change", async () => {
  const { client } = await somebody();
  await refused(client.updateUser({ email: newEmail() }), 400, "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated");
  await refused(client.updateUser({ emailVerified: true }), 400, undefined, "No fields to update");
});
await step("changePassword keeps other devices unless asked", async () => {
  const person = await somebody();
  const other = await another(person);
  const next = "another horse battery";
  const { user } = await person.asksAnew(() =>
    data(person.client.changePassword({ currentPassword: password, newPassword: next })));
  assert.equal(user.id, person.user.id);
  await person.says("the same person", (session) => session?.user.id === person.user.id);
  assert.ok(await data(other.client.getSession()));
  const changed = await data(person.client.changePassword(
    { currentPassword: next, newPassword: password, revokeOtherSessions: true }));
  assert.equal(typeof changed.token, "string");
  assert.equal(await data(other.client.getSession()), null);
  await person.says("the same person", (session) => session?.user.id === person.user.id);
});
await step("changePassword refuses a wrong one, and a short one", async () => {
  const { client } = await somebody();
  await refused(client.changePassword({ currentPassword: "not the right one", newPassword: "another horse battery" }),
    400, "INVALID_PASSWORD", "Invalid password");
  await refused(client.changePassword({ currentPassword: password, newPassword: "short" }),
    400, "PASSWORD_TOO_SHORT", "Password too short");
});
await step("listAccounts", async () => {
  const { client, user } = await somebody();
  const [account, ...more] = await data(client.listAccounts());
  assert.deepEqual([account.providerId, account.accountId, account.userId, more], ["credential", user.id, user.id, []]);
});

console.log("The address");
await step("sendVerificationEmail, verifyEmail, and the session says verified", async () => {
  const person = await somebody();
  assert.deepEqual(
    await data(person.client.sendVerificationEmail({ email: person.email, callbackURL: "/account" })), { status: true });
  await confirm(person, await mailed("verify-email", person.email));
  await person.store().refetch();
  await person.says("a verified address", (session) => session?.user.emailVerified === true);
});
await step("sendVerificationEmail refuses another's address", async () => {
  const { client } = await somebody();
  await refused(client.sendVerificationEmail({ email: newEmail() }), 400, "EMAIL_MISMATCH", "Email mismatch");
});
await step("sendVerificationEmail says nothing to a stranger", async () =>
  assert.deepEqual(await data(device().client.sendVerificationEmail({ email: newEmail() })), { status: true }));
await step("verifyEmail refuses a bad token", async () =>
  refused(device().client.verifyEmail({ query: { token: "nope" } }), 401, "INVALID_TOKEN", "Invalid token"));
await step("changeEmail: the new address counts when its mail was opened", async () => {
  const person = await somebody();
  const newAddress = newEmail();
  const asked = () => data(person.client.changeEmail({ newEmail: newAddress, callbackURL: "/account" }));
  assert.deepEqual(await person.asksAnew(asked), { status: true });
  assert.equal((await data(person.client.getSession())).user.email, person.email);
  await confirm(person, await mailed("change-email", newAddress));
  await data(device().client.signIn.email({ email: newAddress, password }));
});
await step("changeEmail refuses the same address", async () => {
  const { client, email } = await somebody();
  await refused(client.changeEmail({ newEmail: email }), 400, undefined, "Email is the same");
});

console.log("A forgotten password");
await step("requestPasswordReset and resetPassword: the new one counts, once, and sessions are over", async () => {
  const person = await somebody();
  const sent = await data(person.client.requestPasswordReset({ email: person.email, redirectTo: "/reset-password" }));
  assert.equal(sent.status, true);
  const token = await mailed("reset-password", person.email);
  const newPassword = "a wholly new password";
  const stranger = device().client;
  await refused(stranger.resetPassword({ newPassword: "short", token }), 400, "PASSWORD_TOO_SHORT", "Password too short");
  assert.deepEqual(await data(stranger.resetPassword({ newPassword, token })), { status: true });
  await refused(stranger.resetPassword({ newPassword, token }), 400, "INVALID_TOKEN", "Invalid token");
  assert.equal(await data(person.client.getSession()), null);
  await data(stranger.signIn.email({ email: person.email, password: newPassword }));
});
await step("requestPasswordReset answers alike for an unknown address", async () => {
  const { status, message } = await data(device().client.requestPasswordReset({ email: newEmail() }));
  assert.deepEqual([status, message],
    [true, "If this email exists in our system, check your email for the reset link"]);
});

console.log("Devices");
await step("listSessions and revokeSession: one device, by what the list says of it", async () => {
  const person = await somebody();
  const other = await another(person);
  const { session } = await data(other.client.getSession());
  const sessions = await data(person.client.listSessions());
  assert.equal(sessions.length, 2);
  assert.ok(sessions.every((one) => one.userId === person.user.id && one.expiresAt instanceof Date));
  const { token } = sessions.find((one) => one.id === session.id);
  assert.deepEqual(await person.asksAnew(() => data(person.client.revokeSession({ token }))), { status: true });
  assert.equal(await data(other.client.getSession()), null);
  assert.equal((await data(person.client.listSessions())).length, 1);
});
await step("revokeSession of nobody's session is silent", async () => {
  const { client } = await somebody();
  assert.deepEqual(await data(client.revokeSession({ token: "unknown" })), { status: true });
});
await step("revokeOtherSessions keeps this one", async () => {
  const person = await somebody();
  const other = await another(person);
  assert.deepEqual(await person.asksAnew(() => data(person.client.revokeOtherSessions())), { status: true });
  assert.equal(await data(other.client.getSession()), null);
  assert.ok(await data(person.client.getSession()));
});
await step("revokeSessions ends this one too, and useSession says nobody", async () => {
  const person = await somebody();
  const other = await another(person);
  assert.deepEqual(await data(person.client.revokeSessions()), { status: true });
  await person.says("nobody", (session) => session === null);
  assert.equal(await data(other.client.getSession()), null);
});

console.log("Goodbye");
await step("deleteUser wants the right password", async () => {
  const { client } = await somebody();
  await refused(client.deleteUser({ password: "not the right one" }), 400, "INVALID_PASSWORD", "Invalid password");
});
await step("deleteUser, and useSession says nobody", async () => {
  const { client, email, cookies, says } = await somebody();
  const gone = await data(client.deleteUser({ password }));
  assert.deepEqual([gone.success, gone.message], [true, "User deleted"]);
  onlyKnown(cookies);
  await says("nobody", (session) => session === null);
  await refused(client.signIn.email({ email, password }), 401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password");
});

console.log("Refusals");
await step("every method that needs a session says 401 without one", async () => {
  const { client } = device();
  const calls = {
    token: () => client.token(),
    updateUser: () => client.updateUser({ name: "Eve" }),
    changePassword: () => client.changePassword({ currentPassword: password, newPassword: password }),
    changeEmail: () => client.changeEmail({ newEmail: newEmail() }),
    listAccounts: () => client.listAccounts(),
    listSessions: () => client.listSessions(),
    revokeSession: () => client.revokeSession({ token: "x" }),
    revokeOtherSessions: () => client.revokeOtherSessions(),
    revokeSessions: () => client.revokeSessions(),
    deleteUser: () => client.deleteUser({ password }),
  };
  const answers = await Promise.all(Object.entries(calls).map(async ([name, call]) => {
    const { error } = await call();
    return `${name} ${error?.status} ${error?.code}`;
  }));
  assert.deepEqual(answers, Object.keys(calls).map((name) => `${name} 401 UNAUTHORIZED`));
});
await step("an error has status, statusText, code and message", async () => {
  const { error } = await device().client.signIn.email({ email: newEmail(), password });
  const { status, statusText, code, message } = error;
  assert.deepEqual({ status, statusText, code, message }, {
    status: 401, statusText: "Unauthorized", code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid email or password" });
});
await step("an error can be thrown, and onError hears of it", async () => {
  let heard;
  const fetchOptions = { throw: true, onError: ({ error }) => { heard = error.code; } };
  await assert.rejects(
    device().client.signIn.email({ email: newEmail(), password, fetchOptions }),
    (thrown) => thrown.status === 401);
  assert.equal(heard, "INVALID_EMAIL_OR_PASSWORD");
});
await step("a body that is wrong says which member", async () => {
  const { error } = await device().client.signUp.email({ email: newEmail(), password });
  assert.deepEqual([error.status, error.code, error.message],
    [400, "VALIDATION_ERROR", "[body.name] Invalid input: expected string, received undefined"]);
});
await step("$fetch of what isn't there is 404", async () => {
  const { error } = await device().client.$fetch("/no-such-thing");
  assert.equal(error.status, 404);
});

console.log(failures === 0 ? "Every step passed." : `${failures} steps failed.`);
process.exit(failures === 0 ? 0 : 1);
