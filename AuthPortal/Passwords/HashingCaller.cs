using System.Net;

namespace AuthPortal.Passwords;

/// <summary>For whom a password is hashed, as far as a place in the line depends on it.</summary>
/// <param name="Address">Null for nobody on a network.</param>
/// <param name="IsKnown">
/// Whether they have shown, before anything is hashed, that they are more than a stranger: by a device that the account
/// was used on, by a session of it, or by a link that was mailed to it.
/// </param>
internal readonly record struct HashingCaller(IPAddress? Address, bool IsKnown);
