"""Everyone's notes. AuthPortal's access tokens say who is asking; no call to it is made for that."""
import os
import threading
import time
import urllib.error
import urllib.request

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

ISSUER = os.environ.get("AUTHPORTAL_URL", "http://localhost:5080")
AUDIENCE = os.environ.get("AUTHPORTAL_AUDIENCE", ISSUER)
# Only for a portal that runs with Keys__Algorithm=HS256; without it, the keys are those the portal publishes.
SHARED_SECRET = os.environ.get("AUTHPORTAL_SHARED_SECRET")
JWKS = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json", lifespan=3600)


def verify(token: str, audience: str, require: list[str]) -> dict:
    key = SHARED_SECRET or JWKS.get_signing_key_from_jwt(token).key
    algorithm = "HS256" if SHARED_SECRET else "ES256"
    return jwt.decode(token, key, algorithms=[algorithm], issuer=ISSUER, audience=audience, leeway=30,
                      options={"require": ["exp", "iat", *require]})


class Revocations(threading.Thread):
    """Follows the sessions that ended early: one small request a second, none per call."""

    def __init__(self):
        super().__init__(daemon=True)
        self.sessions, self.users, self.etag = set(), {}, ""

    def run(self):
        while True:
            try:
                self.poll()
            except Exception as problem:  # what is known goes on counting
                print(f"Can't read the revocations: {problem}", flush=True)
            time.sleep(1)

    def poll(self):
        request = urllib.request.Request(f"{ISSUER}/.well-known/revocations", headers={"If-None-Match": self.etag})
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                ended = verify(response.read().decode(), f"{ISSUER}/revocations", ["sessions", "users"])
                self.sessions, self.users, self.etag = set(ended["sessions"]), ended["users"], response.headers["ETag"]
        except urllib.error.HTTPError as answer:
            if answer.code != 304:  # not modified
                raise

    def hold(self, claims: dict) -> bool:
        return claims["sid"] in self.sessions or claims["ver"] < self.users.get(claims["sub"], 0)


revocations = Revocations()
revocations.start()


def current_user(bearer: HTTPAuthorizationCredentials | None = Depends(HTTPBearer(auto_error=False))) -> dict:
    try:
        claims = verify(bearer.credentials if bearer else "", AUDIENCE, ["sub", "sid", "ver"])
    except jwt.PyJWTError:
        claims = None
    if claims is None or revocations.hold(claims):
        raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return claims


app = FastAPI()


@app.get("/users/{user_id}/notes")
def notes(user_id: str, user: dict = Depends(current_user)) -> dict:
    if user_id != user["sub"]:
        raise HTTPException(404)
    return {"of": user["name"], "notes": []}
