using System.Globalization;

namespace AuthPortal.Languages;

/// <summary>
/// Words for a person, not yet in their language: the English, which is the key, and what is put in for
/// <c>{0}</c>, <c>{1}</c>. That may be a phrase too.
/// </summary>
internal sealed record Phrase(string Key, params object[] Arguments)
{
    public static implicit operator Phrase(string key) => new(key);

    public bool Equals(Phrase? other) =>
        other is not null && other.Key == Key && other.Arguments.SequenceEqual(Arguments);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <summary>In English.</summary>
    public override string ToString() =>
        Arguments.Length == 0 ? Key : string.Format(CultureInfo.InvariantCulture, Key, Arguments);
}
