#:sdk Microsoft.NET.Sdk.Web
#:package Microsoft.AspNetCore.Authentication.JwtBearer@10.0.15
#:property PublishAot=false
// Everyone's notes. AuthPortal's access tokens say who is asking; no call to it is made for that.
using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;

var builder = WebApplication.CreateBuilder(args);
var issuer = builder.Configuration["AUTHPORTAL_URL"] ?? "http://localhost:5080";

builder.Services.AddAuthorization();
builder.Services.AddAuthentication().AddJwtBearer(options =>
{
    options.Authority = issuer;
    options.RequireHttpsMetadata = !new Uri(issuer).IsLoopback;
    options.MapInboundClaims = false;
    options.TokenValidationParameters = new TokenValidationParameters
    {
        ValidIssuer = issuer,
        ValidAudience = builder.Configuration["AUTHPORTAL_AUDIENCE"] ?? issuer,
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        ClockSkew = TimeSpan.FromSeconds(30),
    };
});

var app = builder.Build();

app.MapGet("/users/{id}/notes", (string id, ClaimsPrincipal user) =>
    id == user.FindFirstValue("sub")
        ? Results.Ok(new { of = user.FindFirstValue("name"), notes = Array.Empty<string>() })
        : Results.NotFound())
    .RequireAuthorization();

app.Run();
