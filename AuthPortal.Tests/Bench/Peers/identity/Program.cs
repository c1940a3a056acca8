// ASP.NET Core Identity as its documentation has it: MapIdentityApi over EF Core on PostgreSQL, in production.
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddDbContextPool<People>(options => options.UseNpgsql(builder.Configuration["DATABASE"]));
builder.Services.AddIdentityApiEndpoints<IdentityUser>(options => options.Lockout.AllowedForNewUsers = false)
    .AddEntityFrameworkStores<People>();
builder.Services.AddAuthorization();

var app = builder.Build();
app.MapIdentityApi<IdentityUser>();
app.MapGet("/me", (HttpContext context) => new { context.User.Identity!.Name }).RequireAuthorization();
await using (var scope = app.Services.CreateAsyncScope())
    await scope.ServiceProvider.GetRequiredService<People>().Database.EnsureCreatedAsync();
await app.RunAsync();

/// <summary>Identity's tables as they come.</summary>
internal sealed class People(DbContextOptions<People> options) : IdentityDbContext<IdentityUser>(options);
