using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AuthPortal.Web;

/// <summary>How the portal writes JSON: camelCase, nulls kept, and dates as Better Auth's client reads them.</summary>
internal static class PortalJson
{
    private const string DateFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static readonly JsonSerializerOptions Options = Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.TypeInfoResolver ??= new DefaultJsonTypeInfoResolver();
        options.PropertyNameCaseInsensitive = false;
        options.RespectNullableAnnotations = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new DateConverter());
        return options;
    }

    /// <summary>
    /// Has answers of these types written by what was generated for them at build, so that no first answer waits for
    /// reflection. It still writes what nobody named; a test sees to it that no answer is among that.
    /// </summary>
    public static void AddAnswers(this IServiceCollection services, JsonSerializerContext generated) =>
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, generated));

    /// <summary>
    /// Exactly three fractional digits: the client reads all digits after the point as milliseconds, so the
    /// serializer's usual seven would put a date up to an hour off.
    /// </summary>
    public static string Date(DateTimeOffset at) => at.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture);

    private sealed class DateConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[24]; // all years there are have four digits
            value.UtcDateTime.TryFormat(text, out var length, DateFormat, CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }
}
