using AuthPortal.Database;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

public sealed class DatabaseUrlTests
{
    private static NpgsqlConnectionStringBuilder Read(string url) => new(DatabaseUrl.ToConnectionString(url));

    [Fact]
    public void Neons_pooled_url_is_understood()
    {
        var parts = Read("postgresql://neondb_owner:npg_Ab1@ep-cool-mist-a1b2c3-pooler.eu-central-1.aws.neon.tech"
            + "/neondb?sslmode=require&channel_binding=require");

        Assert.Equal("ep-cool-mist-a1b2c3-pooler.eu-central-1.aws.neon.tech", parts.Host);
        Assert.Equal((5432, "neondb", "neondb_owner", "npg_Ab1"),
            (parts.Port, parts.Database, parts.Username, parts.Password));
        Assert.Equal((SslMode.Require, ChannelBinding.Require), (parts.SslMode, parts.ChannelBinding));
    }

    [Theory]
    [InlineData("p%40ss%3Aw%2Ford%23%25%3B", "p@ss:w/ord#%;")]
    [InlineData("a:b:c", "a:b:c")]
    [InlineData("a+b%20c", "a+b c")]
    [InlineData("%27%22quoted%22%27%3D", "'\"quoted\"'=")]
    [InlineData("p%C3%A9", "pé")]
    [InlineData("", "")]
    public void A_password_arrives_as_it_was_meant(string written, string meant) =>
        Assert.Equal(meant, Read($"postgres://user:{written}@db.example.com/portal").Password ?? "");

    [Fact]
    public void A_user_and_a_database_may_be_percent_encoded_too()
    {
        var parts = Read("postgres://us%40er@db.example.com:6543/my%20d%2Fb");

        Assert.Equal(("us@er", null, "my d/b", 6543), (parts.Username, parts.Password, parts.Database, parts.Port));
    }

    [Theory]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void Every_sslmode_is_understood(string written, SslMode meant) =>
        Assert.Equal(meant, Read($"postgres://u@h/d?sslmode={written}&sslrootcert=system").SslMode);

    [Fact]
    public void Libpqs_parameters_are_translated()
    {
        var parts = Read("postgres://u@h/d?connect_timeout=10&application_name=my%20portal"
            + "&options=-c%20statement_timeout%3D5s&target_session_attrs=read-write");

        Assert.Equal((10, "my portal", "-c statement_timeout=5s", "read-write"),
            (parts.Timeout, parts.ApplicationName, parts.Options, parts.TargetSessionAttributes));
    }

    [Fact]
    public void What_only_matters_to_other_clients_is_left_out()
    {
        // Neon's endpoint option is for clients without SNI, and a pooler would refuse it; the rest is Prisma's.
        var parts = Read("postgres://u@h-pooler.neon.tech/d?options=endpoint%3Dep-x&pgbouncer=true&schema=public");

        Assert.Null(parts.Options);
    }

    [Theory]
    [InlineData("postgres://u@[::1]:5433/d", "::1")]
    [InlineData("postgres://u@127.0.0.1:5433/d", "127.0.0.1")]
    [InlineData("postgres://u@db_1:5433/d", "db_1")]
    [InlineData("postgres:///d?host=/run/postgresql&port=5433&user=u", "/run/postgresql")]
    [InlineData("postgresql://u:p%40ss@/d?host=/cloudsql/proj:eu:db&port=5433", "/cloudsql/proj:eu:db")]
    [InlineData("postgresql://u@/d?host=127.0.0.1&port=5433", "127.0.0.1")]
    [InlineData("postgres://u@%2Fvar%2Frun%2Fpostgresql:5433/d", "/var/run/postgresql")]
    [InlineData("postgres://u@ignored:1/d?host=db.example.com&port=5433", "db.example.com")]
    public void Any_host_will_do(string url, string host)
    {
        var parts = Read(url);

        Assert.Equal((host, 5433, "u", "d"), (parts.Host, parts.Port, parts.Username, parts.Database));
    }

    [Fact]
    public void Several_hosts_are_tried_in_turn() =>
        Assert.Equal("a:5433,b", Read("postgres://u@a:5433,b/d?target_session_attrs=read-write").Host);

    [Theory]
    [InlineData("postgres://user:hunter2@h/d?sslmod=require", "sslmod")]
    [InlineData("postgres://user:hunter2@h/d?sslmode=sometimes", "sslmode")]
    [InlineData("postgres://user:hun#ter2@h/d", "%23")]
    [InlineData("postgres://user:hun/ter2@h/d", "%23")]
    [InlineData("postgres://user:hunter2@h:many/d", "port")]
    [InlineData("'postgres://user:hunter2@h/d'", "quote")]
    [InlineData("\"Host=h;Password=hunter2\"", "quote")]
    [InlineData("postgres://user:hunter2@h-pooler.neon.tech/d?options=-c%20a%3Db", "-pooler")]
    [InlineData("Host=h;Password=hunter2;ter2", "Host=")]
    [InlineData("Host=h;Pass=word;hunter2=x", "Host=")]
    [InlineData("Host=h-pooler.neon.tech;Password=hunter2;Max Auto Prepare=10", "Max Auto Prepare")]
    [InlineData("Host=h;Password=hunter2;Include Error Detail=true", "Include Error Detail")]
    [InlineData("Password=hunter2", "Host")]
    [InlineData("hunter2", "Host=")]
    public void A_mistake_is_named_and_the_password_is_not(string text, string hint)
    {
        var error = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(
            () => DatabaseAddress.Parse(text, "DATABASE_URL"));

        var sentence = Assert.Single(error.Failures);
        Assert.StartsWith("DATABASE_URL ", sentence, StringComparison.Ordinal);
        Assert.Contains(hint, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("ter2", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("word;", sentence, StringComparison.Ordinal);
    }
}
