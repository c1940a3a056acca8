using Npgsql;

namespace AuthPortal.Database;

/// <summary>
/// libpq's <c>postgres://user:password@host:port/database?sslmode=require</c>, as Neon hands it out.
/// Npgsql does not read it (npgsql#2090).
/// </summary>
internal static class DatabaseUrl
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
        if (!IsUrl(url) || !Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) || uri.Fragment.Length > 0)
        {
            throw new FormatException("is not a postgres:// URL that can be read: special characters in the user "
                + "or password are percent-encoded, such as # as %23 and @ as %40.");
        }

        var parts = new NpgsqlConnectionStringBuilder { Host = uri.DnsSafeHost };
        if (uri.Port > 0)
            parts.Port = uri.Port;

        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? uri.UserInfo : uri.UserInfo[..colon];
        if (user.Length > 0)
            parts.Username = Uri.UnescapeDataString(user);
        if (colon >= 0)
            parts.Password = Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]);
        if (uri.AbsolutePath.Length > 1)
            parts.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);

        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            Add(parts, pair);
        return parts.ConnectionString;
    }

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
