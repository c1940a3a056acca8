namespace AuthPortal.Features.Developers;

/// <summary>A small service to copy, which verifies the portal's tokens. The interop tests run the same file.</summary>
/// <param name="Install">What it needs first; empty where it fetches that itself.</param>
/// <param name="Port">Where it listens when started so.</param>
internal sealed record Verifier(string Ecosystem, string File, string Install, string Run, int Port)
{
    /// <summary>The portal that the files name, for want of another.</summary>
    public const string DefaultIssuer = "http://localhost:5080";

    public static readonly Verifier FastApi = new(
        "FastAPI with PyJWT",
        "notes.py",
        "pip install fastapi uvicorn \"pyjwt[crypto]\"",
        "uvicorn notes:app --port 8001",
        8001);

    public static readonly IReadOnlyList<Verifier> All =
    [
        FastApi,
        new("Node with jose", "notes.mjs", "npm install jose", "node notes.mjs", 8002),
        new("ASP.NET Core with JwtBearer", "notes.cs", "", "dotnet run notes.cs --urls http://localhost:8003", 8003),
    ];

    /// <summary>The file, for the portal at that address.</summary>
    public string TextFor(string issuer)
    {
        using var stream = typeof(Verifier).Assembly.GetManifestResourceStream(File)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace(DefaultIssuer, issuer, StringComparison.Ordinal);
    }
}
