using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthPortal.Database;

/// <summary>A connection string that has been read once, and can be spoken of without its password.</summary>
internal sealed class DatabaseAddress(string connectionString)
{
    private readonly NpgsqlConnectionStringBuilder _parts = new(connectionString);

    public string ConnectionString => _parts.ConnectionString;

    /// <param name="text">Npgsql's <c>Host=…;Username=…</c>, or a <c>postgres://</c> URL.</param>
    /// <param name="variable">Where it was set: what the error names.</param>
    /// <exception cref="OptionsValidationException">It cannot be read. The message never quotes it.</exception>
    public static DatabaseAddress Parse(string text, string variable)
    {
        if (text.Trim() is ['"', .., '"'] or ['\'', .., '\''])
            throw Wrong($"{variable} begins and ends with a quote: take the quotes off.");
        try
        {
            var address = new DatabaseAddress(
                DatabaseUrl.IsUrl(text) ? DatabaseUrl.ToConnectionString(text) : text);
            return address.Problem() is { } problem ? throw Wrong($"{variable} {problem}") : address;
        }
        catch (FormatException e)
        {
            throw Wrong($"{variable} {e.Message}");
        }
        catch (ArgumentException)
        {
            // Npgsql's own words may quote a piece of an unquoted password.
            throw Wrong($"{variable} can't be read: write it as Host=…;Database=…;Username=…;Password=… "
                + "or postgres://user:password@host/database?sslmode=require.");
        }
    }

    /// <summary>The address as the data source shall use it: what the operator set, then what suits a portal.</summary>
    public NpgsqlDataSource Open(ILoggerFactory? logs = null)
    {
        var parts = new NpgsqlConnectionStringBuilder(ConnectionString);
        var set = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = ConnectionString };
        if (!set.ContainsKey("Maximum Pool Size"))
            // Beyond twenty, more connections make two instances on a small PostgreSQL slower, not faster.
            parts.MaxPoolSize = Math.Max(20, parts.MinPoolSize);
        if (!set.ContainsKey("Connection Idle Lifetime"))
            // Neon cuts idle connections after five minutes, and the write that finds out fails: be gone before.
            parts.ConnectionIdleLifetime = 60;
        if (!set.ContainsKey("Timeout"))
            // One attempt at opening; Database:ConnectTimeout counts them all. Neon wakes in one or two seconds.
            parts.Timeout = 5;
        if (!set.ContainsKey("Command Timeout"))
            // Every statement of ours takes milliseconds: beyond this the server is frozen or unreachable.
            parts.CommandTimeout = 15;
        if (!set.ContainsKey("Application Name"))
            parts.ApplicationName = "authportal";

        // `No Reset On Close` stays off: through a transaction-mode pooler both ways passed 480 statements of 480,
        // and with it a stray SET of one request would reach another.
        var builder = new NpgsqlDataSourceBuilder(parts.ConnectionString)
        {
            Name = "portal",   // or the metrics' pool label would be the connection string
        };
        // Every type we use is PostgreSQL's own: asking its catalogue for others delays the first connection.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.UseLoggerFactory(logs).Build();
    }

    /// <returns>Such as <c>PostgreSQL at ep-x.neon.tech:5432 (database portal)</c>.</returns>
    public override string ToString() => $"PostgreSQL at {_parts.Host}:{_parts.Port} (database {_parts.Database})";

    private string? Problem()
    {
        if (string.IsNullOrWhiteSpace(_parts.Host))
            return "names no host: add Host=….";
        if (_parts.IncludeErrorDetail)
            return "sets Include Error Detail, which writes people's data into logs and traces: leave it out.";
        if (!_parts.Host.Contains("-pooler.", StringComparison.Ordinal))
            return null;
        // Measured behind a transaction-mode pooler: misaligned reads, and 08P01 at sign-in.
        if (_parts.MaxAutoPrepare > 0)
            return "sets Max Auto Prepare, which breaks behind a pooler: leave it out.";
        return _parts.Options is { Length: > 0 } || _parts.SearchPath is { Length: > 0 }
            ? "sets start-up options, which a pooler refuses: leave options and search_path out, "
                + "or use the host name without -pooler."
            : null;
    }

    private static OptionsValidationException Wrong(string sentence) =>
        new(nameof(DatabaseAddress), typeof(DatabaseAddress), [sentence]);
}
