// Everyone's notes. AuthPortal's access tokens say who is asking; no call to it is made for that.
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";

const issuer = process.env.AUTHPORTAL_URL ?? "http://localhost:5080";
const audience = process.env.AUTHPORTAL_AUDIENCE ?? issuer;
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));

async function verify(token, audience, requiredClaims) {
  const rules = { algorithms: ["ES256"], issuer, audience, clockTolerance: 30 };
  return (await jwtVerify(token, keys, { ...rules, requiredClaims: ["exp", "iat", ...requiredClaims] })).payload;
}

// Follows the sessions that ended early: one small request a second, none per call.
let ended = { sessions: [], users: {} }, etag = "";

async function followRevocations() {
  try {
    const response = await fetch(`${issuer}/.well-known/revocations`, {
      headers: { "if-none-match": etag },
      signal: AbortSignal.timeout(5000),
    });
    if (response.status === 200) {
      ended = await verify(await response.text(), `${issuer}/revocations`, ["sessions", "users"]);
      etag = response.headers.get("etag");
    }
  } catch (problem) {
    console.error("Can't read the revocations; what is known goes on counting:", problem.message);
  }
  setTimeout(followRevocations, 1000);
}

followRevocations();

async function currentUser(request) {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const user = await verify(token, audience, ["sub", "sid", "ver"]);
  if (ended.sessions.includes(user.sid) || user.ver < (ended.users[user.sub] ?? 0)) throw new Error("signed out");
  return user;
}

createServer(async (request, response) => {
  const user = await currentUser(request).catch(() => null);
  if (!user) return response.writeHead(401, { "www-authenticate": 'Bearer error="invalid_token"' }).end();
  if (request.url !== `/users/${user.sub}/notes`) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ of: user.name, notes: [] }));
}).listen(process.env.PORT ?? 8002);
