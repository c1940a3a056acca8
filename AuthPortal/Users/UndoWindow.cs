namespace AuthPortal.Users;

/// <summary>
/// How long the mailbox that is told of a change of address, or of a factor that was added, can undo it. Nothing
/// irreversible happens to the account before a change of address can no longer be undone.
/// </summary>
internal static class UndoWindow
{
    public static readonly TimeSpan Length = TimeSpan.FromHours(72);

    /// <summary>
    /// What was added so long before something that is undone goes with it. One fresh sign-in allows both: who changed
    /// the address may have added a passkey first. What is older was there before them.
    /// </summary>
    public static readonly TimeSpan Shortly = TimeSpan.FromMinutes(10);
}
