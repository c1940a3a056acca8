using AuthPortal.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features;

/// <summary>It was done.</summary>
internal sealed record Done(bool Status)
{
    public static readonly Ok<Done> Ok = TypedResults.Ok(new Done(true));
}

/// <summary>A session and whose it is.</summary>
internal sealed record SessionAndUser(SessionView Session, UserProfile User);
