using System.Diagnostics;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Xml;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Secrets;

public sealed class SecretHygieneTests
{
    private const string Hidden = "hunter2";

    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    [Fact]
    public void A_secret_is_shown_by_nothing()
    {
        var secret = new SecretValue(Hidden);
        var vault = new KamalSecret("A", secret);
        string[] shown =
        [
            secret.ToString(), $"{secret}", string.Create(null, $"{vault}"), vault.ToString(), JsonSerializer.Serialize(secret),
            JsonSerializer.Serialize(vault), JsonSerializer.Serialize(new Dictionary<string, SecretValue> { ["A"] = secret }),
            JsonSerializer.Serialize(secret, WithFields), Xml(secret),
        ];
        Assert.All(shown, text => Assert.DoesNotContain(Hidden, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_debugger_shows_no_type_that_holds_a_secret()
    {
        // Every field of a type of ours that keeps a secret's text is hidden, or its type does not show itself.
        Assert.Equal("[REDACTED]", typeof(SecretValue).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        var field = Assert.Single(typeof(SecretValue).GetFields(BindingFlags.Instance | BindingFlags.NonPublic));
        Assert.Equal(DebuggerBrowsableState.Never, field.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State);
        Assert.Equal("[REDACTED]", new SecretText(Hidden, Hidden).ToString());
        Assert.DoesNotContain(Hidden, new SecretPart.Literal(Hidden).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, CommandTemplate.Parse("op " + Hidden).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, CommandTemplate.Parse("TOKEN=hunter2 op read").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_programs_are_redacted_by_value()
    {
        var redactor = new SecretRedactor([new("hunter2"), new("hunter2-long"), new("abc"), new("line one\nline two\n"), new("")]);
        Assert.Equal(
            "a [REDACTED] b [REDACTED] abc [REDACTED]/[REDACTED]",
            redactor.Redact("a hunter2-long b hunter2 abc line one/line two"));
    }

    private static string Xml(SecretValue secret)
    {
        using var text = new StringWriter();
        using (var writer = XmlWriter.Create(text))
        {
            try
            {
                new DataContractSerializer(typeof(SecretValue)).WriteObject(writer, secret);
            }
            catch (InvalidDataContractException)
            {
                return "";
            }
        }

        return text.ToString();
    }
}
