namespace AuthPortal.Users;

/// <summary>
/// How long the mailbox that is told of a change of address, or of a factor that was added, can undo it. And for as
/// long after a change of address, or after the account was taken back, it is not erased, and its address stays: what
/// an intruder still has must not destroy it, or carry it off again.
/// </summary>
internal static class UndoWindow
{
    public static readonly TimeSpan Length = TimeSpan.FromHours(72);

    /// <summary>
    /// What was added so long before something that is undone goes with it. One fresh sign-in (ten minutes) allows
    /// both, and an app that was begun then may be confirmed another ten minutes later: whoever did the one may have
    /// done the other first. What is older was there before them.
    /// </summary>
    public static readonly TimeSpan Shortly = TimeSpan.FromMinutes(20);
}
