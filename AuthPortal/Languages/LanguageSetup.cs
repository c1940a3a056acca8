using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.DataAnnotations;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthPortal.Languages;

/// <summary>Where what the portal says becomes words in the reader's language.</summary>
internal static class LanguageSetup
{
    public static void AddLanguages(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddLocalization();

        // The pages are UTF-8: letters of other alphabets go as they are, not as references of six to nine bytes each.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddSingleton<IValidationAttributeAdapterProvider, OwnAttributes>();
        services.AddSingleton<IConfigureOptions<MvcOptions>, BindingWords>();
    }

    /// <summary>Labels, hints and what validation says, on pages.</summary>
    public static IMvcBuilder SpeakLanguages(this IMvcBuilder pages) => pages
        .AddViewLocalization()
        .AddDataAnnotationsLocalization(options =>
            options.DataAnnotationLocalizerProvider = (_, localizers) => localizers.Create(typeof(Words)));

    public static string Say(this IStringLocalizer words, Phrase phrase) => phrase.Arguments.Length == 0
        ? words[phrase.Key]
        : words[phrase.Key, phrase.Arguments.Select(put => put is Phrase inner ? words.Say(inner) : put).ToArray()];

    /// <summary>In the language of the request.</summary>
    public static string Say(this HttpContext context, Phrase phrase) =>
        context.RequestServices.GetRequiredService<IStringLocalizer<Words>>().Say(phrase);

    /// <summary>Names the language of an answer whose words depend on it, and what it depends on.</summary>
    public static void TellLanguage(this HttpResponse response)
    {
        response.Headers.ContentLanguage = Language.Current.Tag;
        response.Headers.AppendCommaSeparatedValues("Vary", "Accept-Language", "Cookie");
    }

    /// <summary>What the framework says of a value that no form of ours sends.</summary>
    private sealed class BindingWords(IStringLocalizer<Words> words) : IConfigureOptions<MvcOptions>
    {
        public void Configure(MvcOptions options)
        {
            var say = options.ModelBindingMessageProvider;
            say.SetAttemptedValueIsInvalidAccessor((_, _) => Invalid());
            say.SetMissingBindRequiredValueAccessor(_ => Invalid());
            say.SetMissingKeyOrValueAccessor(Invalid);
            say.SetMissingRequestBodyRequiredValueAccessor(Invalid);
            say.SetNonPropertyAttemptedValueIsInvalidAccessor(_ => Invalid());
            say.SetNonPropertyUnknownValueIsInvalidAccessor(Invalid);
            say.SetNonPropertyValueMustBeANumberAccessor(Invalid);
            say.SetUnknownValueIsInvalidAccessor(_ => Invalid());
            say.SetValueIsInvalidAccessor(_ => Invalid());
            say.SetValueMustBeANumberAccessor(_ => Invalid());
            say.SetValueMustNotBeNullAccessor(_ => Invalid());
        }

        private string Invalid() => words["This value is not valid."];
    }
}
