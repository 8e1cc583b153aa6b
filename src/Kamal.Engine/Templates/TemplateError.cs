namespace Kamal.Engine.Templates;

/// <summary>A piece of a template that cannot be read or evaluated; becomes a problem with its line.</summary>
internal class TemplateError(string message, int offset = -1) : Exception(message)
{
    /// <summary>How the message of a form ends that Ruby may know.</summary>
    public const string WithoutRuby = " is not supported without Ruby";

    /// <summary>Where in the code it is; -1 where only the evaluator knows.</summary>
    public int Offset { get; private set; } = offset;

    /// <summary>Whether Ruby itself may know the form.</summary>
    public bool IsUnsupported => Message.EndsWith(WithoutRuby, StringComparison.Ordinal);

    /// <summary>A form that is not evaluated without Ruby.</summary>
    public static TemplateError Unsupported(string what, int offset = -1) => new(what + WithoutRuby, offset);

    /// <summary>Says where it is, unless that is known.</summary>
    public void Locate(int offset)
    {
        if (Offset < 0) Offset = offset;
    }
}
