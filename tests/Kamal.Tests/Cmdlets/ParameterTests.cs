using System.Reflection;
using System.Reflection.Emit;
using Kamal.Cmdlets;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Cmdlets;

/// <summary>Parameters do something.</summary>
public sealed class ParameterTests
{
    private static readonly string[] OfHosts =
        ["HostName", "Role", "Primary", "SkipHooks", "ThrottleLimit", "AcceptNewHostKey", "Credential"];

    public static TheoryData<string> OnThisMachine => All.Where(type =>
        typeof(KamalOperationCmdlet).IsAssignableFrom(type) && !typeof(KamalHostCmdlet).IsAssignableFrom(type));

    [Fact]
    public void Every_declared_parameter_is_read()
    {
        var read = CalledMethods(typeof(KamalCmdlet).Assembly).Select(method => method.MetadataToken).ToHashSet();
        var unread = All.Types.SelectMany(All.Parameters)
            .Where(property => !read.Contains(property.GetMethod!.MetadataToken)
                && !read.Contains(property.GetMethod.GetBaseDefinition().MetadataToken))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").Distinct();
        Assert.Empty(unread);
    }

    [Theory]
    [MemberData(nameof(OnThisMachine))]
    public void Cmdlets_that_reach_no_host_have_no_parameters_for_hosts(string name) =>
        Assert.Empty(All.Parameters(All.Find(name)).Select(property => property.Name).Intersect(OfHosts));

    [Fact]
    public void Cmdlets_that_only_read_hosts_do_not_take_a_version() => Assert.All(
        // A plan is of a version, although it changes nothing.
        All.Types.Where(type => typeof(KamalReadCmdlet).IsAssignableFrom(type) && type != typeof(GetKamalPlanCommand)),
        type => Assert.Null(type.GetProperty("Version")));

    [Fact]
    public void A_lock_tells_a_script_whether_it_is_held()
    {
        using var shop = new ListedShop();
        Assert.Equal([true], shop.Session.Run("(Get-KamalLock).Held").Results<bool>());
    }

    /// <summary>The methods that an assembly's code calls.</summary>
    private static IEnumerable<MethodBase> CalledMethods(Assembly assembly)
    {
        const BindingFlags all =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var methods = assembly.GetTypes().SelectMany(type => type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)));
        foreach (var method in methods)
        {
            if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) continue;
            for (var at = 0; at + 4 < code.Length; at++)
            {
                if (code[at] != OpCodes.Call.Value && code[at] != OpCodes.Callvirt.Value) continue;
                MethodBase? called = null;
                try
                {
                    called = assembly.ManifestModule.ResolveMethod(
                        BitConverter.ToInt32(code, at + 1), method.DeclaringType!.GetGenericArguments(),
                        method.IsGenericMethod ? method.GetGenericArguments() : null);
                }
                // Not a call, but an operand that looks like one.
                catch (Exception error) when (error is ArgumentException or BadImageFormatException)
                {
                }

                if (called?.Module == assembly.ManifestModule) yield return called;
            }
        }
    }
}
