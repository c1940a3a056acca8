using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AuthPortal.Features.Sessions;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>Answers are written by what the compiler made of their types, and no byte of them by reflection.</summary>
public sealed class AnswerJsonTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public void Every_answer_is_written_by_what_was_generated_for_it()
    {
        Assert.NotEmpty(Answers());
        Assert.Empty(Answers().Where(type => !IsGenerated(type)).Select(type => type.FullName));
        Assert.False(IsGenerated(typeof(RefreshRequest))); // reflection would be seen
    }

    /// <summary>Else the serializer looks up whatever class is found behind it, for which nothing was made.</summary>
    [Fact]
    public void Every_answer_is_of_a_sealed_type() =>
        Assert.Empty(Answers().Where(type => !type.IsSealed).Select(type => type.FullName));

    [Theory, InlineData(true), InlineData(false)]
    public void Reflection_would_write_the_same(bool isFull)
    {
        var reflection = new JsonSerializerOptions(Written) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        Assert.All(Answers(), type =>
        {
            var answer = Sample(type, isFull);
            Assert.Equal(
                JsonSerializer.Serialize(answer, type, reflection), JsonSerializer.Serialize(answer, type, Written));
        });
    }

    private JsonSerializerOptions Written =>
        portal.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

    private List<Type> Answers() =>
    [
        .. (from endpoint in portal.Endpoints()
            from answer in endpoint.Metadata.OfType<IProducesResponseTypeMetadata>()
            where answer.ContentTypes.Contains("application/json")
            select answer.Type).Except([typeof(JsonNull), typeof(void)]), // the one is a text, the other no body
    ];

    private bool IsGenerated(Type type) => Written.GetTypeInfo(type).OriginatingResolver is JsonSerializerContext;

    /// <param name="isFull">Whether what may be null, or left out, is there.</param>
    private static object Sample(Type type, bool isFull)
    {
        if (type == typeof(string))
            return "Zoë <a&'b'>";
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 11, 26, 9, 45, 22, 7, TimeSpan.FromHours(1));
        if (type == typeof(JsonObject))
            return new JsonObject { ["Kept"] = null, ["as"] = new JsonArray(1.0, "Zoë") };
        if (type.IsAssignableFrom(typeof(Dictionary<string, string>)))
            return new Dictionary<string, string> { ["Kept"] = "as it is" };
        if ((type.IsArray ? type.GetElementType() : type.GenericTypeArguments.SingleOrDefault()) is { } element)
        {
            if (type.IsValueType)
                return Sample(element, isFull);
            var items = Array.CreateInstance(element, 1);
            items.SetValue(Sample(element, isFull), 0);
            return items;
        }

        return type.IsPrimitive || type == typeof(Guid) ? Activator.CreateInstance(type)! : Record(type, isFull);
    }

    private static object Record(Type type, bool isFull)
    {
        var nullability = new NullabilityInfoContext();
        var members = type.GetConstructors().Single().GetParameters();
        var record = Activator.CreateInstance(type, [
            .. members.Select(member => isFull || nullability.Create(member).WriteState != NullabilityState.Nullable
                ? Sample(member.ParameterType, isFull)
                : null),
        ])!;
        foreach (var flag in type.GetProperties().Where(p => p.CanWrite && p.PropertyType == typeof(bool)))
            flag.SetValue(record, isFull);
        return record;
    }
}
