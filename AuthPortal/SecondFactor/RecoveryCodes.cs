using AuthPortal.Keys;
using AuthPortal.Users;

namespace AuthPortal.SecondFactor;

/// <summary>The recovery codes of people: shown once, where they are made, and only known again after.</summary>
internal sealed class RecoveryCodes(RecoveryCodeStore store, KeyedDigests digests)
{
    private const int Made = 10;
    private const string Purpose = "recovery-code";

    /// <returns>Ten that are in no table yet.</returns>
    public static string[] Make() => [.. Enumerable.Range(0, Made).Select(_ => RecoveryCode.New())];

    /// <summary>These in place of all there were; within a transaction that holds the person.</summary>
    /// <param name="at">Now, or the moment that their app was turned on.</param>
    public Task ReplaceAsync(User user, string[] codes, DateTimeOffset at, CancellationToken ct)
    {
        var texts = codes.Select(code => Text(user, RecoveryCode.Canonical(code)!));
        return store.ReplaceAsync(user, [.. texts.Select(text => digests.Of(Purpose, text))], at, ct);
    }

    public Task EraseAsync(User user, CancellationToken ct) => store.ReplaceAsync(user, [], at: default, ct);

    /// <returns>False where it was used before, or never was.</returns>
    public async Task<bool> UseAsync(User user, string typed, CancellationToken ct) =>
        RecoveryCode.Canonical(typed) is { } code
        && await store.UseAsync(user, digests.AllOf(Purpose, Text(user, code)), ct);

    public Task<int> CountLeftAsync(User user, CancellationToken ct) => store.CountLeftAsync(user.Id, ct);

    /// <summary>With its person: a row copied to somebody else's proves nothing there.</summary>
    private static string Text(User user, string code) => $"{user.Id} {code}";
}
