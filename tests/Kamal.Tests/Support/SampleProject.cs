namespace Kamal.Tests.Support;

/// <summary>A project with two roles, three hosts and an accessory.</summary>
internal static class SampleProject
{
    public const string Configuration =
        """
        service: shop
        image: acme/shop
        servers:
          web: [ 192.0.2.1, 192.0.2.2 ]
          workers:
            hosts: [ 192.0.2.3 ]
            cmd: bin/work
        registry:
          server: registry.example.com
          username: acme
          password: [ REGISTRY_PASSWORD ]
        builder:
          arch: amd64
        env:
          clear: { GREETING: hello }
          secret: [ APP_SECRET ]
        accessories:
          db:
            image: postgres:17
            host: 192.0.2.3
            env:
              secret: [ DB_PASSWORD ]
          cache:
            image: redis:8
            role: web
        aliases:
          console: app exec --reuse -i bin/console
          st: app details -r workers
        """;

    public const string Secrets = "REGISTRY_PASSWORD=hunter2\nAPP_SECRET=s3cr3t-value\nDB_PASSWORD=d4tabase-word\n";

    public static IReadOnlyList<string> SecretValues { get; } = ["hunter2", "s3cr3t-value", "d4tabase-word"];
}
