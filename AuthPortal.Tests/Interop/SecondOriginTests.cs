using System.Text.Json.Nodes;
using AuthPortal.Tests.Browser;
using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Interop;

/// <summary>Better Auth's client in Chromium on a page of another origin: one that is trusted, and one that is not.</summary>
[Trait("Category", "Interop")]
public sealed class SecondOriginTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly string _email = Api.NewEmail();
    private string _database = "";
    private OtherSite _trusted = null!;
    private OtherSite _foreign = null!;
    private PortalProcess _portal = null!;

    public async Task InitializeAsync()
    {
        var script = await Tools.BundleAsync("page.mjs");
        _trusted = await OtherSite.StartAsync(script);
        _foreign = await OtherSite.StartAsync(script);
        _database = await TestServer.CreateDatabaseAsync();
        _portal = await PortalProcess.StartAndWaitAsync(
            _database, new() { ["Portal__TrustedOrigins__0"] = _trusted.Origin });
        using var http = _portal.Client();
        (await http.SendAsync(
            HttpMethod.Post,
            "/api/auth/sign-up/email",
            bearer: null,
            new { name = "Ada", email = _email, password = Api.Password })).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _trusted.DisposeAsync();
        await _foreign.DisposeAsync();
        await TestServer.DropDatabaseAsync(_database);
    }

    [BrowserFact]
    public async Task From_a_trusted_origin_one_signs_in_is_known_and_signs_out()
    {
        var browser = await TabbedBrowser.OpenAsync();
        var page = await browser.OpenAsync(_trusted.Origin);

        var seen = await RunAsync(page, """
            const client = clientOf(portal);
            const headers = {};
            const onSuccess = ({ response }) => {
              for (const name of ["set-auth-token", "set-auth-jwt"]) headers[name] = response.headers.get(name);
            };
            const signedIn = await client.signIn.email({ email, password }, { onSuccess });
            const refreshToken = headers["set-auth-token"];
            const known = await client.getSession({ fetchOptions: { onSuccess } });
            const token = await client.token();
            const cookies = document.cookie;
            const out = await client.signOut();
            const after = await client.getSession();
            return {
              signedIn: signedIn.data?.user.email, known: known.data?.user.email,
              isDate: known.data?.user.createdAt instanceof Date,
              partsOfSetAuthJwt: headers["set-auth-jwt"]?.split(".").length,
              partsOfToken: token.data?.token.split(".").length,
              refreshToken, cookies, out: out.data?.success, after: after.data, problem: after.error,
            };
            """);

        Assert.Equal(_email, (string?)seen["signedIn"]);
        Assert.Equal(_email, (string?)seen["known"]);
        Assert.True((bool?)seen["isDate"]);
        Assert.Equal((3, 3), ((int?)seen["partsOfSetAuthJwt"], (int?)seen["partsOfToken"]));
        Assert.Null(seen["refreshToken"]); // for programs alone
        Assert.Equal("", (string?)seen["cookies"]); // no script can read them
        Assert.True((bool?)seen["out"]);
        Assert.Null(seen["after"]);
        Assert.Null(seen["problem"]);
    }

    [BrowserFact]
    public async Task From_a_trusted_origin_the_passkey_client_adds_names_signs_in_by_and_removes_one()
    {
        var browser = await TabbedBrowser.OpenAsync();
        var page = await browser.OpenAsync(_trusted.Origin);
        await VirtualAuthenticator.OfAsync(page);

        var seen = await RunAsync(page, """
            const client = clientOf(portal);
            await client.signIn.email({ email, password });
            const added = await client.passkey.addPasskey({ name: "Laptop" });
            const twice = await client.passkey.addPasskey();
            const { id } = added.data;
            const renamed = await client.passkey.updatePasskey({ id, name: "Phone" });
            const listed = await client.passkey.listUserPasskeys();
            await client.signOut();
            const signedIn = await client.signIn.passkey();
            const known = await client.getSession();
            await client.signOut();
            const field = Object.assign(document.createElement("input"), { autocomplete: "username webauthn" });
            document.body.append(field); // where the browser offers it
            const offered = await client.signIn.passkey({ autoFill: true });
            const removed = await client.passkey.deletePasskey({ id });
            const again = await client.passkey.deletePasskey({ id });
            const none = await client.passkey.listUserPasskeys();
            await client.signOut();
            const gone = await client.signIn.passkey();
            return {
              problems: [added, renamed, listed, signedIn, offered, removed, none].map(({ error }) => error).filter(Boolean),
              twice: twice.error?.code, renamed: renamed.data?.passkey.name, listed: listed.data?.map(({ name }) => name),
              isDate: listed.data?.[0].createdAt instanceof Date, signedIn: signedIn.data?.user.email,
              known: known.data?.user.email, offered: offered.data?.user.email, removed: removed.data?.status,
              again: again.error?.code, none: none.data?.length, gone: gone.error?.code,
            };
            """);

        output.WriteLine($"{seen}");
        Assert.Empty(seen["problems"]!.AsArray());
        Assert.Equal("ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED", (string?)seen["twice"]);
        Assert.Equal("Phone", (string?)seen["renamed"]);
        Assert.Equal("Phone", (string?)Assert.Single(seen["listed"]!.AsArray()));
        Assert.Equal((_email, _email, _email), ((string?)seen["signedIn"], (string?)seen["known"], (string?)seen["offered"]));
        Assert.True((bool?)seen["removed"]);
        Assert.Equal("PASSKEY_NOT_FOUND", (string?)seen["again"]);
        Assert.Equal(0, (int?)seen["none"]);
        Assert.Equal("PASSKEY_NOT_FOUND", (string?)seen["gone"]);
    }

    [BrowserFact]
    public async Task What_a_passkey_signs_on_a_page_of_another_origin_opens_nothing()
    {
        var browser = await TabbedBrowser.OpenAsync();
        var page = await browser.OpenAsync(_trusted.Origin);
        var key = await VirtualAuthenticator.OfAsync(page);
        await RunAsync(page, """
            const client = clientOf(portal);
            await client.signIn.email({ email, password });
            return (await client.passkey.addPasskey()).data;
            """);
        using var http = _portal.Client();
        var asked = await http.OptionsAsync("authenticate");

        await page.GotoAsync($"http://localhost:{_foreign.Port}"); // the same relying party, and no origin of ours
        var signed = await page.EvaluateAsync<string>(
            """
            async (options) => JSON.stringify((await navigator.credentials.get(
              { publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)) })).toJSON())
            """,
            asked.ToJsonString());
        var answer = await http.PasskeyAsync("verify-authentication", new { response = JsonNode.Parse(signed) });

        Assert.Equal("AUTHENTICATION_FAILED", await answer.TextAsync("code"));
        Assert.Equal(1, await key.CountAsync());
    }

    [BrowserFact]
    public async Task From_any_other_origin_nothing_is_read_and_nothing_changes()
    {
        var browser = await TabbedBrowser.OpenAsync();
        var home = await browser.OpenAsync(_trusted.Origin);
        await RunAsync(home, "return (await clientOf(portal).signIn.email({ email, password })).data");
        var before = await StateAsync();

        foreach (var host in (string[])["localhost", "127.0.0.1"]) // of the portal's site, and of another
        {
            var page = await browser.OpenAsync($"http://{host}:{_foreign.Port}");
            var attempts = await RunAsync(page, ForeignAttempts);
            foreach (var (name, outcome) in attempts.AsObject())
            {
                output.WriteLine($"{host} {name}: {outcome}");
                Assert.Equal((name, "blocked: Failed to fetch"), (name, (string?)outcome));
            }

            foreach (var action in (string[])["/sign-out", "/api/auth/sign-out", "/account?handler=SignOutEverywhere"])
            {
                var answer = await browser.PostFormAsync($"http://{host}:{_foreign.Port}", _portal.Url + action);
                output.WriteLine($"{host} form to {action}: {answer}");
            }
        }

        Assert.Equal(before, await StateAsync());
        var known = await RunAsync(home, "return (await clientOf(portal).getSession()).data");
        Assert.Equal("Ada", (string?)known["user"]!["name"]);
    }

    private const string ForeignAttempts = """
        const client = clientOf(portal);
        const raw = (path, options) => async () => {
          const response = await fetch(portal + path, { credentials: "include", ...options });
          return { data: response.type === "opaque" ? null : await response.text() };
        };
        const plain = { method: "POST", body: "{}" };
        const json = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
        // They are sent, and not even their opaque answers come back: Cross-Origin-Resource-Policy.
        const blind = (options) => fetch(`${portal}/api/auth/sign-out`,
          { method: "POST", mode: "no-cors", credentials: "include", ...options }).catch(() => null);
        await blind(plain);
        await blind({});
        return {
          signIn: await attempt(() => client.signIn.email({ email, password })),
          signUp: await attempt(() => client.signUp.email({ name: "Eve", email: "eve@example.com", password })),
          getSession: await attempt(() => client.getSession()),
          token: await attempt(() => client.token()),
          updateUser: await attempt(() => client.updateUser({ name: "Eve" })),
          signOut: await attempt(() => client.signOut()),
          refresh: await attempt(raw("/api/auth/refresh", json)),
          me: await attempt(raw("/api/me")),
          "sign-in as plain text": await attempt(
            raw("/api/auth/sign-in/email", { method: "POST", body: JSON.stringify({ email, password }) })),
          "sign-out as plain text": await attempt(raw("/api/auth/sign-out", plain)),
          "sign-out without a body": await attempt(raw("/api/auth/sign-out", { method: "POST" })),
          "sign out everywhere": await attempt(raw("/api/auth/revoke-sessions", plain)),
        };
        """;

    private async Task<JsonNode> RunAsync(IPage page, string script)
    {
        var result = await page.EvaluateAsync<string>(
            $$"""async ({ portal, email, password }) => JSON.stringify(await (async () => { {{script}} })())""",
            new { portal = _portal.Url, email = _email, password = Api.Password });
        return JsonNode.Parse(result)!;
    }

    /// <summary>Everything that an attempt which got through would have changed.</summary>
    private async Task<string> StateAsync()
    {
        const string Sql = """
            select (select count(*) from audit_events), (select count(*) from revocations),
                   (select string_agg(name || ' ' || session_version, ',') from users)
            """;
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(Sql);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return $"{row[0]} events, {row[1]} revocations, {row[2]}";
    }
}
