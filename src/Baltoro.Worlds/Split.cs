// What a model is trained on and what it is measured by, kept apart for ever by hash and by list. It knows no model.

namespace Baltoro.Worlds;

/// <summary>Which names and wordings may be drawn.</summary>
public enum Split
{
    /// <summary>All but those of the other two.</summary>
    Train,

    /// <summary>Names and wordings whose hash keeps them out of training: one in eight.</summary>
    HeldOut,

    /// <summary>Names from a list of real words that training never sees; wordings as in <see cref="HeldOut"/>.</summary>
    RealWords,
}

static class Held
{
    /// <summary>FNV-1a over UTF-16 units; one in eight is held out.</summary>
    public static bool Out(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text) hash = (hash ^ c) * 16777619;
        return (hash >> 7) % 8 == 0;
    }

    /// <summary>Those of a list that belong to a split; all where the hash left it none.</summary>
    public static string[] Of(string[] all, Split split) => all.Where(each => Fits(each, split)).ToArray() is { Length: > 0 } some ? some : all;

    public static bool Fits(string text, Split split) => Out(text) == (split != Split.Train);
}
