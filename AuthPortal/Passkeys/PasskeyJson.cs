using System.Buffers.Text;
using System.Data.Common;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthPortal.Database;
using AuthPortal.Web;
using Microsoft.AspNetCore.Identity;

namespace AuthPortal.Passkeys;

/// <summary>What browsers send, and the framework's reading of it.</summary>
internal static class PasskeyJson
{
    /// <returns>Null for what is no JSON object, or holds half a character.</returns>
    public static JsonObject? Parse(string? json)
    {
        try
        {
            using var document = JsonBodies.Parse(Encoding.UTF8.GetBytes(json ?? ""));
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && PlainText.IsWellFormed(root)
                ? JsonObject.Create(root.Clone())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Better Auth's client leaves out a member that the framework demands and nobody reads.</summary>
    public static string Complete(JsonObject response)
    {
        response["clientExtensionResults"] ??= new JsonObject();
        return response.ToJsonString();
    }

    /// <returns>Null where there is none that could be one.</returns>
    public static byte[]? CredentialIdOf(JsonObject response) =>
        response["id"] is JsonValue value && value.GetValueKind() == JsonValueKind.String
        && value.GetValue<string>() is { Length: <= 1364 } text && Base64Url.IsValid(text)
            ? Base64Url.DecodeFromChars(text)
            : null;

    /// <summary>
    /// The framework reports whatever its store throws as a wrong passkey; that the database is away, it is not.
    /// </summary>
    public static void RethrowOutage(this PasskeyException failure)
    {
        if (failure.InnerException is DatabaseUnavailableException or DbException)
            ExceptionDispatchInfo.Throw(failure.InnerException);
    }
}
