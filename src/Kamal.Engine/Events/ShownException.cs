namespace Kamal.Engine.Events;

/// <summary>Stands for an exception whose own text held a secret or control characters.</summary>
public sealed class ShownException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">The other exception's kind and clean text.</param>
    /// <param name="innerException">What stood behind it, clean.</param>
    public ShownException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
