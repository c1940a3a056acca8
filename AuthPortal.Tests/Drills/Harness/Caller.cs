using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthPortal.Tests.Drills.Harness;

/// <param name="Status">Null where no answer came.</param>
internal sealed record Reply(int? Status, JsonNode? Body, string? Refresh)
{
    public bool IsOk => Status == 200;

    /// <summary>Neither done nor refused: to be asked again, and perhaps done all the same.</summary>
    public bool IsInDoubt => Status is null or 503;

    public string? Text(string member) => Body?[member]?.GetValue<string>();

    public Held Held(string token) => new(Text(token)!, Refresh!);
}

/// <summary>A program at the other end of a real connection: sends, and enters every answer in the ledger.</summary>
internal sealed class Caller(string url, Journal journal, Ledger ledger) : IDisposable
{
    private static readonly string[] StackTrace = ["   at ", "Exception", "Npgsql"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(url),
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Signs up somebody whom the drill knows by name, on a good day.</summary>
    public async Task<(Account Who, Held Session)> EnterAsync(Account who)
    {
        var session = (await SignUpAsync(who)).Held("token");
        who.Id = Guid.Parse(new JsonWebToken(session.Access).Subject);
        return (who, session);
    }

    public Task<Reply> SignUpAsync(Account who) =>
        PostAsync(Act.SignUp, who, "sign-up/email", null, new { name = "Ada", who.Email, who.Password });

    public Task<Reply> SignInAsync(Account who, string password) =>
        PostAsync(Act.SignIn, who, "sign-in/email", null, new { who.Email, password });

    public Task<Reply> ChangePasswordAsync(Account who, Held by, string newPassword, bool revokeOtherSessions) =>
        PostAsync(Act.ChangePassword, who, "change-password", by.Access,
            new { currentPassword = who.Password, newPassword, revokeOtherSessions });

    public Task<Reply> SignOutAsync(Account who, Held by) =>
        PostAsync(Act.SignOut, who, "sign-out", by.Access, new { });

    public Task<Reply> SignOutEverywhereAsync(Account who, Held by) =>
        PostAsync(Act.SignOutEverywhere, who, "revoke-sessions", by.Access, new { });

    public Task<Reply> RenewAsync(Account who, string refreshToken) =>
        PostAsync(Act.Renew, who, "refresh", null, new { refreshToken });

    public async Task<Reply> VerifyAsync(Account who, string access)
    {
        var reply = await SendAsync(Act.Verify, who, HttpMethod.Get, "/api/me", access, null);
        if (reply.IsOk && reply.Body?["id"]?.GetValue<string>() is var id && id != $"{who.Id}")
            ledger.Wrong($"/api/me told {who.Id} that they are {id}");
        return reply;
    }

    public void Dispose() => _http.Dispose();

    private Task<Reply> PostAsync(Act act, Account who, string path, string? bearer, object body) =>
        SendAsync(act, who, HttpMethod.Post, $"/api/auth/{path}", bearer, body);

    private async Task<Reply> SendAsync(
        Act act, Account who, HttpMethod method, string path, string? bearer, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Forwarded-For", who.Address);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        var asked = journal.Now;
        try
        {
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var reply = new Reply((int)response.StatusCode, Parse(text), response.Header("set-auth-token"));
            Examine(act, response, text);
            ledger.Note(new Answer(act, asked, journal.Now, reply.Status, CodeOf(reply), reply.IsOk));
            return reply;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            ledger.Note(new Answer(act, asked, journal.Now, null, null, false));
            return new Reply(null, null, null);
        }
    }

    private void Examine(Act act, HttpResponseMessage response, string text)
    {
        var status = (int)response.StatusCode;
        if (status >= 500 && status != 503)
            ledger.Wrong($"{act} was answered {status}: {text}");
        if (status == 503 && response.Headers.RetryAfter is null)
            ledger.Wrong($"{act} was answered 503 and not told when to come again");
        if (StackTrace.Any(trace => text.Contains(trace, StringComparison.Ordinal)))
            ledger.Wrong($"{act} was told more than is good for strangers: {text}");
    }

    private static string? CodeOf(Reply reply) => reply.IsOk ? null : reply.Body?["code"]?.GetValue<string>();

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
