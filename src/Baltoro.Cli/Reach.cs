// What the file tools of a session may reach, as two questions; it refuses to know who answers them.

namespace Baltoro.Cli;

/// <summary>Both are given a real path, links followed, and are safe from any thread.</summary>
sealed record Reach(Func<string, bool> Read, Func<string, bool> Write);
