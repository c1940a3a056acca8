namespace AuthPortal.Database;

/// <summary>PostgreSQL is away. The message names host, port and database, and no secret.</summary>
internal sealed class DatabaseUnavailableException(string message, Exception? cause = null)
    : Exception(message, cause);
