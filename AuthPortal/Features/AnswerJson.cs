using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AuthPortal.Features.Account;
using AuthPortal.Features.Data;
using AuthPortal.Features.Health;
using AuthPortal.Features.PasswordReset;
using AuthPortal.Features.Security;
using AuthPortal.Features.Sessions;
using AuthPortal.Features.SignIn;
using AuthPortal.Features.SignUp;
using AuthPortal.Features.TwoFactor;
using AuthPortal.Users;

namespace AuthPortal.Features;

/// <summary>
/// How every feature's answer is written. Metadata alone: the writers that could be generated beside it stand back for
/// options with a converter or an encoder of their own, and ours have both.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AccountEndpoints.AccountView[]))]
[JsonSerializable(typeof(AccountEndpoints.Caller))]
[JsonSerializable(typeof(DeletionEndpoints.Deletion))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(HealthEndpoints.Alive))]
[JsonSerializable(typeof(HealthEndpoints.Health))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(PasskeyEndpoints.PasskeyPages))]
[JsonSerializable(typeof(PasskeyEndpoints.PasskeyView[]))]
[JsonSerializable(typeof(PasskeyEndpoints.RenamedPasskey))]
[JsonSerializable(typeof(PasswordResetEndpoints.ResetMailed))]
[JsonSerializable(typeof(RefreshEndpoints.Refreshed))]
[JsonSerializable(typeof(SecurityEndpoints.PasswordChanged))]
[JsonSerializable(typeof(SessionAndUser))]
[JsonSerializable(typeof(SessionEndpoints.SignedOut))]
[JsonSerializable(typeof(SessionEndpoints.TokenOnly))]
[JsonSerializable(typeof(SessionView[]))]
[JsonSerializable(typeof(SignInEndpoints.MoreIsAsked))]
[JsonSerializable(typeof(SignInEndpoints.SignedIn))]
[JsonSerializable(typeof(SignUpEndpoints.SignUpAnswer))]
[JsonSerializable(typeof(TwoFactorEndpoints.NewBackupCodes))]
[JsonSerializable(typeof(TwoFactorEndpoints.TotpBegun))]
[JsonSerializable(typeof(TwoFactorEndpoints.TotpUriOnly))]
[JsonSerializable(typeof(UserProfile))]
[JsonSerializable(typeof(VerifiedCode))]
internal sealed partial class AnswerJson : JsonSerializerContext;
