using System.Reflection;
using System.Runtime.CompilerServices;
using Kamal.Engine.Commands;
using Kamal.Engine.Local;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

/// <summary>Holds the tests of commands against the commands, so that a new one is not forgotten.</summary>
public sealed class EveryCommandTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] Rendered =
    [
        typeof(ShellCommand), typeof(ShellWord), typeof(IEnumerable<ShellWord>),
        typeof(LocalCommand), typeof(IReadOnlyList<LocalCommand>), typeof(IReadOnlyList<BuilderStep>),
    ];

    public static TheoryData<string> Classes => [.. Types.Select(type => type.Name)];

    private static IEnumerable<Type> Types => typeof(ShellCommand).Assembly.GetTypes().Where(type =>
        type is { Namespace: "Kamal.Engine.Commands", IsNested: false } && Methods(type).Any());

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_class_has_its_tests_and_each_method_that_renders_is_among_them(string name)
    {
        var path = Path.Combine(ConfigurationFixture.RepositoryRoot, $"tests/Kamal.Engine.Tests/Commands/{name}Tests.cs");
        Assert.True(File.Exists(path), $"{name} needs tests in {path}.");
        var text = File.ReadAllText(path);
        var renders = Methods(Types.Single(type => type.Name == name)).Where(method => Rendered.Contains(method.ReturnType));
        Assert.All(renders, method => Assert.Contains($".{method.Name}(", text, StringComparison.Ordinal));
    }

    /// <summary>The methods that another class can call; those of data are the compiler's.</summary>
    private static IEnumerable<MethodInfo> Methods(Type type) => type.GetMethods(Declared).Where(method =>
        !method.IsPrivate && !method.IsSpecialName && !method.IsVirtual && !method.IsDefined(typeof(CompilerGeneratedAttribute)));
}
