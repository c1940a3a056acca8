// Makes exchanges.jsonl from a trace of a real Better Auth 1.7.25 server, one JSON object a line with n, name, config,
// method, path, request and response:   node reduce.mjs TRACE > exchanges.jsonl
// What a replay needs is kept; credentials become names such as {cookies:u1/1} (the first session of u1@example.com),
// which the replay fills with live ones. exchanges.jsonl is committed: nobody needs the trace to run the tests.
import { readFileSync } from "node:fs";

const trace = readFileSync(process.argv[2], "utf8").trim().split("\n").map((line) => JSON.parse(line));

// The trace leaves some exchanges out; these tell what they would have: whose a session was that nobody was seen
// opening, whose mail a token came in, and which session was open before an exchange ended it.
const owners = { "4EbzZ9PR": "u1", "3u3CZT6r": "u1", nslzQDyO: "u1", uiXEfJSd: "u27", Qv9mARtD: "u31", VFsi6hPM: "u33",
  pWBrEi5k: "u34", Qg7GleTl: "u61", aVWlmNSb: "u66" };
const resets = { "2OobrNAa": "u1", EymH9cr8: "u57", Em7OADws: "u56", jt0pcziu: "u53" };
const openBefore = { 144: "4EbzZ9PR", 326: "ogCA7YaT" };
const later = { 294: "1.01:00:00", 301: "31.00:00:00" }; // theirs lived for seconds, ours for days
const asks = { 293: "u57" }; // for a verification mail, which is older than a day when its link is opened
const people = new Set(["u29", "u56", ...Object.values(owners)]);

const short = (text) => text.replaceAll(/\.mwt58s2k/gi, "").replaceAll("http://127.0.0.1:3911", "{origin}");
const person = (email) => short(email).split("@")[0].split(".").at(-1).toLowerCase();
const payload = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));

const sessions = new Map();
const signatures = new Map();
const counts = {};

function learn(token, email) {
  people.add(person(email));
  if (!sessions.has(token)) sessions.set(token, person(email));
}

for (const { response } of trace) {
  const { body, headers } = response;
  if (body?.token && body.user) learn(body.token, body.user.email);
  if (body?.session && body.user) learn(body.session.token, body.user.email);
  for (const cookie of headers["set-cookie"] ?? []) {
    const [, token, signature] = /session_token=([A-Za-z0-9]+)\.([^;]+)/.exec(cookie) ?? [];
    if (token) signatures.set(token, decodeURIComponent(signature));
  }
}

/** The name of a session: its owner, and which of theirs it is. */
const names = new Map();
function nameOf(token) {
  if (!names.has(token)) {
    const owner = sessions.get(token) ?? owners[token.slice(0, 8)];
    if (!owner) throw new Error(`Whose session is ${token.slice(0, 8)}?`);
    counts[owner] = (counts[owner] ?? 0) + 1;
    names.set(token, `${owner}/${counts[owner]}`);
  }
  return names.get(token);
}

function cookieOf(header) {
  const value = /session_token=([^;]+)/.exec(header)?.[1];
  if (!value) return header;
  const [token, signature] = decodeURIComponent(value).split(".");
  const known = signatures.get(token) ?? signature;
  return `{${signature === known ? "cookies" : "spoiled"}:${nameOf(token)}}`;
}

function bearerOf(header) {
  const value = /^bearer (.+)$/i.exec(header)?.[1];
  if (!value) return header;
  if (value.startsWith("eyJ")) return `Bearer {access:${person(payload(value).email)}}`;
  const token = value.split(".")[0];
  return sessions.has(token) ? `Bearer {refresh:${nameOf(token)}}` : header;
}

/** A token that came by mail: {mail:KIND:ADDRESS}. */
function mailed(token) {
  if (token.startsWith("eyJ")) {
    const { email, updateTo, requestType } = payload(token);
    const kind = !updateTo ? "verify-email" : requestType?.endsWith("confirmation") ? "confirm-change" : "change-email";
    return `{mail:${kind}:${short(kind === "change-email" ? updateTo : email)}}`;
  }
  const owner = resets[token.slice(0, 8)];
  return owner ? `{mail:${token.length === 32 ? "delete-user" : "reset-password"}:${owner}@example.com}` : token;
}

const text = (value) => short(value)
  .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, mailed)
  .replaceAll(/\b[A-Za-z0-9]{24,32}\b/g, (token) => (sessions.has(token) || owners[token.slice(0, 8)] ? `{handle:${nameOf(token)}}` : mailed(token)))
  .replaceAll(/x*\.\.\.\[100000 chars cut from the trace\]/g, "{x*100000}");

function shapeOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length ? [shapeOf(value[0])] : [];
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.entries(value).sort().map(([key, member]) => [key, shapeOf(member)]));
}

function requestBody({ headers, body }) {
  if (body === undefined) return undefined;
  const isText = typeof body === "string" && (!/^application\/json$/.test(headers["content-type"]) || /^[{[]/.test(body));
  return isText ? text(body) : text(JSON.stringify(body));
}

function answerOf({ status, response: { headers, body } }) {
  const isJson = /json/.test(headers["content-type"] ?? "");
  return {
    status,
    code: body?.code,
    location: headers.location && text(headers.location),
    body: isJson && body !== "" ? shapeOf(body) : undefined,
  };
}

for (const exchange of trace) {
  const { n, name, config, method, path, request, status, response } = exchange;
  const headers = { ...request.headers };
  if (headers.cookie) headers.cookie = cookieOf(headers.cookie);
  if (headers.authorization) headers.authorization = bearerOf(headers.authorization);
  for (const key of ["origin", "referer"]) if (headers[key]) headers[key] = short(headers[key]);

  const sent = typeof request.body === "object" ? request.body ?? {} : {};
  const tokenStarted = status === 200 && response.body?.token && response.body.user && response.body.token;
  const signsUp = path.includes("/sign-up/") && status === 200;
  const email = typeof sent.email === "string" && person(sent.email);
  const rightPassword = status === 200 && (path.includes("/sign-in/") ? sent.password : sent.currentPassword);
  console.log(JSON.stringify({
    n, name: short(name), config, method, path: text(path),
    headers, body: requestBody(request),
    later: later[n], asks: asks[n],
    exists: !signsUp && n !== 221 && people.has(email) ? email : undefined,
    opens: openBefore[n] && nameOf([...sessions.keys(), ...trace.map((e) =>
      /session_token=([A-Za-z0-9]+)/.exec(e.request.headers.cookie ?? "")?.[1])].find((t) => t?.startsWith(openBefore[n]))),
    password: rightPassword || undefined,
    starts: tokenStarted ? nameOf(tokenStarted) : undefined,
    expect: answerOf(exchange),
  }));
}
