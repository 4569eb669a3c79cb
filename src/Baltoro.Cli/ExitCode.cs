// What the process says by its exit code; the same for every command.

namespace Baltoro.Cli;

static class ExitCode
{
    public const int Done = 0;
    public const int Error = 1;
    public const int BadInput = 2;
}
