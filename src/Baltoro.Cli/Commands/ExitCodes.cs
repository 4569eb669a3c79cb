// What the process tells its caller in one number.

using Baltoro.Agent.Loop;

namespace Baltoro.Cli.Commands;

static class ExitCodes
{
    public const int Ok = 0;
    public const int NothingFound = 1;

    /// <summary>What went wrong is nothing that other arguments would put right.</summary>
    public const int Error = 1;

    /// <summary>What was to be looked at is not as it should be.</summary>
    public const int Wrong = 1;

    /// <summary>Arguments or configuration that the user must correct.</summary>
    public const int BadInput = 2;

    /// <summary>The program that was to be started is not there; what shells say.</summary>
    public const int NotInstalled = 127;

    public const int OutOfBudget = 3;
    public const int Looped = 4;
    public const int Blocked = 5;

    /// <summary>As shells report a process that Ctrl-C ended.</summary>
    public const int Interrupted = 130;

    public static int Of(RunEnd end) => end switch
    {
        RunEnd.Done => Ok,
        RunEnd.Error => Error,
        RunEnd.OutOfBudget => OutOfBudget,
        RunEnd.Looped => Looped,
        RunEnd.Blocked => Blocked,
        RunEnd.Interrupted => Interrupted,
        _ => throw new InvalidOperationException($"Unknown end {end}."),
    };
}
