using System.Text.Json.Serialization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kamal.Engine.Local;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Templates;

/// <summary>Renders a template with the machine's own Ruby, as Kamal does.</summary>
/// <remarks>
/// The template goes to its standard input, so that no process list shows it. The answer comes as JSON on what was its
/// standard output; what the template prints to the screen goes elsewhere.
/// </remarks>
internal sealed partial class RubyProcess(TemplateEnvironment environment)
{
    /// <summary>A template may run commands that wait for a network or a person.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Loads what Kamal has loaded, renders, and tells what changed in ENV. Messages leave out the values that Ruby puts into
    /// some.</summary>
    private const string Script =
        """
        module Ours
          def self.stand_in_for_dotenv(files)
            dotenv = Module.new do
              define_singleton_method(:parse) do |*names|
                found = (names.empty? ? [".env"] : names.flatten.compact).select { |name| File.exist?(name) }
                missing = ->(name) { raise LoadError, "#{name}: reading it needs the gem dotenv" }
                found.map { |name| files.fetch(name, &missing) }.reverse.reduce({}, :merge)
              end
              define_singleton_method(:load) do |*names, overwrite: false|
                parse(*names).each { |name, value| ENV[name] = value if overwrite || !ENV.key?(name) }
              end
              define_singleton_method(:overload) { |*names| load(*names, overwrite: true) }
            end
            Object.const_set(:Dotenv, dotenv)
            Object.define_method(:require) do |name|
              next super(name) unless ["dotenv", "dotenv/load"].include?(name)
              Dotenv.load if name == "dotenv/load"
              true
            end
            Object.send(:private, :require)
          end
        end
        lambda do
          %w[erb json yaml time date uri pathname tmpdir securerandom base64 open3 shellwords digest dotenv active_support
             active_support/core_ext/object/blank
             active_support/core_ext/hash/keys active_support/core_ext/string/inquiry].each { |name| begin; require name;
             rescue LoadError; end }
          input = JSON.parse($stdin.read)
          Ours.stand_in_for_dotenv(input["dotenv"]) unless defined?(Dotenv)
          answer = $stdout.dup
          $stdout.reopen($stderr)
          Encoding.default_external = Encoding::UTF_8
          before = ENV.to_h
          begin
            text = ERB.new(input["template"], trim_mode: "-").result
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
    public bool IsAvailable => new ProgramFinder().Find("ruby", environment.ProjectDirectory, environment["PATH"],
        environment["PATHEXT"]) is not null;

    /// <summary>Renders a template.</summary>
    /// <returns>The text; or what Ruby says is wrong, with its line, 0 for none.</returns>
    public async Task<(string? Text, string Message, int Line)> RenderAsync(string template, CancellationToken cancellationToken)
    {
        var dotenv = await DotenvAsync(template, cancellationToken).ConfigureAwait(false);
        var input = JsonSerializer.Serialize(new(template, dotenv), RubyContext.Default.RubyInput);
        var command = environment.Prepare(LocalCommand.Of("ruby", "-e", LocalText.Redacted(Script, "…"))) with
        {
            Input = StepInput.Of(input, "the template"),
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

    /// <summary>The dotenv files that the template names, for a ruby without the gem, which Kamal has.</summary>
    private async Task<Dictionary<string, IReadOnlyDictionary<string, string>>> DotenvAsync(
        string template, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        if (!template.Contains("otenv", StringComparison.Ordinal)) return files;
        foreach (var file in Quoted().Matches(template).Select(match => match.Groups["text"].Value).Append(".env").Distinct().Take(100))
        {
            if (!file.Contains(".env", StringComparison.Ordinal) || !File.Exists(environment.Resolve(file))) continue;
            try
            {
                files[file] = await Task.Run(() => environment.ReadDotenv([file], cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (TemplateError)
            {
                // Whoever loads it gets an error that names it.
            }
        }

        return files;
    }

    [GeneratedRegex("""(?<quote>["'])(?<text>[^"'\n]+)\k<quote>""", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    private static RubyAnswer? Answer(string output)
    {
        try
        {
            return JsonSerializer.Deserialize(output, RubyContext.Default.RubyAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Without the values of variables whose names say that they are secret, and those that only the template has.</summary>
    private string Redact(string message)
    {
        var own = environment.All().Where(pair => LiteralSecrets.IsSecretName(pair.Key)
            || Environment.GetEnvironmentVariable(pair.Key) != pair.Value)
            .Where(pair => pair.Key != "KAMAL_DESTINATION" && pair.Value.Length > 0);
        return SecretRedactor.OfNamed(own.Select(pair => KeyValuePair.Create(pair.Key, new SecretValue(pair.Value)))).Redact(message);
    }
}

/// <summary>What <see cref="RubyProcess"/> gets back.</summary>
internal sealed record RubyAnswer(
    [property: JsonPropertyName("text")] string? Text,
    [property: JsonPropertyName("changes")] Dictionary<string, string?>? Changes,
    [property: JsonPropertyName("error")] string? Error,
    [property: JsonPropertyName("message")] string? Message,
    [property: JsonPropertyName("line")] int Line);

/// <summary>What it gives to ruby.</summary>
internal sealed record RubyInput(
    [property: JsonPropertyName("template")] string Template,
    [property: JsonPropertyName("dotenv")] Dictionary<string, IReadOnlyDictionary<string, string>> Dotenv);

[JsonSerializable(typeof(RubyAnswer))]
[JsonSerializable(typeof(RubyInput))]
internal sealed partial class RubyContext : JsonSerializerContext;
