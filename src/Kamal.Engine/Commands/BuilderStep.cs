using Kamal.Engine.Local;

namespace Kamal.Engine.Commands;

/// <summary>One command of making or removing a builder.</summary>
/// <param name="Command">The command.</param>
/// <param name="MayFail">Whether the next one follows though it failed, since what it makes or removes may be there or gone already.</param>
internal sealed record BuilderStep(LocalCommand Command, bool MayFail = false);
