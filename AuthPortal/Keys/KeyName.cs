using System.Globalization;

namespace AuthPortal.Keys;

/// <summary>Which key: what it is for, of which secret, generation and epoch.</summary>
internal readonly record struct KeyName(string Purpose, int Version, long Generation, long Epoch)
{
    /// <summary>Names a key whose purpose is known from where it is used.</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Version}.{Generation}.{Epoch}");
}
