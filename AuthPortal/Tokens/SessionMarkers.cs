using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>Marks endpoints on which an ageing cookie session is renewed in place: pages and the API.</summary>
internal sealed class RenewsSession;

/// <summary>Takes an endpoint out again.</summary>
internal sealed class NeverRenews;

/// <summary>
/// Marks endpoints whose Bearer header may hold a refresh token, so that programs live past 15 minutes.
/// </summary>
internal sealed class TakesRefreshToken : ILooksAtCaller;
