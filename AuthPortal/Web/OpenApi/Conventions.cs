namespace AuthPortal.Web.OpenApi;

/// <summary>What holds for every call, in the words of the document's description.</summary>
internal static class Conventions
{
    public const string Text =
        """
        Sign-in for people and programs: Better Auth's HTTP contract under `/api/auth`, and under `/.well-known` what
        any service verifies the portal's access tokens by.

        **One credential a request.** A program sends an access token in `Authorization: Bearer`; a browser sends the
        cookies that signing in gave it, which the portal renews in place. A header that is there decides alone: a bad
        one is refused, and never falls back to a cookie.

        **Tokens come in bodies and headers.** `token` in a body is an access token, good for minutes and for every
        service. The header `set-auth-token` holds a refresh token, good for `/api/auth/refresh`; browsers never get
        it, since theirs is in an HttpOnly cookie. The header `set-auth-jwt` holds an access token beside a body that
        has no place for one, or one that says what has just changed.

        **A cookie needs an origin.** An unsafe call with any cookie, and every call that signs somebody in from a
        browser, must come from the portal's own origin or one in `Portal__TrustedOrigins`: else 403.

        **Bodies are JSON**, at most 16 KB, sent as `application/json`. Members that are not listed are ignored, and a
        member that is named twice is refused. A call whose body is optional may come without any.

        **Refusals are problem details** (`application/problem+json`, RFC 9457). Go by `code`, which is stable, and
        where you do not know it by the status: there will be new ones. 429 and 503 say in `Retry-After`, and in
        `X-Retry-After`, in how many seconds to try again.

        **Dates** are in UTC, with exactly three decimals.
        """;
}
