// What the process tells its caller in one number.

namespace Baltoro.Cli.Commands;

static class ExitCodes
{
    public const int Ok = 0;
    public const int NothingFound = 1;

    /// <summary>Arguments or configuration that the user must correct.</summary>
    public const int BadInput = 2;

    /// <summary>The program that was to be started is not there; what shells say.</summary>
    public const int NotInstalled = 127;
}
