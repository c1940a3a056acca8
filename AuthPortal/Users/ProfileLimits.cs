namespace AuthPortal.Users;

/// <summary>
/// Bounds that keep the largest access cookie under 4,000 bytes, as browsers demand (RFC 6265bis §5.5).
/// </summary>
internal static class ProfileLimits
{
    /// <summary>In UTF-16 units.</summary>
    public const int Name = 100;

    /// <summary>In ASCII characters.</summary>
    public const int Image = 1024;
}
