using System.Globalization;
using Microsoft.Extensions.Options;

namespace AuthPortal;

/// <summary>
/// Judges our sections of the configuration. The binder passes over a name it does not know, and over a lone value
/// where it wants a list: either would leave a setting as it was, and say nothing.
/// </summary>
internal static class SettingCheck
{
    /// <exception cref="OptionsValidationException">Something is configured wrongly.</exception>
    public static void Run(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var sections = services.GetServices<SettingSection>().ToList();
        string[] odd =
        [
            .. from section in sections
               from problem in Problems(configuration.GetSection(section.Name), section.Options, section.Others)
               select problem,
        ];
        if (odd.Length > 0)
            throw Wrong(odd);

        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (Exception e) when (StartFailure.Explain(e) is { } sentence)
        {
            throw Wrong([sentence, .. sections.SelectMany(section => Readings(section, configuration, sentence))]);
        }
    }

    private static IEnumerable<string> Problems(IConfigurationSection at, Type options, string[] others)
    {
        var names = SettingSection.NamesOf(options);
        return at.GetChildren()
            .Where(child => !others.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .SelectMany(child => names.TryGetValue(child.Key, out var type)
                ? Problems(child, type)
                : [Unknown(child, [.. names.Keys, .. others])]);
    }

    private static IEnumerable<string> Problems(IConfigurationSection at, Type type)
    {
        var (name, isBare) = (Variable(at.Path), !string.IsNullOrEmpty(at.Value));
        if (SettingSection.IsList(type))
            return isBare ? [$"{name} is a list: set {name}__0."] : [];
        if (SettingSection.IsGroup(type))
        {
            var parts = SettingSection.NamesOf(type).Keys.Select(part => $"{name}__{part}");
            return isBare ? [$"{name} has parts: set {string.Join(", ", parts)}."] : Problems(at, type, []);
        }

        return at.GetChildren().Select(below => $"{Variable(below.Path)} is no setting: {name} is one value.");
    }

    private static string Unknown(IConfigurationSection at, string[] known)
    {
        var above = Variable(at.Path[..^at.Key.Length]);
        var near = known.MinBy(name => Distance(name, at.Key));
        return near is not null && IsNear(near, at.Key)
            ? $"{Variable(at.Path)} is no setting: {above}{near} is."
            : $"{Variable(at.Path)} is no setting: below {above} there are {string.Join(", ", known)}.";
    }

    private static bool IsNear(string name, string given) =>
        Distance(name, given) <= 1 + (name.Length / 5)
        || (given.Length > 3 && name.Contains(given, StringComparison.OrdinalIgnoreCase));

    /// <summary>How many letters were changed, left out, added, or swapped with the next.</summary>
    private static int Distance(string one, string other)
    {
        var (a, b) = (one.ToUpperInvariant(), other.ToUpperInvariant());
        var steps = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                steps[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1,
                        steps[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
            }
        }

        return steps[a.Length, b.Length];
    }

    /// <summary>Of each time a sentence names, what was set and how it was read: a bare 15 is fifteen days.</summary>
    private static IEnumerable<string> Readings(
        SettingSection section, IConfiguration configuration, string sentence) =>
        from value in section.Values()
        where value.Type == typeof(TimeSpan)
        let name = Variable(value.Path)
        let text = configuration[value.Path]
        where sentence.Contains(name, StringComparison.Ordinal)
        where TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _)
        let time = TimeSpan.Parse(text, CultureInfo.InvariantCulture)
        select $"{name} is \"{text}\", read as {InWords(time)}.";

    private static string InWords(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time:%d} days, {time:hh\\:mm\\:ss\\.FFF}").TrimEnd('.');

    private static string Variable(string path) => path.Replace(":", "__", StringComparison.Ordinal);

    private static OptionsValidationException Wrong(string[] sentences) =>
        new(nameof(SettingCheck), typeof(SettingSection), sentences);
}
