// The words around what matters in a trail's files: what leads on, what leads back, what tells a thing. It knows no file, and puts no line together.

namespace Baltoro.Worlds;

/// <summary>All in the form of <see cref="Asking"/>.</summary>
public static class Wordings
{
    /// <summary>In front of the name of the file that comes next.</summary>
    internal static readonly string[] Onward =
    [
        "[|the |our |my |your |a ]next[| file| stop| page| part| one| step| note| place| link| name| clue| entry| chapter| sheet| record| station| leaf| letter| item][| is| is in| comes| is called| stands in| lies in]",
        "[|now |then |please |so |and |first ][go|go on|walk|walk on|move|move on|come|carry on|step|run|travel|hop|jump|skip ahead|head|turn|switch|press on|proceed|pass][| from here| now][ to| over to| on to| across to]",
        "[|now |then |please ][continue|go on|keep on|proceed|resume|read on][| reading][ in| with| at| from]",
        "[|is |to be |now ][continued|resumed|carried on][ in| at| from| by]",
        "[|now |then |please |so |and |next ][see|read|open|visit|take|try|check|follow|view|load|fetch|study|look at|look in|look into|look up|turn up][| next| now| the file| also]",
        "[|now |then |so ]the [trail|path|way|story|chain|track|text|list|road|line|thread][| then| now][ goes on in| leads to| continues in| runs on in| points to| takes you to| ends not here but in| proceeds to]",
        "[this|which|it|that|all this|the arrow|the sign][ leads to| points to| leads on to| is followed by| refers to| links to| goes to| gives way to| hands over to]",
        "[leads to|points to|followed by|refers to|links to|up next|then comes|after this|after this comes|after that|then|on to|off to|then on to|forward to|forward|from here|from here to|from here on|further in|further|more in|more is in|the rest is in|ahead]",
        "[link|target|successor|goto|follow-up|destination|pointer|arrow|onward|follower|continuation|sequel|way on|where to go|what follows|what comes next|what follows is in|who is next]",
    ];

    /// <summary>In front of the name of a file that does not come next.</summary>
    internal static readonly string[] Aside =
    [
        "[|this is |it is |but ]not[| in| yet| now| needed]", "never[| open| read| use]", "[|go ]back[| to| link| from]", "[came|comes|come|taken|copied|moved|split|made|born] from", "[|the ]previous[| file| one| page| stop| is]",
        "[before|ahead of] this", "[|was ][formerly|once|earlier|long ago][| in| called]", "[|the |an ]old[| name| file| copy| one| version]", "[was|stood|lay] in", "replaces", "instead of",
        "[do not|don't|you need not|never|no need to] [open|read|use|follow|look at|touch]", "[ignore|skip|forget|leave out|avoid|leave]", "[unlike|unused|deleted|gone|removed|obsolete|closed|lost|stale]",
        "[|the ]last[| one| stop| page| time]", "[written|edited] before",
    ];

    /// <summary>In front of the kind of a thing that a file tells.</summary>
    internal const string Opening = "[||||the |the |the |your |our |my |this file's |that |this |and the |and |here is the |here the |note the |take the |now the |with the |a |its |their |use the |remember the |keep the |so the |then the |one ]";

    /// <summary>Between a kind and its thing; those that are usual more than once.</summary>
    internal static readonly string[] Between =
    [
        " is ", " is ", " is ", ": ", ": ", ": ", " = ", " = ", "=", " -> ", " => ", " - ", " ", " here is ", " is now ", " you want is ", " you need is ", " reads ", " must be ", " was ", ":", " of today: ", " in here is ", " to note is ", " says ",
    ];

    /// <summary>Every word of them, with small and with capital first letters.</summary>
    public static IEnumerable<string> Words => Onward.Concat(Aside).Append(Opening).Concat(Between)
        .SelectMany(form => form.Split([' ', '[', ']', '|', ':', '=', '>', '-'], StringSplitOptions.RemoveEmptyEntries)).Distinct()
        .SelectMany(word => new[] { word, Names.Capital(word) });
}
