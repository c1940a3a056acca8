using Npgsql;

namespace AuthPortal.Database;

/// <summary>Two wanted the same, and a unique index has decided.</summary>
internal static class UniqueConflict
{
    public static bool Is(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
}
