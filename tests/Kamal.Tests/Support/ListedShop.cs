using Kamal.Sessions;

namespace Kamal.Tests.Support;

/// <summary>
/// A session with the sample project in git, whose hosts are folders with a docker that lists containers and images. The tags of the
/// proxy and of the accessories are not in the configuration, so that a plan that names one took it from a listing.
/// </summary>
internal sealed class ListedShop : IDisposable
{
    public const string ProxyTag = "v9.8.7";
    public const string AccessoryTag = "99.1";

    private readonly Dictionary<string, FolderHost> _hosts = new()
    {
        ["192.0.2.1"] = Host("web", "cache"), ["192.0.2.2"] = Host("web", "cache"), ["192.0.2.3"] = Host("workers", "db"),
    };

    public ListedShop()
    {
        Session.Run(
            "git init --quiet .; git add --all; " +
            "git -c user.name=test -c user.email=test@example.com commit --quiet --message app");
        KamalSession.For(Session.Runspace).Connector = new TestConnector(target => _hosts[target.Name].Connect(target.Name));
    }

    public TestSession Session { get; } = new();

    public void Dispose()
    {
        Session.Dispose();
        foreach (var host in _hosts.Values) host.Dispose();
    }

    private static FolderHost Host(string role, string accessory)
    {
        var details = Convert.ToBase64String("Locked by: me at 2026-01-02T03:04:05Z\nVersion: held1\nMessage: work"u8);
        return new FolderHost()
            .Write(".kamal/lock-shop/details", details)
            .Write(".kamal/shop-audit.log", $"[2026-01-02T03:04:05Z] [me] [{role}] Booted app version v1\n")
            .Program("docker", $$$"""
                container() {
                  printf '{"id":"%s","name":"%s","image":"%s","state":"%s","status":"Up 2 days","service":"%s","role":"%s"}\n' "$@"
                }
                case "$*" in
                  "image ls"*"{\"id\""*)
                    for tag in v1 v2; do
                      printf '{"id":"i%s","repository":"registry.example.com/acme/shop","tag":"%s"}\n' $tag $tag
                    done;;
                  *"logs "*) echo "2026-01-02T03:04:05Z hello";;
                  *"kamal-proxy list"*) echo "Service  Host  Path  Target  State  TLS"; echo "shop-web  *  /  c2:80  running  no";;
                  *"name=^kamal-proxy$"*"{"*) container p1 kamal-proxy basecamp/kamal-proxy:{{{ProxyTag}}} running "" "";;
                  *"label=service=shop-{{{accessory}}}"*"{"*)
                    container a1 shop-{{{accessory}}} {{{accessory}}}:{{{AccessoryTag}}} running shop-{{{accessory}}} "";;
                  *"label=service=shop "*"{\"id\""*)
                    container c2 shop-{{{role}}}-v2 registry.example.com/acme/shop:v2 running shop {{{role}}}
                    case "$*" in *--all*) container c1 shop-{{{role}}}-v1 registry.example.com/acme/shop:v1 exited shop {{{role}}};; esac;;
                  *"{{.ID}} {{.Names}}"*) echo "c2 shop-{{{role}}}-v2"; echo "c0 shop-{{{role}}}-v0";;
                  *"{{.Names}}"*) echo "shop-{{{role}}}-v2";;
                  *"--quiet"*) echo c2;;
                esac
                """);
    }
}
