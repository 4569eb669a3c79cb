// One request of the examination, and what a good model does with it.

using Baltoro.Chat;

namespace Baltoro.Models.Verification;

/// <param name="Name">Says what is tried.</param>
/// <param name="Request">Without a model's name; fitted to whoever is asked.</param>
/// <param name="CallIsDue">Whether a good model calls a tool here.</param>
/// <param name="FollowsTheOneBefore">True when it repeats all of the question before and adds to it, so that a prefix cache can hit.</param>
public sealed record Question(string Name, ChatRequest Request, bool CallIsDue, bool FollowsTheOneBefore = false);
