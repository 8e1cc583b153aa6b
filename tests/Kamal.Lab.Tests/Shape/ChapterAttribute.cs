namespace Kamal.Lab.Tests;

/// <summary>The heading over the promises of a class in docs/real-engines.md.</summary>
/// <param name="title">The heading.</param>
/// <param name="order">Its place among the headings.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ChapterAttribute(string title, int order) : Attribute
{
    /// <summary>The heading.</summary>
    public string Title => title;

    /// <summary>Its place among the headings.</summary>
    public int Order => order;
}
