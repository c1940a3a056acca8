using System.Reflection;
using Microsoft.Extensions.Options;

namespace AuthPortal;

/// <summary>A section of the configuration that is ours, and all that may stand in it.</summary>
/// <param name="Options">The names are those of its properties.</param>
/// <param name="Others">Names that are read elsewhere.</param>
internal sealed record SettingSection(string Name, Type Options, params string[] Others)
{
    /// <summary>Every value there is, with its path.</summary>
    public IEnumerable<(string Path, Type Type)> Values() => Values(Name, Options);

    /// <summary>What the binder fills: what can be set from outside, lists, and groups of these.</summary>
    public static Dictionary<string, Type> NamesOf(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true }
                || IsList(property.PropertyType) || IsGroup(property.PropertyType))
            .ToDictionary(
                property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);

    public static bool IsList(Type type) => typeof(ICollection<string>).IsAssignableFrom(type);

    public static bool IsGroup(Type type) =>
        type.IsClass && type.Assembly == typeof(SettingSection).Assembly && NamesOf(type).Count > 0;

    private static IEnumerable<(string Path, Type Type)> Values(string path, Type options) =>
        from name in NamesOf(options)
        let below = $"{path}:{name.Key}"
        from value in IsGroup(name.Value) ? Values(below, name.Value) : [(below, name.Value)]
        select value;
}

internal static class SettingSections
{
    /// <summary>Options that are read and judged at start, below a section that holds nothing else.</summary>
    /// <param name="others">What else may stand in it, for somebody else to read.</param>
    public static OptionsBuilder<T> AddSettings<T>(
        this IServiceCollection services, string section, params string[] others)
        where T : class
    {
        services.AddSingleton(new SettingSection(section, typeof(T), others));
        return services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
    }
}
