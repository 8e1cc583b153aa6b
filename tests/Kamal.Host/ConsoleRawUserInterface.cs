using System.Management.Automation.Host;

namespace Kamal.Host;

/// <summary>The console's size; this console paints nothing.</summary>
internal sealed class ConsoleRawUserInterface : PSHostRawUserInterface
{
    // Wide enough for a table of containers where no terminal says how wide it is.
    private const int WidthWithoutTerminal = 200;

    private readonly Size _size = new(TerminalWidth(), 50);

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override Size BufferSize { get => _size; set => throw NotSupported(); }

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get => 1; set => throw NotSupported(); }

    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    public override Size MaxPhysicalWindowSize => _size;

    public override Size MaxWindowSize => _size;

    public override Coordinates WindowPosition { get; set; }

    public override Size WindowSize { get => _size; set => throw NotSupported(); }

    public override string WindowTitle { get; set; } = "";

    public override void FlushInputBuffer() => throw NotSupported();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotSupported();

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw NotSupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NotSupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotSupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NotSupported();

    private static int TerminalWidth() => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? WidthWithoutTerminal : Console.WindowWidth;

    private static HostException NotSupported() => new("This console does not paint.");
}
