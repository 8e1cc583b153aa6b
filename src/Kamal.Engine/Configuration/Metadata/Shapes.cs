using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>Common shapes.</summary>
internal static class Shapes
{
    public const string RestartPattern = @"^(no|always|unless-stopped|on-failure(:[0-9]+)?)$";

    public static readonly ValueShape Text = new TextShape();
    public static readonly ValueShape Boolean = new BooleanShape();
    public static readonly ValueShape Scalar = new ScalarShape();
    public static readonly ValueShape Any = new AnyShape();
    public static readonly ValueShape Texts = new ListShape(Text);
    public static readonly ValueShape Name = Names.Text(Names.Token);
    public static readonly ValueShape NamesOf = new ListShape(Name);
    public static readonly ValueShape Secrets = new ListShape(Names.Text(Names.Secret));
    public static readonly ValueShape Volumes = new ListShape(Names.Text(Names.Volume));
    public static readonly ValueShape Port = new IntegerShape { Minimum = 1, Maximum = 65535 };
    public static readonly ValueShape Seconds = new IntegerShape { Unit = "seconds" };
    public static readonly ValueShape Bytes = new IntegerShape { Maximum = long.MaxValue, Unit = "bytes" };

    /// <summary>A host, or a map of one host to its tags.</summary>
    public static readonly ValueShape TaggedHost = Choice(
        Names.Text(Names.Host, strict: true),
        Names.Map(Names.Host, Choice(Name, NamesOf)) with { Single = true });

    public static readonly ValueShape TaggedHosts = new ListShape(TaggedHost);

    public static readonly ValueShape Labels = Names.Map(Names.Token, Text) with { Reserved = ["service", "role", "destination"] };

    /// <summary><c>docker run</c> options.</summary>
    public static readonly ValueShape DockerOptions = Names.Map(Names.Option, Choice(Scalar, new ListShape(Scalar))) with
    {
        Special = ImmutableDictionary<string, ValueShape>.Empty.Add("restart", new TextShape
        {
            Strict = true,
            Pattern = RestartPattern,
            PatternMeaning = "no, always, unless-stopped, on-failure or on-failure:N; put no in quotes",
        }),
    };

    public static readonly ValueShape PlainDockerOptions = Names.Map(Names.Option, Choice(Scalar, new ListShape(Scalar)));

    public static readonly ValueShape ScalarMap = Names.Map(Names.Token, Scalar);

    /// <summary>A credential: the value itself, or a list with the name of a secret.</summary>
    public static readonly ValueShape Credential = Choice(
        new TextShape { Strict = true },
        new ListShape(Names.Text(Names.Secret, strict: true)) { MinimumItems = 1, MaximumItems = 1 });

    public static readonly ValueShape HookLevel = new TextShape { Allowed = ["quiet", "verbose"] };

    public static ValueShape Choice(params ValueShape[] shapes) => new ChoiceShape([.. shapes]);

    public static ValueShape OneOf(params string[] allowed) => new TextShape { Allowed = [.. allowed] };

    public static ValueShape Section(ConfigurationSection section) => new SectionShape(section);
}
