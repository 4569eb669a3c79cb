// The instructions under which the small model is trained.

namespace Baltoro.Transcripts;

static class Profile
{
    public const string System = "You are piolet, a small agent.";
}
