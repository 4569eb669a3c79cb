// The log cannot be written, so nothing may follow; it refuses to know what was to be written.

namespace Baltoro.Agent.Sessions;

/// <summary>A session whose events are not on disk would be lost in a crash: the run stops here.</summary>
public sealed class LogException(string folder, Exception inner) : Exception($"{folder}: the session cannot be written: {inner.Message}", inner);
