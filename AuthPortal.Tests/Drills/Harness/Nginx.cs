using System.Diagnostics;
using System.Net.Sockets;
using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>Debian's nginx before several portals, as an operator would set it up; a process of its own.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    public const string Binary = "/usr/sbin/nginx";
    public const string Package = "nginx-light";

    private readonly string _folder = Directory.CreateTempSubdirectory("authportal-nginx-").FullName;
    private readonly Process _process;

    private Nginx(int port, IReadOnlyList<int> portals)
    {
        Url = $"http://127.0.0.1:{port}";
        var file = Path.Combine(_folder, "nginx.conf");
        File.WriteAllText(file, Configuration(port, portals));
        _process = Process.Start(
            new ProcessStartInfo(Binary, ["-c", file, "-e", Path.Combine(_folder, "error.log"), "-p", _folder]))!;
    }

    public string Url { get; }

    /// <param name="port">Where it listens.</param>
    /// <param name="portals">The ports of those behind it, which take turns.</param>
    public static async Task<Nginx> StartAsync(int port, params IReadOnlyList<int> portals)
    {
        var nginx = new Nginx(port, portals);
        var listens = await Eventually.IsTrueAsync(() => ListensAsync(port), TimeSpan.FromSeconds(20));
        return listens ? nginx : throw new TimeoutException($"nginx does not listen at {nginx.Url}");
    }

    public async ValueTask DisposeAsync()
    {
        using (var quit = Process.Start("/bin/sh", ["-c", $"kill -QUIT {_process.Id}"]))
            await quit.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>
    /// What was under way when a portal died can't be sent to another, unless it only reads: whoever sent it is told to
    /// try again, as the portal itself says it.
    /// </summary>
    private string Configuration(int port, IReadOnlyList<int> portals) => $$"""
        user {{Environment.UserName}};
        daemon off;
        worker_processes 1;
        pid {{_folder}}/nginx.pid;
        events { worker_connections 2048; }
        http {
          access_log off;
          client_body_temp_path {{_folder}}/body;
          proxy_temp_path {{_folder}}/proxy;
          fastcgi_temp_path {{_folder}}/fastcgi;
          uwsgi_temp_path {{_folder}}/uwsgi;
          scgi_temp_path {{_folder}}/scgi;
          upstream portal {
            {{string.Join("\n    ", portals.Select(each => $"server 127.0.0.1:{each} max_fails=1 fail_timeout=1s;"))}}
            keepalive 32;
          }
          server {
            listen 127.0.0.1:{{port}};
            location / {
              proxy_pass http://portal;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              error_page 502 504 = @later;
            }
            location @later {
              add_header Retry-After 1 always;
              return 503;
            }
          }
        }
        """;

    private static async Task<bool> ListensAsync(int port)
    {
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
