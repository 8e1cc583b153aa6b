namespace Kamal.Engine.Output;

/// <summary>How much a line of a record matters; the values are OpenTelemetry's severity numbers.</summary>
public enum RecordSeverity
{
    /// <summary>For those who look for something.</summary>
    Debug = 5,

    /// <summary>What happened.</summary>
    Info = 9,

    /// <summary>What should not be so.</summary>
    Warn = 13,

    /// <summary>What failed.</summary>
    Error = 17,
}
