namespace AuthPortal.Users;

/// <summary>Something that lets its holder into an account, or through its second step.</summary>
/// <param name="Kind">Of which way in, such as <c>passkey</c>.</param>
/// <param name="Id">Its own among those of its kind.</param>
/// <param name="Name">What its person called it; null for no name.</param>
/// <param name="AddedAt">Since when it does.</param>
internal sealed record AddedFactor(string Kind, string Id, string? Name, DateTimeOffset AddedAt);

/// <summary>A way into an account that has rows of its own.</summary>
internal interface IWayIn
{
    /// <summary>The tables that hold it.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>Those that were added to this account since then, the oldest first.</summary>
    Task<IReadOnlyList<AddedFactor>> ListAsync(Guid userId, DateTimeOffset since, CancellationToken ct);

    /// <summary>Takes those away that were added since then.</summary>
    /// <param name="held">
    /// Locked by the same transaction, so that nothing is added beside this, and no two wait for each other.
    /// </param>
    Task EndAsync(User held, DateTimeOffset since, CancellationToken ct);
}

/// <summary>
/// The one list of ways into an account. Whoever takes an account back walks it: a reset of an unconfirmed address, the
/// undoing of a change of address or of an added factor, the operator. So none is forgotten, and none comes to be that
/// is not ended (<c>EvictionTests</c>).
/// <para>
/// What has no rows of its own ends with two columns of <c>users</c>, in the statement that takes the account back:
/// <c>password_id</c> (the password, and links that replace it) and <c>session_version</c> (sessions, known and trusted
/// devices, half-done sign-ins, apps being set up, links to another address and to a deletion).
/// </para>
/// </summary>
internal sealed class WaysIn(IEnumerable<IWayIn> ways)
{
    /// <summary>How long a page that sets a new password looks back for what its person may not know.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromDays(30);

    /// <returns>Those that were added since then, the oldest first.</returns>
    public async Task<IReadOnlyList<AddedFactor>> ListAsync(Guid userId, DateTimeOffset since, CancellationToken ct)
    {
        var all = new List<AddedFactor>();
        foreach (var way in ways)
            all.AddRange(await way.ListAsync(userId, since, ct));
        return [.. all.OrderBy(factor => factor.AddedAt)];
    }

    /// <inheritdoc cref="ListAsync"/>
    /// <returns>All there are, the oldest first.</returns>
    public Task<IReadOnlyList<AddedFactor>> ListAllAsync(Guid userId, CancellationToken ct) =>
        ListAsync(userId, DateTimeOffset.MinValue, ct);

    /// <summary>Takes away what was added since then, in the transaction of what proves that it may go.</summary>
    /// <param name="held">Whom that transaction has locked, by changing or by holding them.</param>
    public async Task EndAsync(User held, DateTimeOffset since, CancellationToken ct)
    {
        foreach (var way in ways)
            await way.EndAsync(held, since, ct);
    }

    /// <inheritdoc cref="EndAsync"/>
    /// <remarks>All there is: nobody has shown before whose account it is, or the operator has asked.</remarks>
    public Task EndAllAsync(User held, CancellationToken ct) => EndAsync(held, DateTimeOffset.MinValue, ct);
}
