using System.Globalization;
using System.Management.Automation.Host;

namespace Kamal.Host;

/// <summary>The host that PowerShell talks to.</summary>
internal sealed class ConsoleHost(bool interactive) : PSHost
{
    private readonly ConsoleUserInterface _ui = new(interactive);

    /// <summary>The code of <c>exit</c>, once it was called.</summary>
    public int? ExitCode { get; private set; }

    public override string Name => "Kamal.Host";

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => _ui;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new HostException("This console has no nested prompt.");

    public override void ExitNestedPrompt() => throw new HostException("This console has no nested prompt.");

    public override void NotifyBeginApplication()
    {
        // Programs started from here use the same console; there is nothing to save.
    }

    public override void NotifyEndApplication()
    {
        // As above: nothing was saved.
    }
}
