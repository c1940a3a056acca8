namespace AuthPortal.Web;

/// <summary>Metadata of an endpoint that can refuse in its stead says with what; the API's document lists it.</summary>
internal interface IRefuses
{
    IEnumerable<AuthError> Refusals { get; }
}

/// <summary>Metadata of an unsafe call that is not turned away with a flood.</summary>
internal interface IPassesFloodGate;

internal static class Refusals
{
    /// <summary>
    /// Says beside the map call what the handler may answer, but for what follows by rule: from a body, from
    /// authorization, from the method.
    /// </summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params AuthError[] refusals)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Listed(refusals));

    private sealed record Listed(IEnumerable<AuthError> Refusals) : IRefuses;
}
