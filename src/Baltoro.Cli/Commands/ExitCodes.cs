// What the process tells its caller in one number.

namespace Baltoro.Cli.Commands;

static class ExitCodes
{
    public const int Ok = 0;
    public const int NothingFound = 1;

    /// <summary>Arguments or configuration that the user must correct.</summary>
    public const int BadInput = 2;
}
