using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.CommandLine;

/// <summary>A person as a line of an import or export says it: Better Auth's names where it has one.</summary>
internal sealed record PersonLine(
    Guid? Id = null,
    string? Email = null,
    string? Name = null,
    bool? EmailVerified = null,
    string? Image = null,
    string? PasswordHash = null,
    DateTimeOffset? CreatedAt = null,
    DateTimeOffset? UpdatedAt = null,
    string[]? Roles = null,
    bool? Disabled = null,
    int? SessionVersion = null,
    DateTimeOffset? EraseAt = null)
{
    /// <summary>A misspelt field would be lost without a word, so an unknown one is refused.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // for a file, not a page: names stay legible
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new InstantConverter() },
    };

    public static IEnumerable<string> Fields =>
        Json.GetTypeInfo(typeof(PersonLine)).Properties.Select(property => property.Name);

    public static PersonLine Of(User user) => new(
        user.Id,
        user.Email,
        user.Name,
        user.EmailVerifiedAt is not null,
        user.Image,
        user.PasswordHash,
        user.CreatedAt,
        user.UpdatedAt,
        user.Roles,
        user.DisabledAt is not null,
        user.SessionVersion,
        user.EraseAt);

    /// <summary>ISO 8601. A time without its offset is UTC, whatever this machine's zone is.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.GetDateTime() is var time && time.Kind == DateTimeKind.Unspecified
                ? new DateTimeOffset(time, TimeSpan.Zero)
                : reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(PortalJson.Date(value));
    }
}
