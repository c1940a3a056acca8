using Microsoft.AspNetCore.WebUtilities;

namespace AuthPortal.Features;

/// <summary>Where the page that is shown can be asked for again.</summary>
internal static class PageAddress
{
    /// <summary>Of a form's answer, the form: what it did is not done again.</summary>
    public static string Of(HttpRequest request)
    {
        var query = QueryHelpers.ParseQuery(request.QueryString.Value);
        query.Remove("handler");
        return request.Path + QueryString.Create(query);
    }
}
