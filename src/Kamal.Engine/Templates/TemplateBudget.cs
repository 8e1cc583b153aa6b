namespace Kamal.Engine.Templates;

/// <summary>What one template may cost: how much text and how many values it may make in all, and how many steps it may take.</summary>
/// <remarks>The largest configurations in use cost some hundred kilobytes; the bounds are for what was never meant to end.</remarks>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class TemplateBudget(CancellationToken cancellationToken)
{
    /// <summary>The most characters of one text.</summary>
    public const int MaxText = 8 * 1024 * 1024;

    /// <summary>The most values of one list.</summary>
    public const int MaxList = 100_000;

    private const long MaxCharacters = 64 * 1024 * 1024;
    private const long MaxValues = 2_000_000;
    private const int MaxSteps = 1_000_000;
    private long _characters;
    private long _values;
    private int _steps;

    /// <summary>Whether it is used up; then no later part of the template is looked at.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Counts a step: a part of the template, an expression, a turn of a loop.</summary>
    public void Step()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (++_steps > MaxSteps) throw Spent($"the template takes more than {MaxSteps} steps");
    }

    /// <summary>Allows a text of that length to be made.</summary>
    public void Text(long length)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (length > MaxText) throw Spent($"the text grows too large: more than {MaxText / 1024 / 1024} million characters");
        if ((_characters += length) > MaxCharacters)
        {
            throw Spent($"the template makes more than {MaxCharacters / 1024 / 1024} million characters of text");
        }
    }

    /// <summary>Allows a list of that length to be made.</summary>
    public void List(long count)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (count > MaxList) throw Spent($"the list grows too long: more than {MaxList} values");
        if ((_values += count) > MaxValues) throw Spent($"the template makes more than {MaxValues} values in lists");
    }

    private TemplateError Spent(string message)
    {
        IsSpent = true;
        return new(message);
    }
}
