namespace AuthPortal.Web;

/// <summary>A program's page to which a mailed link hands on what came of it.</summary>
internal static class CallbackUrl
{
    /// <param name="safe">Judged by <see cref="ReturnUrl.Safe"/>.</param>
    /// <returns>The absolute address, with that in its query.</returns>
    public static string With(string safe, (string Name, string Value) outcome, PortalOptions portal)
    {
        var address = new Uri(new Uri(portal.PublicUrl), safe);
        var added = $"{Uri.EscapeDataString(outcome.Name)}={Uri.EscapeDataString(outcome.Value)}";
        return new UriBuilder(address)
        {
            Query = address.Query.Length > 1 ? $"{address.Query}&{added}" : added,
        }.Uri.AbsoluteUri;
    }
}
