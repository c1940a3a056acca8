using AuthPortal.Web;

namespace AuthPortal.Audit;

/// <summary>Something that happened to an account. A report: nothing ever reads it to authenticate.</summary>
/// <param name="Type">One of <see cref="AuditTypes"/>.</param>
/// <param name="UserId">Null where the account is unknown; the typed address is never kept.</param>
/// <param name="SessionId">The <c>sid</c>, where one is meant.</param>
/// <param name="Details">Short plain facts such as the method; no secret, no address.</param>
internal sealed record AuditEvent(
    string Type,
    Guid? UserId,
    Guid? SessionId,
    Client Client,
    IReadOnlyDictionary<string, string> Details)
{
    public AuditEvent(
        string type, Guid? userId, Guid? sessionId, Client client, params (string Key, string Value)[] details)
        : this(type, userId, sessionId, client, details.ToDictionary(d => d.Key, d => d.Value))
    {
    }
}

internal static class AuditTypes
{
    public const string SignUp = "sign-up";
    public const string SignUpRefused = "sign-up-refused";
    public const string SignIn = "sign-in";
    public const string SignInFailed = "sign-in-failed";
    public const string SignOut = "sign-out";
    public const string SignOutEverywhere = "sign-out-everywhere";
    public const string RenewalRefused = "renewal-refused";
    public const string ProfileChanged = "profile-changed";
    public const string AccountDisabled = "account-disabled";
    public const string AccountEnabled = "account-enabled";
    public const string RolesChanged = "roles-changed";
    public const string UsersImported = "users-imported";
    public const string UsersExported = "users-exported";
}
