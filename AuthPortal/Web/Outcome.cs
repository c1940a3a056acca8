namespace AuthPortal.Web;

/// <summary>How a try ended, in the few words that a metric's label may hold.</summary>
internal static class Outcome
{
    public const string Ok = "ok";

    /// <param name="refusal">Null where it was right.</param>
    public static string Of(AuthError? refusal) => refusal?.Status switch
    {
        null => Ok,
        StatusCodes.Status429TooManyRequests => "throttled",
        StatusCodes.Status503ServiceUnavailable => "busy",
        >= 500 => "failed",
        _ => "wrong",
    };
}
