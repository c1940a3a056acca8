using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Keys;

/// <summary>Refuses to start on what cannot sign safely. Each sentence names what to set and holds no secret.</summary>
internal sealed class KeyOptionsValidator(IHostEnvironment environment) : IValidateOptions<KeyOptions>
{
    private static readonly TimeSpan ShortestRotation = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, KeyOptions options)
    {
        string?[] problems =
        [
            SecretList.Read(options.Secret, options.Secrets).Problem(samplesAllowed: environment.IsDevelopment()),
            AlgorithmProblem(options),
            CalendarProblem(options),
        ];
        string[] failures = [.. problems.OfType<string>()];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private string? AlgorithmProblem(KeyOptions options) => options.Algorithm switch
    {
        SecurityAlgorithms.EcdsaSha256 => null,
        SecurityAlgorithms.HmacSha256 => SharedSecretProblem(options),
        _ => "Keys__Algorithm must be ES256 or HS256.",
    };

    private string? SharedSecretProblem(KeyOptions options)
    {
        if (string.IsNullOrEmpty(options.SharedSecret))
        {
            return "Tokens__SharedSecret is not set, and with Keys__Algorithm=HS256 every service that verifies holds "
                + "that key, which therefore must not be BETTER_AUTH_SECRET itself: set it to what "
                + $"{SecretRules.HowToMake} prints.";
        }

        var secrets = SecretList.Read(options.Secret, options.Secrets);
        if (!environment.IsDevelopment() && secrets.Holds(options.SharedSecret))
        {
            return "Tokens__SharedSecret is a BETTER_AUTH_SECRET too, and every service that verifies would hold what "
                + $"all keys come from: set it to what {SecretRules.HowToMake} prints.";
        }

        return SecretRules.Problem("Tokens__SharedSecret", options.SharedSecret, environment.IsDevelopment());
    }

    private static string? CalendarProblem(KeyOptions options)
    {
        if (options.Generation is < 0 or > 1_000_000)
            return "Keys__Generation must be a whole number from 0 to 1000000.";

        // What was signed in an epoch's last second must end before the epoch after the next begins.
        return options.Rotate < options.SessionLifetime || options.Rotate < ShortestRotation
            ? $"Keys__Rotate must be at least Tokens__SessionLifetime ({options.SessionLifetime:c}) and at least a day."
            : null;
    }
}
