// What the scripts that drive Better Auth's client share.
import assert from "node:assert/strict";

export const password = "correct horse battery";
export const newEmail = () => `${crypto.randomUUID()}@example.com`;
export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** What a browser adds to fetch: cookies, and on requests that change something the page's origin. */
export function browser(portal) {
  const cookies = new Map();
  const seen = { paths: [] };
  async function fetchLikeABrowser(url, options) {
    const headers = new Headers(options.headers);
    if (cookies.size > 0) headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    if (options.method !== "GET") headers.set("origin", portal);
    const response = await fetch(url, { ...options, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (/max-age=0(;|$)/i.test(cookie)) cookies.delete(name);
      else cookies.set(name, value);
    }
    seen.paths.push(new URL(url).pathname);
    seen.url = response.url;
    seen.body = await response.clone().text();
    return response;
  }
  return { cookies, seen, fetch: fetchLikeABrowser };
}

/** Of somebody who signed out: the browser stays known to the account, and nothing more is kept. */
export const onlyKnown = (cookies) => assert.match([...cookies.keys()].join(), /^([^,]*known)?$/);

/** A call that must succeed. */
export async function data(call) {
  const { data, error } = await call;
  assert.equal(error, null, JSON.stringify(error));
  return data;
}

/** A call that must be refused in a certain way. */
export async function refused(call, status, code, message) {
  const { data, error } = await call;
  assert.equal(data, null);
  assert.deepEqual([error.status, error.code, error.message], [status, code, message]);
}
