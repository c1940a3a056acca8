// The client that Better Auth ships, against a running portal: node better-auth.mjs http://localhost:5080
import assert from "node:assert/strict";
import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { browser, data, newEmail, onlyKnown, password, pause, refused } from "./calls.mjs";

const portal = process.argv[2];
const keys = createRemoteJWKSet(new URL(`${portal}/.well-known/jwks.json`));

async function verified(token) {
  const rules = { issuer: portal, audience: portal, algorithms: ["ES256"], typ: "at+jwt" };
  return (await jwtVerify(token, keys, rules)).payload;
}

async function check(what, test) {
  await test();
  console.log(`ok  ${what}`);
}

console.log("With cookies");
{
  const { cookies, seen, fetch } = browser(portal);
  const fetchOptions = { customFetchImpl: fetch };
  const client = createAuthClient({ baseURL: portal, plugins: [jwtClient()], fetchOptions });
  const email = newEmail();
  let user;

  await check("signUp.email answers the user, with dates that are Dates", async () => {
    ({ user } = await data(client.signUp.email({ name: "Ada", email, password })));
    assert.deepEqual([user.name, user.email, user.emailVerified, user.image], ["Ada", email, false, null]);
    for (const name of ["createdAt", "updatedAt"]) {
      assert.ok(user[name] instanceof Date, name);
      assert.equal(user[name].toISOString(), JSON.parse(seen.body).user[name]);
      assert.ok(Math.abs(Date.now() - user[name]) < 10_000, `${name} is ${user[name].toISOString()}`);
    }
  });
  await check("getSession knows them, to the same millisecond", async () => {
    const { session, user: known } = await data(client.getSession());
    assert.deepEqual(known, user);
    assert.equal(session.userId, user.id);
    assert.ok(session.expiresAt instanceof Date && session.expiresAt - Date.now() > 6 * 24 * 3600_000);
    assert.ok(Math.abs(Date.now() - session.createdAt) < 10_000);
  });
  await check("token answers a JWT that the published keys verify", async () => {
    const { token } = await data(client.token());
    assert.equal((await verified(token)).sub, user.id);
    assert.ok(![...cookies.values()].includes(token), "a cookie's value must not be in a body");
  });
  await check("updateUser changes the name, and getSession says so at once", async () => {
    await pause(5);
    assert.deepEqual(await data(client.updateUser({ name: "Ada Lovelace" })), { status: true });
    const { user: changed } = await data(client.getSession());
    assert.equal(changed.name, "Ada Lovelace");
    assert.deepEqual(changed.createdAt, user.createdAt);
    assert.ok(changed.updatedAt > user.updatedAt);
  });
  await check("signOut ends the session and the tokens made from it", async () => {
    const { token } = await data(client.token());
    assert.deepEqual(await data(client.signOut()), { success: true });
    onlyKnown(cookies);
    assert.equal(await data(client.getSession()), null);
    const me = await globalThis.fetch(`${portal}/api/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(me.status, 401);
  });
  await check("signIn.email signs in again, whatever the address's case", async () => {
    const signedIn = await data(client.signIn.email({ email: email.toUpperCase(), password }));
    assert.deepEqual([signedIn.redirect, signedIn.user.id], [false, user.id]);
    assert.deepEqual(signedIn.user.createdAt, user.createdAt);
    assert.equal((await data(client.getSession())).user.id, user.id);
  });
  await check("refusals have status, code and message", async () => {
    const stranger = createAuthClient({ baseURL: portal, plugins: [jwtClient()] });
    const wrong = [401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password"];
    await refused(stranger.signIn.email({ email, password: "not the right one" }), ...wrong);
    await refused(stranger.signIn.email({ email: newEmail(), password }), ...wrong);
    await refused(
      stranger.signUp.email({ name: "Eve", email, password }),
      422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "User already exists. Use another email.");
    await refused(
      stranger.signUp.email({ name: "Eve", email: newEmail(), password: "short" }),
      400, "PASSWORD_TOO_SHORT", "Password too short");
    await refused(stranger.updateUser({ name: "Eve" }), 401, "UNAUTHORIZED", "Unauthorized");
    await refused(stranger.token(), 401, "UNAUTHORIZED", "Unauthorized");
    assert.equal(await data(stranger.getSession()), null);
  });
}

console.log("With bearer tokens and no cookies");
{
  let bearer = "";
  const client = createAuthClient({
    baseURL: portal,
    plugins: [jwtClient()],
    fetchOptions: {
      auth: { type: "Bearer", token: () => bearer },
      onSuccess: ({ response }) => { bearer = response.headers.get("set-auth-token") ?? bearer; },
    },
  });
  const email = newEmail();
  let user, access;

  await check("signUp.email and signIn.email hand over set-auth-token", async () => {
    ({ user } = await data(client.signUp.email({ name: "Grace", email, password })));
    assert.notEqual(bearer, "");
    bearer = "";
    await data(client.signIn.email({ email, password }));
    assert.notEqual(bearer, "");
  });
  await check("getSession takes it", async () => {
    const { session, user: known } = await data(client.getSession());
    assert.deepEqual([known, session.userId], [user, user.id]);
  });
  await check("token takes it, and answers a JWT that the published keys verify", async () => {
    access = (await data(client.token())).token;
    assert.equal((await verified(access)).sub, user.id);
  });
  await check("updateUser takes that JWT", async () => {
    const auth = { type: "Bearer", token: access };
    assert.deepEqual(await data(client.updateUser({ name: "Grace Hopper" }, { auth })), { status: true });
    assert.equal((await data(client.getSession())).user.name, "Grace Hopper");
  });
  await check("signOut ends both", async () => {
    assert.deepEqual(await data(client.signOut()), { success: true });
    assert.equal(await data(client.getSession()), null);
    await refused(client.token(), 401, "UNAUTHORIZED", "Unauthorized");
    const me = await globalThis.fetch(`${portal}/api/me`, { headers: { authorization: `Bearer ${access}` } });
    assert.equal(me.status, 401);
  });
}
