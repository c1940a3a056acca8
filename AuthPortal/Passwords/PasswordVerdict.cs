namespace AuthPortal.Passwords;

internal enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, and stored at a lower cost, under another pepper or in another scheme: hash it anew.</summary>
    RightButOutdated,
}
