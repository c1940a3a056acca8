using System.Runtime.CompilerServices;
using AuthPortal.Database;
using AuthPortal.Keys;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthPortal.CommandLine;

/// <param name="State"><c>ok</c>, <c>warning</c>, <c>fault</c>, or <c>skipped</c>.</param>
internal sealed record Finding(string Name, string State, string Words)
{
    public const string Fault = "fault";

    public static Finding Ok(string name, string words) => new(name, "ok", words);

    public static Finding Warning(string name, string words) => new(name, "warning", words);

    public static Finding Wrong(string name, string words) => new(name, Fault, words);

    public static Finding Skipped(string name, string words) => new(name, "skipped", words);
}

/// <summary>Looks at what commonly goes wrong between a portal and where it runs. It changes nothing.</summary>
internal sealed class Doctor(IServiceProvider services, TimeProvider clock)
{
    private const string NoDatabase = "no database to compare it with";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken ct)
    {
        yield return await TryAsync("settings", () =>
        {
            SettingCheck.Run(services);
            return Finding.Ok("settings", "every setting can be read and does for a start");
        });
        yield return await TryAsync("secret", Secret);
        yield return await TryAsync("url", Url);
        yield return await TryAsync("proxy", Proxy);
        var joined = await TryAsync("connection", async () =>
        {
            await services.JoinDevelopmentServerAsync(ct);
            return Finding.Ok("connection", "");
        });
        if (joined.State == Finding.Fault)
        {
            yield return joined;
            yield return Finding.Skipped("clock", NoDatabase);
        }
        else
        {
            yield return await TryAsync("sslmode", Encryption);
            yield return await TryAsync("pooler", Pooler);
            foreach (var finding in await DatabaseAsync())
                yield return finding;
            yield return await TryAsync("database", FitnessAsync);
        }

        yield return await AuditDoctor.LookAsync(services, clock);
        yield return await TryAsync("mail", () => MailDoctor.LookAsync(services));
    }

    private Finding Secret()
    {
        var keys = Value<KeyOptions>();
        var secrets = SecretList.Read(keys.Secret, keys.Secrets);
        var versions = secrets.Versions;
        if (secrets.IsQuoted)
            return Finding.Warning("secret", StartFailure.QuotedSecret);
        return Finding.Ok("secret", $"{versions.Count} listed, long enough and no sample; version {versions[0]} signs");
    }

    private Finding Url()
    {
        var portal = Value<PortalOptions>();
        return portal.IsHttps
            ? Finding.Ok("url", $"{portal.PublicUrl}: cookies are __Host-, Secure")
            : Finding.Warning("url", $"{portal.PublicUrl} is plain http: cookies have no __Host- prefix and no Secure. "
                + "Right for development on this machine; elsewhere set Portal__PublicUrl to an https address.");
    }

    private Finding Proxy()
    {
        var known = Value<ProxyOptions>().Known;
        if (known.Count > 0)
            return Finding.Ok("proxy", $"{string.Join(", ", known)} may say where a request comes from");
        return Value<PortalOptions>().IsHttps
            ? Finding.Warning("proxy", "the address is https and no proxy is known: if one ends TLS before the portal, "
                + "all visitors share its address for throttling and audit. Set Proxy__Known__0 to it.")
            : Finding.Ok("proxy", "none is known, and over plain http none is expected");
    }

    private Finding Encryption()
    {
        var parts = Parts();
        var isNear = parts.Host is { } host && (host.StartsWith('/') || host is "localhost" or "127.0.0.1" or "::1");
        return isNear ? Finding.Ok("sslmode", "the server is on this machine")
            : parts.SslMode is SslMode.VerifyFull or SslMode.VerifyCA
                ? Finding.Ok("sslmode", $"{parts.SslMode}: the server must prove who it is")
            : parts.SslMode is SslMode.Require
                ? Finding.Warning("sslmode", "Require: encrypted, but the server need not prove who it is. "
                    + "VerifyFull (sslmode=verify-full) makes it.")
            : Finding.Wrong("sslmode", $"{parts.SslMode}: passwords' hashes may cross the network in the clear. "
                + "Set sslmode=verify-full, or at least require.");
    }

    private Finding Pooler() => Finding.Ok("pooler", Parts().Host!.Contains("-pooler.", StringComparison.Ordinal)
        ? "behind one: nothing is set that it would refuse"
        : "the host's name is not a pooler's");

    private async Task<IReadOnlyList<Finding>> DatabaseAsync()
    {
        try
        {
            await using var scope = services.CreateAsyncScope();
            var facts = await DatabaseFacts.ReadAsync(
                scope.ServiceProvider.GetRequiredService<Db>(), clock, Patience, CancellationToken.None);
            var (apart, words) = (facts.Ahead.Duration(), facts.ClockInWords);
            return
            [
                Finding.Ok("connection",
                    $"PostgreSQL {facts.Version} answers, {(facts.Encrypted ? "encrypted" : "not encrypted")}"),
                apart > TokenOptions.ClockSkew
                    ? Finding.Wrong("clock", $"{words}: tokens would be refused. Set this machine's clock.")
                : apart > TimeSpan.FromSeconds(2) ? Finding.Warning("clock", words) : Finding.Ok("clock", words),
            ];
        }
        catch (Exception e) when (StartFailure.Explain(e) is { } sentence)
        {
            return [Finding.Wrong("connection", sentence), Finding.Skipped("clock", NoDatabase)];
        }
        catch (NpgsqlException e)
        {
            var reason = e is PostgresException refusal ? refusal.MessageText : e.Message;
            return [Finding.Wrong("connection", reason), Finding.Skipped("clock", NoDatabase)];
        }
    }

    private async Task<Finding> FitnessAsync()
    {
        try
        {
            await using var connection =
                await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(CancellationToken.None);
            var flaws = (await DatabaseFitness.JudgeAsync(connection, CancellationToken.None)).ToList();
            if (await Migrator.IsMigratedAsync(connection))
            {
                flaws.AddRange(
                    await DatabaseFitness.JudgeSequencesAsync(connection, mend: false, CancellationToken.None));
            }

            var words = string.Join(" ", flaws.Select(flaw => flaw.Sentence));
            return flaws.Any(flaw => flaw.IsRefused) ? Finding.Wrong("database", words)
                : flaws.Count > 0 ? Finding.Warning("database", words)
                : Finding.Ok("database", "encoding, rights, defaults and sequences do");
        }
        catch (NpgsqlException)
        {
            return Finding.Skipped("database", "no connection to ask it by");
        }
    }

    private NpgsqlConnectionStringBuilder Parts() =>
        new(services.GetRequiredService<DatabaseAddress>().ConnectionString);

    private T Value<T>()
        where T : class => services.GetRequiredService<IOptions<T>>().Value;

    private static Task<Finding> TryAsync(string name, Func<Finding> look) =>
        TryAsync(name, () => Task.FromResult(look()));

    private static async Task<Finding> TryAsync(string name, Func<Task<Finding>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception e) when (StartFailure.Explain(e) is { } sentence)
        {
            return Finding.Wrong(name, sentence);
        }
    }
}
