using System.Text.Json;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Templates;

/// <summary>Renders a template with the machine's own Ruby, as Kamal does.</summary>
/// <remarks>
/// The template goes to its standard input, so that no process list shows it. The answer comes as JSON on what was its
/// standard output; what the template prints to the screen goes elsewhere.
/// </remarks>
internal sealed class RubyProcess(TemplateEnvironment environment)
{
    /// <summary>A template may run commands that wait for a network or a person.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Loads what Kamal has loaded, renders, and tells what changed in ENV. Messages leave out the values that Ruby puts into some.</summary>
    private const string Script =
        """
        lambda do
          %w[erb json yaml time date uri pathname tmpdir securerandom base64 open3 shellwords digest dotenv active_support active_support/core_ext/object/blank
             active_support/core_ext/hash/keys active_support/core_ext/string/inquiry].each { |name| begin; require name; rescue LoadError; end }
          answer = $stdout.dup
          $stdout.reopen($stderr)
          Encoding.default_external = Encoding::UTF_8
          before = ENV.to_h
          begin
            text = ERB.new($stdin.read.force_encoding("UTF-8"), trim_mode: "-").result
            after = ENV.to_h
            changes = after.reject { |name, value| before[name] == value }.merge((before.keys - after.keys).to_h { |name| [name, nil] })
            result = { text: text, changes: changes }
          rescue SystemExit, ScriptError, StandardError => error
            line = ([error.message] + (error.backtrace || [])).filter_map { |entry| entry[/\(erb\):(\d+)/, 1] }.first
            message = case error
            when NoMethodError then "undefined method #{error.name} for #{error.receiver.nil? ? "nil" : "a #{error.receiver.class}"}"
            when NameError then "undefined name #{error.name}"
            else error.message
            end
            result = { error: error.class.name, message: message, line: line.to_i }
          end
          answer.write(JSON.generate(result))
          answer.flush
        end.call
        """;

    /// <summary>Whether ruby is on PATH.</summary>
    public bool IsAvailable => new ProgramFinder().Find("ruby", environment.ProjectDirectory, environment["PATH"], environment["PATHEXT"]) is not null;

    /// <summary>Renders a template.</summary>
    /// <returns>The text; or what Ruby says is wrong, with its line, 0 for none.</returns>
    public async Task<(string? Text, string Message, int Line)> RenderAsync(string template, CancellationToken cancellationToken)
    {
        var command = environment.Prepare(LocalCommand.Of("ruby", "-e", LocalText.Redacted(Script, "…"))) with
        {
            Input = StepInput.Of(template, "the template"),
            Timeout = Limit,
        };
        LocalResult result;
        try
        {
            result = await environment.Runner.RunAsync(command, null, cancellationToken).ConfigureAwait(false);
        }
        catch (KamalException error)
        {
            return (null, Redact(error.Message), 0);
        }

        environment.Say(Redact(result.ReadError().Trim()));
        if (Answer(result.ReadOutput()) is not { } answer)
        {
            var said = result.ReadError().Trim().Split('\n')[0];
            return (null, $"ruby ended with exit code {result.ExitCode}{(said.Length > 0 ? ": " + Redact(said) : "")}", 0);
        }

        if (answer.Text is null) return (null, $"{Redact(answer.Message ?? "")} ({answer.Error})", answer.Line);
        if (answer.Text.Length > TemplateBudget.MaxText) return (null, "the template grows too large", 0);
        foreach (var (name, value) in answer.Changes ?? []) environment.Set(name, value);
        return (answer.Text, "", 0);
    }

    private static RubyAnswer? Answer(string output)
    {
        try
        {
            return JsonSerializer.Deserialize(output, RubyAnswerContext.Default.RubyAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Without the values of variables whose names say that they are secret, and those that only the template has.</summary>
    private string Redact(string message)
    {
        var own = environment.All().Where(pair => LiteralSecrets.IsSecretName(pair.Key) || Environment.GetEnvironmentVariable(pair.Key) != pair.Value)
            .Where(pair => pair.Key != "KAMAL_DESTINATION" && pair.Value.Length > 0);
        return SecretRedactor.OfNamed(own.Select(pair => KeyValuePair.Create(pair.Key, new SecretValue(pair.Value)))).Redact(message);
    }
}
