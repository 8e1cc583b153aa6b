using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>
/// The deploy.yml that <c>kamal init</c> and <c>rails new</c> write, release by release: their forms in words of our own. Their
/// comments hold ERB
/// that only Ruby knows.
/// </summary>
public sealed class GeneratedFilesTests
{
    private const string RubyVersion = """<%= ENV["RBENV_VERSION"] || ENV["rvm_ruby_string"] || "#{RUBY_ENGINE}-#{RUBY_ENGINE_VERSION}" %>""";

    private const string VersionFile = "<%= File.read('.ruby-version').strip %>";

    private const string Account = "  username: me\n\n  # A token, from the secrets file\n  password:\n    - KAMAL_REGISTRY_PASSWORD\n";

    private const string LocalRegistry =
        "  # The registry on this machine\n  server: localhost:5555\n\n  # username: me\n  # password:\n  #   - KAMAL_REGISTRY_PASSWORD\n";

    [Theory]
    [InlineData("2.0.0", Account, null, null)]
    [InlineData("2.1.0 to 2.3.0", Account, "app_port: 3000", null)]
    [InlineData("2.4.0", Account, "app_port: 3000", VersionFile)]
    [InlineData("2.5.0 to 2.7.0", Account, "app_port: 3000", RubyVersion)]
    [InlineData("2.8.0 to 2.12.0", LocalRegistry, "app_port: 3000", RubyVersion)]
    public async Task OfKamalInit(string release, string registry, string? port, string? argument)
    {
        using var project = new ConfigurationFixture().Write("config/deploy.yml", $$"""
            # The app's name ({{release}})
            service: my-app

            # Its image
            image: me/my-app

            servers:
              web:
                - 192.168.0.1
              # job:
              #   hosts:
              #     - 192.168.0.1
              #   cmd: bin/jobs

            # Certificates of Let's Encrypt; it's the proxy that asks for them
            proxy:{{(release == "2.0.0" ? " " : "")}}
              ssl: true
              host: app.example.com
            {{(port is null ? "" : $"  # The app listens on another port than 80\n  # {port}\n")}}
            registry:
            {{registry}}
            builder:
              arch: amd64
            {{(argument is null ? "" : $"  # Arguments of the build\n  # args:\n  #   RUBY_VERSION: {argument}\n")}}
            # env:
            #   clear:
            #     DB_HOST: 192.168.0.2
            #   secret:
            #     - RAILS_MASTER_KEY

            # Commands by a name, as "bin/kamal logs -r job"
            # aliases:
            #   shell: app exec --interactive --reuse "bash"

            # volumes:
            #   - "app_storage:/app/storage"

            # boot:
            #   limit: 10 # or a part of the hosts, such as "25%"
            #   wait: 2

            # accessories:
            #   db:
            #     image: mysql:8.0
            #     env:
            #       clear:
            #         MYSQL_ROOT_HOST: '%'
            #     files:
            #       - config/mysql/production.cnf:/etc/mysql/my.cnf
            """);
        var configuration = await project.LoadAsync();
        Assert.Equal(
            ("my-app", "me/my-app", "amd64"),
            (configuration.Service, configuration.Image, Assert.Single(configuration.Builder.Architectures)));
    }

    [Theory]
    [InlineData("8.0 with Solid", Account, "proxy:\n  ssl: true\n  host: app.example.com\n", true, true)]
    [InlineData("8.0 without", Account, "proxy:\n  ssl: true\n  host: app.example.com\n", false, true)]
    [InlineData("8.1 with Solid", LocalRegistry, "# proxy:\n#   ssl: true\n#   host: app.example.com\n", true, true)]
    [InlineData("8.1, an API", LocalRegistry, "# proxy:\n#   ssl: true\n#   host: app.example.com\n", false, false)]
    [InlineData("7.2 by kamal init", Account, "proxy:\n  ssl: true\n  host: app.example.com\n", false, true)]
    public async Task OfRails(string release, string registry, string proxy, bool hasSolid, bool hasAssets)
    {
        using var project = new ConfigurationFixture().Write("config/deploy.yml", $$"""
            # The app's name ({{release}})
            service: shop

            image: me/shop

            servers:
              web:
                - 192.168.0.1
              # job:
              #   hosts:
              #     - 192.168.0.1
              #   cmd: bin/jobs

            {{proxy}}
            registry:
            {{registry}}
            env:
              secret:
                - RAILS_MASTER_KEY
            {{(hasSolid
                ? "  clear:\n    # Jobs run in the web server's process\n    SOLID_QUEUE_IN_PUMA: true\n\n    # JOB_CONCURRENCY: 3\n\n    # Use shop-db for a database in the same network\n    # DB_HOST: 192.168.0.2\n"
                : "  # clear:\n  #   # Cores of each server\n  #   WEB_CONCURRENCY: auto\n")}}
            aliases:
              console: app exec --interactive --reuse "bin/rails console"
              shell: app exec --interactive --reuse "bash"
              logs: app logs -f
              dbc: app exec --interactive --reuse "bin/rails dbconsole --include-password"

            volumes:
              - "shop_storage:/rails/storage"

            {{(hasAssets ? "asset_path: /rails/public/assets\n" : "")}}
            builder:
              arch: amd64

              # # A machine that builds
              # remote: ssh://docker@docker-builder-server
              #
              # args:
              #   RUBY_VERSION: {{RubyVersion}}
              # secrets:
              #   - GITHUB_TOKEN

            # accessories:
            #   db:
            #     image: mysql:8.0
            #     # Without 127.0.0.1 the whole internet reaches the port
            #     # port: "127.0.0.1:3306:3306"
            """);
        var configuration = await project.LoadAsync();
        Assert.Equal(("shop", hasAssets ? "/rails/public/assets" : null), (configuration.Service, configuration.Roles[0].AssetPath));
        Assert.Equal(4, configuration.Aliases.Count);
    }
}
