using System.Data;
using Dapper;

namespace AuthPortal.Database;

/// <summary>What Dapper must be told so that rows are read into positional records (Dapper #1474).</summary>
internal static class DapperTypes
{
    public static void Register()
    {
        // Dapper's own idea of a parameter comes first, and Npgsql writes no time with an offset.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new InstantHandler());
        SqlMapper.AddTypeHandler(new TextsHandler());
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    /// <summary>Npgsql reads <c>timestamptz</c> as a UTC DateTime; records hold DateTimeOffset.</summary>
    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => new((DateTime)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = value.UtcDateTime;
    }

    /// <summary>Npgsql announces <c>text[]</c> as System.Array, which matches no constructor.</summary>
    private sealed class TextsHandler : SqlMapper.TypeHandler<string[]>
    {
        public override string[] Parse(object value) => (string[])value;

        public override void SetValue(IDbDataParameter parameter, string[]? value) =>
            parameter.Value = (object?)value ?? DBNull.Value;
    }
}
