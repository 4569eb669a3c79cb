// Why a file could not be written, in words for a model and a person; it refuses to name the ways by which a folder is held meanwhile.

namespace Baltoro.Agent.Tools;

static class NotWritten
{
    // errno of Linux, which .NET leaves in HResult; the same on macOS but for the quota.
    const int NoSpace = 28, ReadOnly = 30, NameTooLong = 36, Quota = 122;

    /// <summary>An outcome for the model: what was to be written, that it is as it was, and why.</summary>
    public static ToolOutcome Because(string shown, Exception why) => ToolOutcome.Error($"{shown}: it could not be written, and is as it was: {Words(why)}");

    static string Words(Exception why) => why switch
    {
        // The tools' own refusals have none inside.
        UnauthorizedAccessException { InnerException: not null } => "the file system does not permit it.",
        { HResult: NoSpace } => "the disk is full.",
        { HResult: Quota } => "the disk quota is used up.",
        { HResult: ReadOnly } => "the file system is read-only.",
        PathTooLongException or { HResult: NameTooLong } => "its name is too long.",
        _ => why.Message,
    };
}
