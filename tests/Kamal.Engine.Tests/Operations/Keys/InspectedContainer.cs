using System.Text.Json.Nodes;

namespace Kamal.Engine.Tests.Operations.Keys;

/// <summary>
/// What <c>docker inspect</c> answers of the container that a rendered <c>docker run</c> or <c>docker create</c> makes. An option
/// without a place of its own is one of the host's settings, under its own name.
/// </summary>
internal sealed class InspectedContainer
{
    private readonly JsonObject _config = new() { ["Labels"] = new JsonObject() };
    private readonly JsonObject _host = new() { ["LogConfig"] = new JsonObject() };
    private readonly JsonArray _binds = [];
    private readonly JsonObject _ports = [];

    public InspectedContainer(string command)
    {
        var words = ShellSplit.Words(command);
        var at = 2;
        for (; at < words.Count && words[at].StartsWith('-'); at++)
        {
            if (words[at] == "--detach") continue;
            if (words[at] == "--init") _host["Init"] = true;
            else if (words[at].Split('=', 2) is [var name, var value]) Set(name, value);
            else Set(words[at], words[++at]);
        }

        Image = words[at];
        _config[nameof(Image)] = Image;
        _config["Cmd"] = new JsonArray([.. words.Skip(at + 1).DefaultIfEmpty("the image's own").Select(word => JsonValue.Create(word))]);
        _host["Binds"] = _binds;
        _host["PortBindings"] = _ports;
    }

    public string Image { get; private set; }

    /// <summary>The variables that are given on the command line.</summary>
    public HashSet<string> Variables { get; } = [];

    /// <summary>The answer, as the engine asks for it.</summary>
    /// <param name="image">The image, if it is not the one of the command.</param>
    public string Json(string? image = null) => new JsonObject
    {
        ["id"] = "c0ffee", ["state"] = "running", ["imageId"] = "sha256:1", ["image"] = image ?? Image,
        ["config"] = _config.DeepClone(), ["host"] = _host.DeepClone(),
        ["networks"] = new JsonObject { [_host["NetworkMode"]!.GetValue<string>()] = new JsonObject() },
    }.ToJsonString();

    private void Set(string option, string value)
    {
        switch (option)
        {
            case "--network": _host["NetworkMode"] = value; break;
            case "--hostname": _config["Hostname"] = value; break;
            case "--restart": _host["RestartPolicy"] = new JsonObject { ["Name"] = value, ["MaximumRetryCount"] = 0 }; break;
            case "--env": Variables.Add(value); break;
            case "--label": Labels()[value.Split('=')[0]] = value[(value.IndexOf('=') + 1)..]; break;
            case "--volume": _binds.Add(value); break;
            case "--publish": Publish(value.Split(':')); break;
            case "--expose": _config["ExposedPorts"] = new JsonObject { [value + "/tcp"] = new JsonObject() }; break;
            case "--log-driver" or "--log-opt": _host["LogConfig"]!.AsObject()[value.Split('=')[0]] = value; break;
            case "--name" or "--env-file" or "--pull": break;
            default: _host[option] = value; break;
        }
    }

    private JsonObject Labels() => _config["Labels"]!.AsObject();

    private void Publish(string[] parts) => _ports[parts[^1] + "/tcp"] = new JsonArray(new JsonObject
    {
        ["HostIp"] = parts.Length > 2 ? parts[0] : "", ["HostPort"] = parts[^2],
    });
}
