using System.Management.Automation;
using System.Reflection;
using Kamal.Engine;
using Kamal.Engine.Events;

namespace Kamal.Feedback;

/// <summary>
/// Offers the next command after an error, and the way back after a deploy, through PowerShell's feedback providers. The engine's types
/// are found at run time, since the library that the module is compiled with does not have them; without them, there is no feedback.
/// </summary>
public class FeedbackProvider : DispatchProxy
{
    private const string Space = "System.Management.Automation.Subsystem.";

    private static readonly Guid Id = new("0d5a7c62-5a8e-4c0b-9f1c-6c1f5d7c2b90");
    private static readonly Assembly Engine = typeof(PSObject).Assembly;
    private static readonly Lock Registering = new();
    private static bool _isRegistered;

    private static Type? Kind => Engine.GetType(Space + "SubsystemKind");

    private static Type? Manager => Engine.GetType(Space + "SubsystemManager");

    /// <summary>Registers the provider, if the engine has such providers and it is not registered.</summary>
    public static void Register()
    {
        lock (Registering)
        {
            if (_isRegistered || Kind is not { } kind || Manager is not { } manager
                || Engine.GetType(Space + "Feedback.IFeedbackProvider") is not { } type
                || Engine.GetType(Space + "ISubsystem") is not { } subsystem
                || manager.GetMethod("RegisterSubsystem", [kind, subsystem]) is not { } register) return;
            register.Invoke(null, [Enum.Parse(kind, "FeedbackProvider"), Create(type, typeof(FeedbackProvider))]);
            _isRegistered = true;
        }
    }

    /// <summary>Removes the provider.</summary>
    public static void Unregister()
    {
        lock (Registering)
        {
            if (!_isRegistered) return;
            _isRegistered = false;
            Manager!.GetMethod("UnregisterSubsystem", [Kind!, typeof(Guid)])!
                .Invoke(null, [Enum.Parse(Kind!, "FeedbackProvider"), Id]);
        }
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name switch
    {
        "get_Id" => Id,
        "get_Name" => "Kamal",
        "get_Description" => "Suggests the next command after a Kamal error, and the rollback after a deploy.",
        "get_Trigger" => Enum.Parse(targetMethod.ReturnType, "Success, Error"),
        "GetFeedback" => Feedback(args![0]!, targetMethod.ReturnType),
        _ => null,
    };

    /// <summary>An item of the engine with a title and commands, or null.</summary>
    private static object? Feedback(object context, Type item)
    {
        object? Of(string property) => context.GetType().GetProperty(property)?.GetValue(context);
        var asKamal = (Of("CommandLine") as string)?.TrimStart().StartsWith("kamal ", StringComparison.OrdinalIgnoreCase) is true;
        var (title, commands) = (Of("LastError") as ErrorRecord)?.Exception is KamalException error
            ? ("What to do next:", NextCommands.Of(error, asKamal))
            : AfterDeploy(asKamal);
        return commands.Count == 0
            ? null
            : item.GetConstructor([typeof(string), typeof(List<string>)])?.Invoke([title, commands.ToList()]);
    }

    private static (string Title, IReadOnlyList<string> Commands) AfterDeploy(bool asKamal)
    {
        if (LastDeploy.Take() is not { } deploy || deploy.WayBack(asKamal) is not { } back) return ("", []);
        var version = EventGuard.OfProcess().Line(VersionName.Short(deploy.Version));
        return ($"Version {version} is serving. To go back:", [back]);
    }
}
