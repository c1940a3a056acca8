using AuthPortal.Keys;
using Microsoft.Extensions.Options;

namespace AuthPortal.Audit;

/// <summary>Section <c>Audit</c>.</summary>
internal sealed class AuditOptions
{
    /// <summary>After how many days an event is removed; unset, none is.</summary>
    public int? KeepDays { get; set; }
}

internal sealed class AuditOptionsValidator(IOptions<KeyOptions> keys) : IValidateOptions<AuditOptions>
{
    // The database itself lets no event go that is younger than thirty days.
    private const int Least = 31;
    private const int Most = 36_500;

    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        if (options.KeepDays is not { } days)
            return ValidateOptionsResult.Success;
        if (days is < Least or > Most)
            return ValidateOptionsResult.Fail($"Audit__KeepDays must be from {Least} to {Most}, or unset: for ever.");

        // The list of devices is read from the sign-ins of sessions that may still live.
        return TimeSpan.FromDays(days) > keys.Value.SessionLifetime
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Audit__KeepDays must be more than Tokens__SessionLifetime ({keys.Value.SessionLifetime:c}).");
    }
}
