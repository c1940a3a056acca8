using AuthPortal.Languages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace AuthPortal.Tests.Support;

/// <summary>What the portal says in its languages, without a portal.</summary>
internal static class Spoken
{
    public static readonly IServiceProvider Services =
        new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();

    public static readonly IStringLocalizer<Words> Words = Services.GetRequiredService<IStringLocalizer<Words>>();
}
