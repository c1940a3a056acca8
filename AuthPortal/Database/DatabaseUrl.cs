using System.Text.RegularExpressions;
using Npgsql;

namespace AuthPortal.Database;

/// <summary>
/// libpq's <c>postgres://user:password@host:port/database?sslmode=require</c>, as Neon hands it out (PostgreSQL manual
/// §34.1.1.2). Npgsql does not read it (npgsql#2090), nor does <see cref="Uri"/>: a host may be left out, be a socket's
/// folder (<c>%2Fvar%2Frun%2Fpostgresql</c>) or several, parted by commas.
/// </summary>
internal static partial class DatabaseUrl
{
    // libpq's parameter names (PostgreSQL manual §34.1.2) and Npgsql's keywords for them.
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["passfile"] = "Passfile",
        ["sslmode"] = "SSL Mode",
        ["sslnegotiation"] = "SSL Negotiation",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["channel_binding"] = "Channel Binding",
        ["require_auth"] = "Require Auth",
        ["gssencmode"] = "GSS Encryption Mode",
        ["connect_timeout"] = "Timeout",
        ["keepalives_idle"] = "Tcp Keepalive Time",
        ["keepalives_interval"] = "Tcp Keepalive Interval",
        ["application_name"] = "Application Name",
        ["target_session_attrs"] = "Target Session Attributes",
        ["options"] = "Options",
    };

    // What Npgsql does by itself, or what only matters to another program that shares the URL (Prisma).
    private static readonly HashSet<string> Ignored =
        ["fallback_application_name", "client_encoding", "keepalives", "keepalives_count", "sslcompression",
            "sslsni", "krbsrvname", "gsslib", "pgbouncer", "schema", "connection_limit", "pool_timeout"];

    public static bool IsUrl(string text) =>
        text.AsSpan().TrimStart().StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || text.AsSpan().TrimStart().StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">The end of a sentence that says what is wrong and quotes no value.</exception>
    public static string ToConnectionString(string url)
    {
        if (Form().Match(url.Trim()) is not { Success: true } match)
        {
            throw new FormatException("is not a postgres:// URL that can be read: special characters in the user "
                + "or password are percent-encoded, such as # as %23, / as %2F and @ as %40.");
        }

        var parts = new NpgsqlConnectionStringBuilder();
        if (Part("user") is { Length: > 0 } user)
            parts.Username = user;
        if (Part("password") is { } password)
            parts.Password = password;
        if (Part("database") is { Length: > 0 } database)
            parts.Database = database;
        AddHosts(parts, match.Groups["hosts"].Value);
        foreach (var pair in match.Groups["query"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries))
            Add(parts, pair);
        return parts.ConnectionString;

        string? Part(string name) =>
            match.Groups[name] is { Success: true } group ? Uri.UnescapeDataString(group.Value) : null;
    }

    /// <param name="hosts">Each with its port or without.</param>
    private static void AddHosts(NpgsqlConnectionStringBuilder parts, string hosts)
    {
        var each = hosts.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(host =>
        {
            var match = HostAndPort().Match(host);
            return (Name: Uri.UnescapeDataString(match.Groups["name"].Value), Port: match.Groups["port"].Value);
        }).ToList();
        if (each is [var (name, port)])
        {
            parts.Host = name.Trim('[', ']');
            if (port.Length > 0)
                parts.Port = ushort.TryParse(port, out var number) ? number : throw BadPort();
        }
        else if (each.Count > 1)
        {
            parts.Host = string.Join(
                ',', each.Select(one => one.Port.Length > 0 ? $"{one.Name}:{one.Port}" : one.Name));
        }
    }

    private static FormatException BadPort() => new("has a port that is none: it must be from 1 to 65535.");

    [GeneratedRegex(
        """
        ^postgres(ql)?://
        ((?<user>[^:@/?\#\s]*)(:(?<password>[^@/?\#\s]*))?@)?
        (?<hosts>[^/?\#@\s]*)
        (/(?<database>[^?\#@\s]*))?
        (\?(?<query>[^\#\s]*))?$
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?<name>\[[^\]]*\]|[^:]*)(:(?<port>.*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex HostAndPort();

    private static void Add(NpgsqlConnectionStringBuilder parts, string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
        var value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        if (value.Length == 0 || Ignored.Contains(name) || IsNothingToSay(name, value))
            return;

        if (!Keywords.TryGetValue(name, out var keyword))
            throw new FormatException($"has a parameter this portal doesn't know, {Shorten(name)}: leave it out.");
        try
        {
            parts[keyword] = Translate(name, value);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            throw new FormatException($"has a value that can't be read for the parameter {name}.");
        }
    }

    private static bool IsNothingToSay(string name, string value) => name switch
    {
        "sslrootcert" => value == "system",   // Npgsql's default: the system's certificates
        // Neon's way for clients without SNI to name their endpoint: Npgsql has SNI.
        "options" => value.StartsWith("endpoint=", StringComparison.Ordinal)
            || value.StartsWith("project=", StringComparison.Ordinal),
        _ => false,
    };

    private static string Translate(string name, string value) => name switch
    {
        "sslmode" => value.Replace("-", "", StringComparison.Ordinal),
        // libpq: 0 and below wait for ever; Npgsql's longest is 1024 seconds.
        "connect_timeout" when int.TryParse(value, out var seconds) => seconds is > 0 and < 1024 ? value : "1024",
        _ => value,
    };

    private static string Shorten(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
