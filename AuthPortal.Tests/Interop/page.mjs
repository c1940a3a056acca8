// What a page of another origin has of Better Auth; the tests call it from there.
import { passkeyClient } from "@better-auth/passkey/client";
import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";

window.clientOf = (portal) => createAuthClient({ baseURL: portal, plugins: [jwtClient(), passkeyClient()] });

/** What came of an attempt, in a word: what was read, or that nothing was. */
window.attempt = async (call) => {
  try {
    const { data, error } = await call();
    return error ? `refused: ${error.status} ${error.code}` : `read: ${JSON.stringify(data)}`;
  } catch (problem) {
    return `blocked: ${problem.message}`;
  }
};
