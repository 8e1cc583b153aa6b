using System.Management.Automation;
using Kamal.Engine.Results;
using Kamal.Sessions;
using Kamal.Tests.Support;

namespace Kamal.Tests.Completion;

/// <summary>What cmdlets have seen completes in later sessions, without connecting.</summary>
public sealed class SeenTests
{
    private static string State => Environment.GetEnvironmentVariable("XDG_STATE_HOME")!;

    [Fact]
    public void A_later_session_completes_what_an_earlier_one_saw()
    {
        using ListedShop shop = new();
        Assert.Empty(shop.Session.Run("$null = Get-KamalContainer -Kind App").Errors);
        Later(shop.Session);
        Assert.Equal(["c1", "c2"], Texts(shop.Session, "Get-KamalLog -ContainerId ").Order(StringComparer.Ordinal));
        Assert.Equal(["v1", "v2"], Texts(shop.Session, "kamal rollback ").Order(StringComparer.Ordinal));
        var match = Matches(shop.Session, "kamal app logs --container-id c2").Single();
        Assert.Matches("^shop-w[a-z]+-v2 on 192.0.2.[123], seen [0-9]+s ago$", match.ToolTip);
        Assert.Empty(Texts(shop.Session, "kamal rollback -d staging v"));
    }

    [Fact]
    public void Only_the_account_can_read_what_was_seen()
    {
        using ListedShop shop = new();
        Assert.Empty(shop.Session.Run("$null = Get-KamalContainer").Errors);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(State, "kamal-powershell", "seen")));
    }

    [Fact]
    public void The_file_has_names_and_no_secret()
    {
        using ListedShop shop = new();
        var project = SeenProject.Of(shop.Session.Folder, null, null);
        Assert.Empty(shop.Session.Run("$null = Get-KamalSecret -AsPlainText; $null = Get-KamalContainer; $null = Get-KamalLock").Errors);
        KamalSession.For(shop.Session.Runspace).SeenIn(project).Remember(
            new KamalContainer("h", KamalContainerKind.App, "bad\tname\n\u001b[2J") { ContainerId = "c9" });
        KamalSession.For(shop.Session.Runspace).SaveSeen();
        var text = File.ReadAllText(SeenFile.PathOf(project));
        Assert.Contains("shop-web-v2", text, StringComparison.Ordinal);
        Assert.All(SampleProject.SecretValues, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain("c9", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invalid_file_completes_nothing_and_reports_no_error()
    {
        using ListedShop shop = new();
        Assert.Empty(shop.Session.Run("$null = Get-KamalContainer").Errors);
        var file = SeenFile.PathOf(SeenProject.Of(shop.Session.Folder, null, null));
        Assert.True(File.Exists(file));
        foreach (var text in (string[])
        [
            "version\tv1", "container\tc1\tn\th\tTrue\t99999999999999999999",
            "container\tc1\tn\th\tTrue\t-5\nversion\t\u001b[2J\t\t\nowner\n\0\0\t\t",
        ])
        {
            File.WriteAllText(file, text);
            Later(shop.Session);
            Assert.Empty(Texts(shop.Session, "Get-KamalLog -ContainerId "));
        }

        Assert.Empty(shop.Session.Run("1").Errors);
    }

    [Fact]
    public void A_preview_is_not_remembered()
    {
        using ListedShop shop = new();
        shop.Session.Run("Invoke-KamalAppBoot -Version v77 -WhatIf");
        Assert.DoesNotContain("v77", Texts(shop.Session, "Invoke-KamalRollback "));
    }

    [Fact]
    public void A_name_of_the_project_cannot_leave_its_quotes()
    {
        using TestSession session = new();
        session.Write(".kamal/secrets", "A=$(kamal secrets fetch --adapter test --account 'x\u2019; throw 1 #' --from \"y'z\" N)\n");
        var text = Assert.Single(Texts(session, "Get-KamalVaultSecret -Account "));
        Assert.Equal(["x\u2019; throw 1 #"], session.Run($"& {{ $args }} {text}").Output.Select(item => $"{item}"));
        text = Assert.Single(Texts(session, "Get-KamalVaultSecret -From "));
        Assert.Equal(["y'z"], session.Run($"& {{ $args }} {text}").Output.Select(item => $"{item}"));
    }

    /// <summary>Completion starts at most git, once, and only for versions. No other program and no connection.</summary>
    [Fact]
    public void Completion_starts_no_program_but_git()
    {
        using ListedShop shop = new();
        var counted = Path.Combine(shop.Session.Folder, "programs");
        var log = Path.Combine(counted, "log");
        Directory.CreateDirectory(counted);
        foreach (var name in (string[])["git", "docker", "ssh", "op", "sh"])
        {
            var file = Path.Combine(counted, name);
            // Other tests run at the same time and start programs too, in folders of their own.
            File.WriteAllText(
                file,
                $"#!/bin/bash\n[[ \"$PWD $*\" != *'{shop.Session.Folder}'* ]] || echo {name} >> {log}\nexec /usr/bin/{name} \"$@\"\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var before = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", counted + Path.PathSeparator + before);
            foreach (var line in (string[])
                ["Get-KamalLog -ContainerId ", "Invoke-KamalDeploy -HostName ", "Get-KamalSecret ", "kamal app l", "kamal deploy -d "])
            {
                Matches(shop.Session, line);
            }

            Assert.False(File.Exists(log));
            foreach (var line in (string[])["Invoke-KamalRollback ", "kamal rollback "]) Matches(shop.Session, line);
            Assert.Equal(["git", "git"], File.ReadAllLines(log));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", before);
        }
    }

    /// <summary>Begins another session in the same runspace.</summary>
    private static void Later(TestSession session)
    {
        var connector = KamalSession.For(session.Runspace).Connector;
        KamalSession.Forget(session.Runspace);
        KamalSession.For(session.Runspace).Connector = connector;
    }

    private static IEnumerable<string> Texts(TestSession session, string line) =>
        Matches(session, line).Select(match => match.CompletionText);

    private static List<CompletionResult> Matches(TestSession session, string line)
    {
        using var shell = PowerShell.Create(session.Runspace);
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches
            .Where(match => match.ResultType == CompletionResultType.ParameterValue)];
    }
}
