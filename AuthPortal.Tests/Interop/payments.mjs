// A service whose payments want a sign-in of the last minutes (RFC 9470), and its page that sees to it.
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";

const issuer = process.env.AUTHPORTAL_URL ?? "http://localhost:5080";
const maxAge = Number(process.env.MAX_AGE ?? 300); // seconds
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));

async function verify(request) {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const rules = { algorithms: ["ES256"], issuer, audience: issuer, clockTolerance: 30 };
  return (await jwtVerify(token, keys, { ...rules, requiredClaims: ["sub", "auth_time"] })).payload;
}

async function pay(request, response) {
  const user = await verify(request).catch(() => null);
  if (!user) return response.writeHead(401, { "www-authenticate": 'Bearer error="invalid_token"' }).end();
  if (Date.now() / 1000 - user.auth_time > maxAge) {
    const challenge = `Bearer error="insufficient_user_authentication", max_age=${maxAge}`;
    return response.writeHead(401, { "www-authenticate": challenge }).end();
  }
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ paidBy: user.sub }));
}

const page = `<!DOCTYPE html><title>Payments</title><button>Pay</button><p></p><script type="module">
  document.querySelector("button").onclick = async () => {
    const { token } = await (await fetch("${issuer}/api/auth/token", { credentials: "include" })).json();
    const answer = await fetch("/payments", { method: "POST", headers: { authorization: "Bearer " + token } });
    const challenge = answer.headers.get("www-authenticate") ?? "";
    const wanted = /insufficient_user_authentication.*max_age=(\\d+)/.exec(challenge)?.[1];
    if (wanted)
      location.href = "${issuer}/step-up?max_age=" + wanted + "&returnUrl=" + encodeURIComponent(location.href);
    else document.querySelector("p").textContent = answer.ok ? "Paid" : "Refused";
  };
</script>`;

createServer((request, response) =>
  request.url === "/payments" && request.method === "POST"
    ? pay(request, response)
    : response.writeHead(200, { "content-type": "text/html" }).end(page),
).listen(process.env.PORT ?? 8004);
