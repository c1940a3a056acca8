using System.Text.RegularExpressions;
using AuthPortal.Passwords;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AuthPortal.Tests.Conformance;

/// <summary>One session of somebody, as a client holds it.</summary>
internal sealed record LiveSession(SessionCookies Cookies, string? RefreshToken, string AccessToken);

/// <summary>
/// The people and sessions of a recording, on a live portal. What the recording takes for granted (an account, an open
/// session, a password changed in an exchange that was left out) is made here when it is first needed.
/// </summary>
internal sealed partial class World(ConformancePortal portal)
{
    public const string UsualPassword = "correct horse battery";

    /// <summary>Longer than the portal waits before it mails the same again.</summary>
    public static readonly TimeSpan BetweenMails = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = portal.Client();
    private readonly Mailbox _mail = new(portal.Database);
    private readonly Dictionary<string, string> _passwords = [];
    private readonly Dictionary<string, LiveSession> _sessions = [];

    /// <summary>What a name stood for that could not be found, such as a mail that never came.</summary>
    public string? Missing { get; private set; }

    public async Task PrepareAsync(Exchange exchange)
    {
        Missing = null;
        if (exchange.Exists is { } person)
            await AccountAsync(person);
        if (exchange.Asks is { } asking)
            await AskForVerificationAsync(asking);
        if (exchange.Opens is { } session)
            await SessionAsync(session);
        if (exchange.Password is { } password && OwnerOf(exchange) is { } owner)
            await PasswordAsync(owner, password);
    }

    /// <summary>The text with live values for the names in it.</summary>
    public async Task<string> FillAsync(string text)
    {
        foreach (Match name in Names().Matches(text))
            text = text.Replace(name.Value, await ValueAsync(name.Groups[1].Value, name.Groups[2].Value), StringComparison.Ordinal);
        return text;
    }

    /// <summary>Remembers what an answer changed.</summary>
    public async Task LearnAsync(Exchange exchange, HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
            return;

        if (exchange.Starts is { } started && SessionCookies.Of(response) is { Refresh.Length: > 0 } cookies)
            _sessions[started] = new(cookies, response.Header("set-auth-token"), await response.TextAsync("token"));
        else if (SessionOf(exchange) is { } used && SessionCookies.Of(response) is { Refresh.Length: > 0 })
            _sessions[used] = _sessions[used] with { Cookies = _sessions[used].Cookies.After(response) };

        var chosen = exchange.Sent("newPassword");
        if (chosen is not null && OwnerOf(exchange) is { } owner)
            _passwords[owner] = chosen;
        if (exchange.Path.EndsWith("/sign-up/email", StringComparison.Ordinal) && exchange.Sent("email") is { } email)
            _passwords.TryAdd(PersonOf(email), exchange.Sent("password")!);
    }

    private async Task<string> ValueAsync(string kind, string name) => kind switch
    {
        "origin" => portal.Origin,
        "cookies" => (await SessionAsync(name)).Cookies.ToString(),
        "spoiled" => Spoil((await SessionAsync(name)).Cookies).ToString(),
        "refresh" => (await SessionAsync(name)).RefreshToken!,
        "access" => (await SessionAsync(_sessions.Keys.Last(s => s.StartsWith($"{name}/", StringComparison.Ordinal)))).AccessToken,
        "handle" => await HandleAsync(await SessionAsync(name)),
        "mail" => await MailedAsync(name.Split(':')[0], name.Split(':')[1]) ?? Miss($"no {name} mail came"),
        _ => new string('x', 100_000),
    };

    /// <summary>The token of a mail. The recorded server sent verification mails at sign-up: here one is asked for.</summary>
    private async Task<string?> MailedAsync(string kind, string address)
    {
        var token = await _mail.TokenAsync(kind, address);
        if (token is null && kind == "verify-email")
            await AskForVerificationAsync(PersonOf(address));
        return token ?? await _mail.AwaitTokenAsync(kind, address);
    }

    private async Task AskForVerificationAsync(string person)
    {
        await AccountAsync(person);
        portal.Time.Advance(BetweenMails);
        await _http.PostAsync("/api/auth/send-verification-email", new { email = AddressOf(person) });
    }

    private string Miss(string what)
    {
        Missing = what;
        return "missing";
    }

    private async Task AccountAsync(string person)
    {
        if (_passwords.TryAdd(person, UsualPassword))
            await _http.SignUpAsync(AddressOf(person), "Ada Lovelace", UsualPassword);
    }

    private async Task<LiveSession> SessionAsync(string name)
    {
        if (_sessions.TryGetValue(name, out var known))
            return known;

        var person = name.Split('/')[0];
        await AccountAsync(person);
        var response = await _http.SignInAsync(AddressOf(person), _passwords[person]);
        return _sessions[name] = new(
            SessionCookies.Of(response.EnsureSuccessStatusCode()),
            response.Header("set-auth-token"),
            await response.TextAsync("token"));
    }

    /// <summary>Gives somebody the password that the recording says they had.</summary>
    private async Task PasswordAsync(string person, string password)
    {
        if (_passwords.GetValueOrDefault(person) == password)
            return;
        using var scope = portal.Services.CreateScope();
        var hash = (await scope.ServiceProvider.GetRequiredService<PasswordHasher>().HashAsync(password, default, default)).Value;
        await portal.ExecuteAsync(
            "update users set password_hash = @hash where email_canonical = @email",
            new { hash, email = AddressOf(person) });
        _passwords[person] = password;
    }

    private async Task<string> HandleAsync(LiveSession session)
    {
        var response = await _http.GetAsync("/api/auth/get-session", session.Cookies);
        return (await response.JsonAsync())?["session"]?["token"]?.GetValue<string>() ?? "unknown";
    }

    /// <summary>With another last letter in each signature.</summary>
    private static SessionCookies Spoil(SessionCookies cookies) =>
        new(Spoil(cookies.Access!), Spoil(cookies.Refresh!));

    private static string Spoil(string token) => token[..^4] + (token[^4] == 'A' ? 'B' : 'A') + token[^3..];

    private static string AddressOf(string person) => $"{person}@example.com";

    private static string PersonOf(string email) => email.Split('@')[0].ToLowerInvariant();

    private static string? SessionOf(Exchange exchange) =>
        exchange.Headers.GetValueOrDefault("cookie") is { } cookie && CookiesOf().Match(cookie) is { Success: true } match
            ? match.Groups[1].Value
            : null;

    /// <summary>Whose password an exchange speaks of.</summary>
    private static string? OwnerOf(Exchange exchange) =>
        SessionOf(exchange)?.Split('/')[0]
        ?? (exchange.Sent("email") ?? MailedTo().Match(exchange.Body ?? "").Groups[1].Value) switch
        {
            "" => null,
            var email => PersonOf(email),
        };

    [GeneratedRegex(@"\{(origin|cookies|spoiled|refresh|access|handle|mail|x)[:*]?([^{}""]*)\}")]
    private static partial Regex Names();

    [GeneratedRegex(@"^\{cookies:(.+)\}$")]
    private static partial Regex CookiesOf();

    [GeneratedRegex(@"\{mail:[\w-]+:([^}]+)\}")]
    private static partial Regex MailedTo();
}
