namespace Kamal.Lab.Tests;

/// <summary>What a scenario promises, as a row of docs/real-engines.md says it.</summary>
/// <param name="title">What happens: "The new version never becomes healthy".</param>
/// <param name="promise">What is true then: "The old version answers every request; the error shows the container's last lines."</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PromiseAttribute(string title, string promise) : Attribute
{
    /// <summary>What happens.</summary>
    public string Title => title;

    /// <summary>What is true then.</summary>
    public string Promise => promise;
}
