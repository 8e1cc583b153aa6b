using System.Collections;
using System.Management.Automation;
using System.Reflection;
using Kamal.Cmdlets;
using Kamal.CommandLine;
using Kamal.Engine.CommandLine;
using Kamal.Tests.Support;

namespace Kamal.Tests.CommandLine;

/// <summary>Every row of the grammar, bound to the parameters of the real cmdlet.</summary>
public sealed class CmdletBindingTests : IDisposable
{
    private readonly TestSession _session = new();

    public static TheoryData<string> Paths => [.. Grammar.Commands.Select(command => command.Path)];

    public void Dispose() => _session.Dispose();

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_option_and_argument_is_a_parameter(string path)
    {
        var command = Grammar.Commands.Single(command => command.Path == path);
        var binding = CmdletBindings.Of(command);
        var parameters = binding.ParametersFor(Everything(command));
        var cmdlet = Cmdlet(binding.Cmdlet);
        var global = Grammar.GlobalOptions.Select(option => binding.ParameterOf(option.Name)).ToHashSet();
        foreach (var name in parameters.Keys.Where(name => !global.Contains(name))) Assert.Contains(name, cmdlet.Parameters.Keys);
        // One parameter set accepts all of them, with values of the right types, and requires no others.
        var bound = parameters.Keys.Where(cmdlet.Parameters.ContainsKey).ToList();
        var sets = cmdlet.ParameterSets.Where(set => bound.All(name => set.Parameters.Any(parameter => parameter.Name == name))).ToList();
        Assert.NotEmpty(sets);
        Assert.Contains(
            sets, set => set.Parameters.Where(parameter => parameter.IsMandatory).All(parameter => bound.Contains(parameter.Name)));
        foreach (var name in bound)
        {
            var value = cmdlet.Parameters[name].Attributes.OfType<ArgumentTransformationAttribute>()
                .Aggregate(parameters[name], (text, attribute) => attribute.Transform(null!, text));
            Assert.True(LanguagePrimitives.TryConvertTo(value, cmdlet.Parameters[name].ParameterType, out _), name);
        }
    }

    [Fact]
    public void Every_cmdlet_that_works_with_hosts_takes_the_global_options()
    {
        foreach (var command in Grammar.Commands)
        {
            if (command.Words[0] is not ("deploy" or "app" or "accessory" or "server" or "proxy")) continue;
            var binding = CmdletBindings.Of(command);
            var missing = Grammar.GlobalOptions
                .Where(option => option.Name is not ("quiet" or "version") && !option.Name.StartsWith("lock", StringComparison.Ordinal))
                .Select(option => binding.ParameterOf(option.Name)).Except(Cmdlet(binding.Cmdlet).Parameters.Keys);
            Assert.Empty(missing);
        }
    }

    [Fact]
    public void Every_parameter_of_all_operations_is_an_option()
    {
        var kamals = Grammar.GlobalOptions.Select(option => CmdletBinding.Plain.ParameterOf(option.Name));
        var parameters = typeof(KamalHostCmdlet).GetProperties()
            .Where(property => property.GetCustomAttributes<ParameterAttribute>().Any(attribute => !attribute.DontShow))
            .Select(property => property.Name);
        Assert.Equal(parameters.Except(kamals).Order(), PowerShellOptions.OperationParameters.Order());
    }

    [Fact]
    public void A_flag_can_select_another_cmdlet()
    {
        var parsed = CommandParser.Parse(["app", "stale_containers", "--stop"]);
        Assert.Equal("Stop-KamalStaleContainer", CmdletBindings.Of(parsed.Command).CmdletFor(parsed));
        Assert.NotNull(Cmdlet("Stop-KamalStaleContainer"));
        Assert.Equal(
            "Get-KamalStaleContainer",
            CmdletBindings.Of(parsed.Command).CmdletFor(CommandParser.Parse(["app", "stale_containers"])));
    }

    [Fact]
    public void Pairs_become_an_ordered_dictionary()
    {
        var parsed = CommandParser.Parse(["app", "exec", "-e", "B:http://x/", "A:", "--", "ls"]);
        var env = (IDictionary)CmdletBindings.Of(parsed.Command).ParametersFor(parsed)["Env"];
        Assert.Equal(["B", "A"], env.Keys.Cast<string>());
        Assert.Equal(["http://x/", ""], env.Values.Cast<string>());
    }

    private static ParsedCommand Everything(CommandSpec command)
    {
        List<string> words = [.. command.Words];
        foreach (var option in Grammar.GlobalOptions.Concat(command.Options))
        {
            words.Add("--" + option.Name);
            if (option.Kind != OptionKind.Flag)
            {
                words.Add(option.Kind switch
                {
                    OptionKind.Number => "5", OptionKind.Pairs => "A:b",
                    _ when option.Name == "watch" => "30s",
                    _ when option.Name == "max-error-rate" => "2.5",
                    _ => option.Values.FirstOrDefault("x"),
                });
            }
        }

        words.Add("--");
        words.AddRange(command.Arguments.Select(argument => argument.Name));
        return CommandParser.Parse(words);
    }

    private CmdletInfo Cmdlet(string name) => _session.Run($"Get-Command {name} -CommandType Cmdlet").Results<CmdletInfo>().Single();
}
