using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuthPortal.Database;
using AuthPortal.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.CommandLine;

/// <summary><c>explain TOKEN</c>: what a token says, and which of the portal's checks it fails.</summary>
internal sealed class ExplainCommand(Tool tool)
{
    private const string Revoked = "revoked";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Argument<string> _token =
        new("TOKEN") { Description = "An access or refresh token; - reads it from standard input." };

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Command Build() => tool.Command(
        "explain", "Show a token's claims and which of the portal's checks it fails.", [_token], ExplainAsync);

    private async Task<int> ExplainAsync(ToolRun run, CancellationToken ct)
    {
        var given = run.Given.GetRequiredValue(_token);
        var text = given == "-" ? await run.Terminal.ReadSecretAsync("Token", ct) : given;
        var explained = await ActivatorUtilities.CreateInstance<TokenExplainer>(run.Services)
            .ExplainAsync(text.Trim());
        if (explained.Token is { } token)
        {
            var revoked = explained.RefusedBy is null
                ? await RevokedAsync(run, token, ct)
                : new TokenCheck(Revoked, null, "not tried: it is refused before");
            explained = explained with { Checks = [.. explained.Checks, revoked] };
        }

        Say(run, explained);
        return explained.RefusedBy is null ? Tool.Done : Tool.Refused;
    }

    private static async Task<TokenCheck> RevokedAsync(ToolRun run, JsonWebToken token, CancellationToken ct)
    {
        try
        {
            var ended = await HasEndedAsync(run, token, ct);
            return new TokenCheck(Revoked, !ended, ended
                ? "its session has ended, or the person may have none any more"
                : "its session goes on");
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Whatever is wrong with the database: all the rest is known without it.
            var reason = StartFailure.Explain(e) is { } sentence ? $": {sentence}" : "";
            return new TokenCheck(Revoked, null, $"not tried, since the database can't be asked{reason}");
        }
    }

    private static async Task<bool> HasEndedAsync(ToolRun run, JsonWebToken token, CancellationToken ct)
    {
        await run.Services.JoinDevelopmentServerAsync(ct);
        var store = run.Get<RevocationStore>();
        var (sid, sub) = (Guid.Parse(token.GetPayloadValue<string>("sid")), Guid.Parse(token.Subject));
        var version = token.GetPayloadValue<int>("ver");
        if (TokenExplainer.IsRefresh(token))
        {
            var session = new Session(sid, sub, version, default, [], Persistent: false, default);
            return await store.FindForRenewalAsync(session, Patience, ct) is null;
        }

        var set = run.Get<RevocationSet>();
        foreach (var revoked in await store.ListYoungerThanAsync(set.Window, Patience, ct))
            set.Add(revoked);
        return set.Holds(sid, sub, version);
    }

    private static void Say(ToolRun run, TokenExplanation explained)
    {
        var header = Part(explained.Token?.EncodedHeader);
        var claims = Part(explained.Token?.EncodedPayload);
        var refusedBy = explained.RefusedBy?.Name;
        bool? accepted = refusedBy is not null ? false
            : explained.Checks.All(check => check.Passed is true) ? true
            : null;
        if (run.Json)
        {
            run.Terminal.SayJson(new { accepted, refusedBy, header, claims, explained.Checks });
            return;
        }

        if (explained.Token is not null)
        {
            run.Terminal.Say(JsonSerializer.Serialize(header, Indented));
            run.Terminal.Say(JsonSerializer.Serialize(claims, Indented));
        }

        foreach (var check in explained.Checks)
        {
            var state = check.Passed switch { true => "ok", false => "FAILS", null => "-" };
            run.Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{check.Name,-10} {state,-6} {check.Words}"));
        }

        run.Terminal.Say(accepted switch
        {
            true => "The portal accepts it.",
            false => $"The portal refuses it: {refusedBy}.",
            null => "The portal accepts it, unless its session has ended.",
        });
    }

    private static JsonElement? Part(string? encoded) =>
        encoded is null ? null : JsonElement.Parse(Base64UrlEncoder.DecodeBytes(encoded));
}
