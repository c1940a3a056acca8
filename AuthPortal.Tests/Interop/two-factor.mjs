// Better Auth's twoFactorClient against a running portal: node two-factor.mjs http://localhost:5080
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { setMaxListeners } from "node:events";
import { browser, data, newEmail, password, pause, refused } from "./calls.mjs";

const portal = process.argv[2];

// As much of a page as the session store looks at: without a window it waits for no mount.
globalThis.window = Object.assign(new EventTarget(), { location: { href: `${portal}/`, origin: portal } });
globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
globalThis.localStorage = { setItem() {}, getItem() {} };
setMaxListeners(0, globalThis.window, globalThis.document);
const { createAuthClient } = await import("better-auth/client");
const { twoFactorClient } = await import("better-auth/client/plugins");

async function check(what, test) {
  await test();
  console.log(`ok  ${what}`);
}

/** RFC 4648 §6. */
function base32(text) {
  const bits = [...text].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** RFC 6238, as an app computes it; each step's code counts once, and one step ahead is taken. */
function codeOf(totpURI, ahead) {
  const secret = base32(new URL(totpURI).searchParams.get("secret"));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** One device: its client, its cookies, what its hook heard and its store says. */
function device() {
  const { cookies, fetch } = browser(portal);
  const heard = [];
  const client = createAuthClient({
    baseURL: portal,
    plugins: [twoFactorClient({ onTwoFactorRedirect: ({ twoFactorMethods }) => { heard.push(twoFactorMethods); } })],
    fetchOptions: { customFetchImpl: fetch },
  });
  client.useSession.subscribe(() => {});

  /** Until the store says so by itself. */
  async function says(what, holds) {
    for (let waited = 0; waited < 3000; waited += 20) {
      const { data, isPending, isRefetching } = client.useSession.get();
      if (!isPending && !isRefetching && holds(data)) return;
      await pause(20);
    }
    assert.fail(`useSession does not say ${what}, but ${JSON.stringify(client.useSession.get())}`);
  }
  return { client, cookies, heard, says };
}

const phone = device();
const laptop = device();
const email = newEmail();
let totpURI, backupCodes;

await check("enable answers the key and ten backup codes, and nothing is on yet", async () => {
  await data(phone.client.signUp.email({ name: "Ada", email, password }));
  await refused(phone.client.twoFactor.enable({ password: "not the right one" }), 400, "INVALID_PASSWORD", "Invalid password");
  const begun = await data(phone.client.twoFactor.enable({ password, issuer: "Ada & co" }));
  ({ totpURI, backupCodes } = begun);
  assert.deepEqual([begun.method, backupCodes.length], ["totp", 10]);
  assert.equal(new URL(totpURI).searchParams.get("issuer"), "Ada & co");
  assert.ok(!(await data(phone.client.getSession())).user.twoFactorEnabled);
});
await check("getTotpUri answers the same key", async () => {
  const { totpURI: again } = await data(phone.client.twoFactor.getTotpUri({ password }));
  assert.equal(new URL(again).searchParams.get("secret"), new URL(totpURI).searchParams.get("secret"));
});
await check("verifyTotp turns it on, and useSession says so by itself", async () => {
  await refused(phone.client.twoFactor.verifyTotp({ code: "000000" }), 401, "INVALID_CODE", "Invalid code");
  const { token, user } = await data(phone.client.twoFactor.verifyTotp({ code: codeOf(totpURI, -1) }));
  assert.deepEqual([typeof token, user.email, user.twoFactorEnabled], ["string", email, true]);
  await phone.says("twoFactorEnabled", (session) => session?.user.twoFactorEnabled === true);
});
await check("signIn.email calls the hook and starts nothing", async () => {
  const answer = await data(laptop.client.signIn.email({ email, password }));
  assert.deepEqual([answer.twoFactorRedirect, laptop.heard], [true, [["totp"]]]);
  assert.equal(await data(laptop.client.getSession()), null);
});
await check("verifyTotp with trustDevice signs in, and useSession says who", async () => {
  const { token, user } = await data(laptop.client.twoFactor.verifyTotp({ code: codeOf(totpURI, 0), trustDevice: true }));
  assert.deepEqual([typeof token, user.email], ["string", email]);
  await laptop.says("Ada", (session) => session?.user.email === email);
});
await check("signIn.email on that device asks for nothing more", async () => {
  assert.deepEqual(await data(laptop.client.signOut()), { success: true });
  const { token } = await data(laptop.client.signIn.email({ email, password }));
  assert.deepEqual([typeof token, laptop.heard.length], ["string", 1]);
});
await check("verifyBackupCode signs in elsewhere, once", async () => {
  const other = device();
  await data(other.client.signIn.email({ email, password }));
  assert.equal(other.heard.length, 1);
  const { user } = await data(other.client.twoFactor.verifyBackupCode({ code: backupCodes[0] }));
  assert.equal(user.email, email);

  const another = device();
  await data(another.client.signIn.email({ email, password }));
  await refused(
    another.client.twoFactor.verifyBackupCode({ code: backupCodes[0] }),
    401, "INVALID_BACKUP_CODE", "Invalid backup code");
});
await check("generateBackupCodes voids the old ones", async () => {
  const made = await data(laptop.client.twoFactor.generateBackupCodes({ password }));
  assert.deepEqual([made.status, made.backupCodes.length], [true, 10]);
  const other = device();
  await data(other.client.signIn.email({ email, password }));
  await refused(
    other.client.twoFactor.verifyBackupCode({ code: backupCodes[1] }),
    401, "INVALID_BACKUP_CODE", "Invalid backup code");
  await data(other.client.twoFactor.verifyBackupCode({ code: made.backupCodes[0] }));
});
await check("without a password first there is nothing to verify", async () => {
  const { client } = device();
  const nothing = [401, "INVALID_TWO_FACTOR_COOKIE", "Invalid two factor cookie"];
  await refused(client.twoFactor.verifyTotp({ code: "000000" }), ...nothing);
  await refused(client.twoFactor.verifyBackupCode({ code: backupCodes[2] }), ...nothing);
  await refused(client.twoFactor.enable({ password }), 401, "UNAUTHORIZED", "Unauthorized");
});
await check("after many wrong codes the client sees 429 and how long to wait", async () => {
  const person = device();
  await data(person.client.signUp.email({ name: "Grace", email: newEmail(), password }));
  await data(person.client.twoFactor.enable({ password }));
  for (let guess = 0; guess < 5; guess++)
    await refused(person.client.twoFactor.verifyTotp({ code: "000000" }), 401, "INVALID_CODE", "Invalid code");
  let wait;
  const fetchOptions = { onError: ({ response }) => { wait = response.headers.get("retry-after"); } };
  const { error } = await person.client.twoFactor.verifyTotp({ code: "000000", fetchOptions });
  assert.deepEqual([error.status, error.code], [429, "TOO_MANY_REQUESTS"]);
  assert.ok(Number(wait) > 0 && Number(wait) <= 900, wait);
});
await check("disable turns it off, useSession says so, and a password is enough again", async () => {
  assert.deepEqual(await data(laptop.client.twoFactor.disable({ password })), { status: true });
  await laptop.says("that it is off", (session) => session !== null && !session.user.twoFactorEnabled);
  const { token } = await data(device().client.signIn.email({ email, password }));
  assert.equal(typeof token, "string");
});
process.exit(0); // the stores would listen on
