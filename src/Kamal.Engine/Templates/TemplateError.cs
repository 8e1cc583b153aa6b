namespace Kamal.Engine.Templates;

/// <summary>A piece of a template that cannot be read or evaluated; becomes a problem with its line.</summary>
internal sealed class TemplateError(string message, int offset = 0) : Exception(message)
{
    /// <summary>The forms that work, for messages.</summary>
    public const string SupportedForms =
        "ENV[\"X\"], ENV.fetch(\"X\", \"default\"), %x(command) or `command`, File.read(\"file\"), text and numbers with + and ||, " +
        "methods such as .strip, .chomp, .downcase, .upcase, .to_i; <% if %> … <% else %> … <% end %>, <% %w[a b].each do |x| %> … <% end %> (also over a range (1..3)), " +
        "<% x = value %>, <% require \"dotenv\"; Dotenv.load(\".env\") %>, <%# comment %>";

    /// <summary>Where in the code it is.</summary>
    public int Offset { get; } = offset;

    public static TemplateError Unsupported(string what, int offset = 0) => new($"{what} is not supported in templates. Supported are: {SupportedForms}", offset);
}
