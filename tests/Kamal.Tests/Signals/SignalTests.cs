using System.Management.Automation;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Signals;

/// <summary>
/// Ends every cmdlet that takes the deploy lock, in a real pwsh and with a real sshd, by a signal: before the lock is taken, before the
/// response arrives, and while the lock is held. Nothing is left on the host, and nothing continues. Every third cmdlet is tested with
/// one of the nine combinations, or every cmdlet with all of them if <c>KAMAL_ALL_SIGNALS=1</c> is set.
/// </summary>
[Trait("Category", "Linux")]
public sealed class SignalTests(SignalHost host) : IClassFixture<SignalHost>
{
    /// <summary>The exit code after each signal. After Ctrl+C, <c>pwsh -Command</c> itself exits with 1.</summary>
    private static readonly (string Name, int ExitCode)[] Signals = [("INT", 1), ("TERM", 128 + 15), ("HUP", 128 + 1)];

    private static readonly string[] Moments = ["before", "during", "after"];

    private static bool IsWhole => Environment.GetEnvironmentVariable("KAMAL_ALL_SIGNALS") == "1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The cmdlets whose preview takes the lock, with signals and moments.</summary>
    public static TheoryData<string, string, string> Cases()
    {
        using var session = new TestSession();
        var data = new TheoryData<string, string, string>();
        var number = 0;
        foreach (var line in All.Types.Where(type => All.AttributeOf(type).SupportsShouldProcess).Select(Line))
        {
            var preview = session.Run(line + " -WhatIf -Verbose").Previewed;
            if (!preview.Any(shown => shown.Contains("Acquire the deploy lock", StringComparison.Ordinal))) continue;
            // Lock-KamalDeployment keeps the lock and does no work while it holds it.
            var moments = line.StartsWith("Lock-", StringComparison.Ordinal) ? Moments[..2] : Moments;
            var turn = number / 3;
            if (!IsWhole && number % 3 == 0) data.Add(line, Signals[turn % 3].Name, moments[turn / 3 % moments.Length]);
            if (IsWhole) foreach (var signal in Signals) foreach (var moment in moments) data.Add(line, signal.Name, moment);
            number++;
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task No_signal_leaves_a_lock_behind(string line, string signal, string moment)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals and sshd as on Linux.");
        using var place = host.Place(moment);
        using var pwsh = place.Start(line + " -Confirm:$false; 'went on' | Out-File went-on");
        await place.ArrivedAsync(pwsh, Token);
        await EndsAsync(place, pwsh, signal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task No_hook_continues_after_a_signal(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals and sshd as on Linux.");
        using var place = host.Place("never");
        place.Hook("pre-deploy", """
            #!/bin/sh
            : >arrived
            n=0
            while [ ! -e go ] && [ $n -lt 1200 ]; do n=$((n + 1)); sleep 0.05; done
            : >went-on

            """);
        using var pwsh = place.Start("Invoke-KamalDeploy -SkipPush -Version v1; 'went on' | Out-File went-on");
        await place.ArrivedAsync(pwsh, Token);
        Assert.True(place.HasLock, place.Files);
        await EndsAsync(place, pwsh, signal);
    }

    private static async Task EndsAsync(SignalPlace place, SignalledPwsh pwsh, string signal)
    {
        pwsh.Signal(signal);
        var (exitCode, output) = await pwsh.EndAsync(Token);
        Assert.False(place.HasLock, $"The lock is left.\n{output}\n{place.Files}");
        place.Go();
        Assert.Equal("", await place.RemainingAsync(Token));
        Assert.False(place.WentOn, output);
        Assert.True(exitCode == Signals.Single(one => one.Name == signal).ExitCode, $"The exit code is {exitCode}.\n{output}");
    }

    private static string Line(Type type)
    {
        var line = All.Line(type);
        if (type.GetProperty("SkipPush")?.PropertyType == typeof(SwitchParameter)) line += " -SkipPush";
        return line.Contains("-Version", StringComparison.Ordinal) || type.GetProperty("Version") is null ? line : line + " -Version v1";
    }
}
