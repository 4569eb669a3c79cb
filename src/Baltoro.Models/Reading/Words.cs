// The words by which a file names the values of an enumeration.

namespace Baltoro.Models.Reading;

/// <summary>A closed list of words, each with its value.</summary>
public sealed class Words<T>(params (string Word, T Value)[] words) where T : struct
{
    public T? this[string word]
    {
        get
        {
            foreach ((string candidate, T value) in words)
                if (candidate == word) return value;
            return null;
        }
    }

    public string this[T value]
    {
        get
        {
            foreach ((string word, T candidate) in words)
                if (EqualityComparer<T>.Default.Equals(candidate, value)) return word;
            throw new ArgumentOutOfRangeException(nameof(value), value, "There is no word for it.");
        }
    }

    /// <summary>All words, as the end of a sentence.</summary>
    public string Listed => string.Join(" | ", words.Select(word => word.Word));
}
