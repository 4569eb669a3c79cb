// The models of a running gateway, with `baltoro` meaning what was chosen last. It refuses to know who chooses.

using Baltoro.Chat;

namespace Baltoro.Models;

/// <summary>Notices a choice at the next look, in any process that looks. Safe to use from several threads.</summary>
/// <param name="configured">The models as the configuration has them; they stand as long as nothing usable is chosen.</param>
/// <param name="file">Null where there is no state folder: then nothing is ever chosen.</param>
/// <param name="report">Told of each change once, in words for people; the flag says that something is wrong.</param>
public sealed class StandingModels(ModelDirectory configured, IChoices? file, Action<string, bool> report)
{
    readonly Lock _looking = new();
    Seen _seen = new(default, Choice.None.Instance, configured);

    /// <summary>Costs one look at a file's time where nothing has changed.</summary>
    public ModelDirectory Now => Look().Models;

    public Choice Choice => Look().Choice;

    Seen Look()
    {
        Seen seen = Volatile.Read(ref _seen);
        if (file is null) return seen;
        DateTime stamp = file.Stamp;
        return stamp == seen.Stamp ? seen : LookAgain(file, stamp);
    }

    Seen LookAgain(IChoices choices, DateTime stamp)
    {
        lock (_looking)
        {
            if (_seen.Stamp == stamp) return _seen;
            // The time was taken before the text: a text newer than its time is read once more, never missed.
            Choice choice = Read(choices);
            Seen seen = new(stamp, choice, choice is Choice.Made made ? made.Models : configured);
            if (choice != _seen.Choice) Tell(choice);
            Volatile.Write(ref _seen, seen);
            return seen;
        }
    }

    Choice Read(IChoices choices)
    {
        try
        {
            return Choice.Of(configured, choices.Read());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Choice.Unresolved(choices.Path, e.Message);
        }
    }

    void Tell(Choice choice)
    {
        string standing = configured.Find("baltoro") is Lookup<Target>.Found { Value: var target } ? $"{target.Card.Id} at {target.Upstream}" : "nothing";
        switch (choice)
        {
            case Choice.Made made:
                report($"\"baltoro\" now means {string.Join(", then ", made.Targets.Select(target => $"{target.Card.Id} at {target.Upstream}"))}", false);
                break;
            case Choice.Unresolved unresolved:
                report($"what `baltoro use` chose, \"{unresolved.Name}\", is not served here: {unresolved.Problem} \"baltoro\" means {standing}", true);
                break;
            default:
                report($"\"baltoro\" now means {standing}, the configured default", false);
                break;
        }
    }

    sealed record Seen(DateTime Stamp, Choice Choice, ModelDirectory Models);
}
