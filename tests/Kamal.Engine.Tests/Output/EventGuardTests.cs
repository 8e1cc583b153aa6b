using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Output;

/// <summary>What enters the event queue is fit to be shown, with everything that hangs on it.</summary>
public sealed class EventGuardTests
{
    private const string Hostile = "hunter2\n##vso[x]\e]52;c;y\a";
    private readonly SecretRegister _secrets = new();
    private readonly EventGuard _guard;

    public EventGuardTests()
    {
        _secrets.Add("PASSWORD", new("hunter2"));
        _guard = new(_secrets, inCi: true);
    }

    [Fact]
    public void An_error_is_clean_with_its_output_causes_and_inner_exceptions()
    {
        var error = _guard.Error(new(KamalErrorId.RemoteCommandFailed, "web1: failed: " + Hostile, new IOException(Hostile, new KamalException(KamalErrorId.TimedOut, Hostile)))
        {
            HostName = "web1",
            Role = Hostile,
            Command = Hostile,
            Output = Hostile,
            Recommendation = Hostile,
            Causes = [new(KamalErrorId.ImageInvalid, Hostile) { Output = Hostile }],
            Problems = [],
            Cause = new(CauseName.Crashes, Hostile) { Evidence = [Hostile], NextStep = Hostile },
        });
        Assert.Equal(@"web1: failed: [REDACTED]" + "\n" + @"[web1] #\#vso[x]\e]52;c;y\x07", error.Message);
        Assert.Equal(@"[REDACTED]\n#\#vso[x]\e]52;c;y\x07", error.Role);
        Assert.Equal(@"IOException: [REDACTED]\n#\#vso[x]\e]52;c;y\x07", error.InnerException!.Message);
        Assert.Equal(KamalErrorId.TimedOut, Assert.IsType<KamalException>(error.InnerException.InnerException).Id);
        string?[] all =
        [
            error.ToString(), error.Command, error.Output, error.Recommendation, error.Causes[0].Message, error.Causes[0].Output,
            error.Cause!.Message, error.Cause.Evidence[0], error.Cause.NextStep,
        ];
        Assert.All(all, text =>
        {
            Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
            Assert.DoesNotContain("##vso", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\e', text!);
        });
        Assert.Same(error, _guard.Error(error));
    }

    [Fact]
    public void An_error_that_holds_those_of_other_hosts_does_not_put_one_hosts_name_before_all_lines()
    {
        KamalException Of(string host) => new(KamalErrorId.ContainerUnhealthy, $"{host}: 404\nGET /up") { HostName = host };
        var error = _guard.Error(new(KamalErrorId.OperationFailed, "It failed.\nweb1: 404\n[web1] GET /up\nweb2: 404\n[web2] GET /up")
        {
            HostName = "web1", Causes = [Of("web1"), Of("web2")],
        });

        Assert.Equal("It failed.\n| web1: 404\n| [web1] GET /up\n| web2: 404\n| [web2] GET /up", error.Message);
        Assert.Equal("web2: 404\n[web2] GET /up", error.Causes[1].Message);
        Assert.Same(error, _guard.Error(error));
    }

    [Fact]
    public void An_error_without_anything_in_it_stays_the_same_with_its_stack()
    {
        var inner = new InvalidOperationException("a fault");
        var error = new KamalException(KamalErrorId.Internal, "a fault: one\n| two", inner);
        Assert.Same(error, _guard.Error(error));
    }

    [Fact]
    public void Each_event_is_clean()
    {
        var step = new Step("Run", ShellCommand.Of("echo", "hunter2"));
        Assert.Equal("echo [REDACTED]", Assert.IsType<StepStarted>(_guard.Event(new StepStarted(step))).Step.Command.Display);
        Assert.Equal("", Assert.IsType<StepPreviewed>(_guard.Event(new StepPreviewed("", step))).Step.Command.Text);
        var result = Assert.IsType<StepCompleted>(
            _guard.Event(new StepCompleted(new(step, StepStatus.Failed) { Output = Hostile, ErrorOutput = Hostile }))).Result;
        RunEvent[] events =
        [
            _guard.Event(
                new MessageEmitted(
                    MessageSeverity.Debug, Hostile)), _guard.Event(new OutputReceived("build",
                    Hostile)), _guard.Event(new LocalStarted(Hostile)),
            _guard.Event(new LocalPreviewed(Hostile)), _guard.Event(new PhaseStarted(Hostile, [])), _guard.Event(
                new PhaseCompleted(Hostile, default, 0)),
        ];
        Assert.All(events.Select(one => one.ToString()).Append(result.Output + result.ErrorOutput), text =>
        {
            Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\e', text);
        });
        var plain = new MessageEmitted(MessageSeverity.Debug, "nothing");
        Assert.Same(plain, _guard.Event(plain));
    }

    [Fact]
    public void Results_are_clean_but_for_what_was_asked_for()
    {
        object Shown(object result) => ((ResultProduced)_guard.Event(new ResultProduced(result))).Result;
        var proxy = Assert.IsType<KamalProxy>(Shown(new KamalProxy("web1", KamalContainerState.Running)
        {
            Container = new("web1", KamalContainerKind.Proxy, Hostile),
            Services = [new("web1", "shop") { Domains = ["a\e[2J"] }],
        }));
        Assert.Equal((@"[REDACTED]\n#\#vso[x]\e]52;c;y\x07", @"a\e[2J"), (proxy.Container!.ContainerName, proxy.Services[0].Domains[0]));
        var held = Assert.IsType<KamalLock>(Shown(LockReading.Read(
            "web1", "Locked by: me at 2026-01-01T00:00:00Z\nMessage: x\e]52;c;y\a", DateTimeOffset.UnixEpoch)));
        Assert.Equal((@"x\e]52;c;y\x07", 2), (held.Message, held.Text.Split('\n').Length));
        foreach (
            var asked in (object[])[
                new KamalCommandResult("web1", 0, Hostile), new KamalLogLine("web1", "web", Hostile),
                new KamalSecret("PASSWORD", new("hunter2")), "text", 1])
        {
            Assert.Same(asked, Shown(asked));
        }
    }

    [Fact]
    public void A_result_s_cause_is_clean()
    {
        var result = new KamalDeployResult("web1", "web", "v1", HostOutcome.Failed)
        {
            Cause = new(CauseName.Crashes, "ended") { Evidence = [Hostile] },
        };

        var clean = Assert.IsType<KamalDeployResult>(_guard.Result(result));

        Assert.Equal(@"[REDACTED]\n#\#vso[x]\e]52;c;y\x07", Assert.Single(clean.Cause!.Evidence));
        Assert.Same(clean, _guard.Result(clean));
    }

    [Fact]
    public void Every_result_of_the_engine_is_clean_in_every_text()
    {
        Type[] asked = [typeof(KamalCommandResult), typeof(KamalLogLine), typeof(KamalSecret)];
        foreach (var type in typeof(KamalLock).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == typeof(KamalLock).Namespace && type is { IsClass: true, IsAbstract: false }
                && !asked.Contains(type)))
        {
            var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
            var result = constructor.Invoke(
                [
                    .. constructor.GetParameters().Select(parameter =>
                        parameter.ParameterType == typeof(string)
                            ? Hostile
                            : parameter.ParameterType.IsValueType
                            ? Activator.CreateInstance(parameter.ParameterType)
                            : null)]);
            foreach (var property in type.GetProperties()
                .Where(property => property.CanWrite && property.PropertyType == typeof(string))) property.SetValue(result, Hostile);
            foreach (var property in type.GetProperties()
                .Where(property => property.CanWrite && property.PropertyType == typeof(ImmutableArray<string>)))
            {
                property.SetValue(result, ImmutableArray.Create(Hostile));
            }
            var shown = _guard.Result(result);
            foreach (var property in type.GetProperties().Where(property => property.PropertyType == typeof(string)))
            {
                var text = (string?)property.GetValue(shown) ?? "";
                Assert.False(
                    text.Contains("hunter2", StringComparison.Ordinal)
                        || text.Contains('\e')
                        || text.Contains("##vso[", StringComparison.Ordinal),
                    $"{type.Name}.{property.Name}: {text}");
            }
        }
    }

    [Fact]
    public void A_problem_of_the_configuration_is_one_line() => Assert.Equal(
        @"f:1:1: [REDACTED]\n#\#vso[x]\e]52;c;y\x07: [REDACTED]\n#\#vso[x]\e]52;c;y\x07",
        _guard.Problem(ConfigurationProblem.At(new("f", 1, 1), Hostile, Hostile)).ToString());

    [Fact]
    public void An_audit_line_holds_no_secret()
    {
        var configuration = new KamalConfiguration
        {
            ProjectDirectory = "/",
            ConfigFile = "deploy.yml",
            Service = "shop",
            Image = "shop",
            Registry = new(),
        };
        var command = new AuditCommands(configuration, "me", DateTimeOffset.UnixEpoch, _secrets.Redactor.Redact)
            .Record("Executed cmd 'curl -u me:hunter2'");
        Assert.DoesNotContain("hunter2", command.Text, StringComparison.Ordinal);
        Assert.Contains("curl -u me:[REDACTED]", command.Text, StringComparison.Ordinal);
    }
}
