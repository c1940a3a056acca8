using System.Globalization;

namespace AuthPortal.Keys;

/// <summary>The secrets that every key is derived from: the first signs, all verify. No member prints one.</summary>
internal sealed class SecretList
{
    private readonly (int Version, string Value)[] _secrets;
    private readonly string _variable;
    private readonly bool _malformed;

    private SecretList(string variable, (int Version, string Value)[]? secrets)
    {
        _variable = variable;
        _malformed = secrets is null;
        _secrets = secrets ?? [];
    }

    public IReadOnlyList<int> Versions => [.. _secrets.Select(secret => secret.Version)];

    /// <summary>
    /// Whether one begins and ends with a quote: some ways of setting a variable leave quotes in it and others take
    /// them off, and then two instances have two secrets.
    /// </summary>
    public bool IsQuoted => _secrets.Any(secret =>
        secret.Value is ['"', .., '"'] or ['\'', .., '\'']);

    /// <param name="single"><c>BETTER_AUTH_SECRET</c>: version 1.</param>
    /// <param name="several"><c>BETTER_AUTH_SECRETS</c>, as <c>2:new,1:old</c>: where set, it alone counts.</param>
    public static SecretList Read(string? single, string? several)
    {
        if (!string.IsNullOrWhiteSpace(several))
            return new SecretList("BETTER_AUTH_SECRETS", Split(several));

        return new SecretList("BETTER_AUTH_SECRET", string.IsNullOrWhiteSpace(single) ? [] : [(1, single.Trim())]);
    }

    public string Value(int version) => _secrets.First(secret => secret.Version == version).Value;

    public bool Holds(string value) => _secrets.Any(secret => secret.Value == value.Trim());

    /// <summary>Why no key may come from this list, in one sentence; null where it is sound.</summary>
    public string? Problem(bool samplesAllowed)
    {
        if (_malformed)
        {
            return $"{_variable} must read like \"2:new,1:old\": each version a positive whole number of its own, "
                + $"each value without a comma and made by {SecretRules.HowToMake}.";
        }

        if (_secrets.Length == 0)
        {
            return $"{_variable} is not set and every key comes from it: set it to what "
                + $"{SecretRules.HowToMake} prints.";
        }

        return _secrets
            .Select(secret => SecretRules.Problem(_variable, secret.Value, samplesAllowed))
            .FirstOrDefault(problem => problem is not null);
    }

    private static (int Version, string Value)[]? Split(string several)
    {
        var entries = several.Split(',');
        var secrets = new (int Version, string Value)[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Split(':', 2, StringSplitOptions.TrimEntries) is not [var label, { Length: > 0 } value]
                || !int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                || version < 1)
            {
                return null;
            }

            secrets[i] = (version, value);
        }

        return secrets.DistinctBy(secret => secret.Version).Count() == secrets.Length ? secrets : null;
    }
}
