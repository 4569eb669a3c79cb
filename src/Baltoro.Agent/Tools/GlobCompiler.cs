// Reads a path pattern, in git's words or in ripgrep's, into an automaton. It matches nothing itself.

using static Baltoro.Agent.Tools.GlobMachine;

namespace Baltoro.Agent.Tools;

/// <summary>One reading of one pattern.</summary>
sealed class GlobCompiler(string pattern, bool isGit)
{
    readonly List<Node> _nodes = [];

    /// <summary>Where the first wildcard is, and the last brackets that close something.</summary>
    readonly int _wild = pattern.AsSpan().IndexOfAny("*?[\\"), _lastBrace = pattern.LastIndexOf('}'), _lastBracket = pattern.LastIndexOf(']');

    readonly Stack<Choice> _open = new();

    /// <param name="isGit">Otherwise ripgrep's: with choices in braces, and what is not closed taken as it is written.</param>
    public static GlobMachine Compile(string pattern, bool isGit) => new([.. new GlobCompiler(pattern, isGit).Read()]);

    List<Node> Read()
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*':
                    i = Stars(i);
                    break;
                case '?': _nodes.Add(Node.Any.Instance); break;
                case '\\' when i + 1 < pattern.Length: _nodes.Add(new Node.One(pattern[++i])); break;
                case '\\': return Malformed();
                case '[':
                    if (i < _lastBracket && CharacterClass.Read(pattern, ref i) is { } members) _nodes.Add(new Node.Class(members));
                    else if (isGit) return Malformed();
                    else _nodes.Add(new Node.One('['));
                    break;
                case '{' when !isGit && i < _lastBrace:
                    _open.Push(new Choice(_nodes.Count, [], []));
                    _nodes.Add(Node.Never.Instance);
                    _open.Peek().Beginnings.Add(_nodes.Count);
                    break;
                case ',' when _open.TryPeek(out Choice? choice):
                    choice.Ends.Add(_nodes.Count);
                    _nodes.Add(Node.Never.Instance);
                    choice.Beginnings.Add(_nodes.Count);
                    break;
                case '}' when _open.TryPop(out Choice? choice): Close(choice); break;
                case var c: _nodes.Add(new Node.One(c)); break;
            }
        }
        while (_open.TryPop(out Choice? choice)) Close(choice);
        return _nodes;
    }

    /// <summary>Reads a run of stars that begins at <paramref name="i"/>; returns where its last character is.</summary>
    int Stars(int i)
    {
        int after = i;
        while (after < pattern.Length && pattern[after] == '*') after++;
        // Git compares what is in front of the first wildcard by itself, and what begins behind it begins a pattern.
        bool begins = i == 0 || pattern[i - 1] == '/' || (isGit ? i == _wild : pattern[i - 1] is '{' or ',');
        if (after - i < 2 || !begins) return Add(Node.Run.Instance, after - 1);
        if (after == pattern.Length) return Add(Node.All.Instance, after - 1);
        if (pattern[after] != '/') return Add(isGit && pattern.AsSpan(after).StartsWith("\\/") ? Node.All.Instance : Node.Run.Instance, after - 1);
        // Nothing at all, or folders.
        int fork = _nodes.Count;
        // Two in a row say no more than one.
        if (fork > 0 && _nodes[^1] is Node.Folders) return after;
        _nodes.Add(new Node.Fork([fork + 1, fork + 2]));
        return Add(Node.Folders.Instance, after);
    }

    int Add(Node node, int last)
    {
        _nodes.Add(node);
        return last;
    }

    List<Node> Malformed()
    {
        _nodes.Add(Node.Never.Instance);
        return _nodes;
    }

    void Close(Choice choice)
    {
        _nodes[choice.Place] = new Node.Fork([.. choice.Beginnings]);
        foreach (int end in choice.Ends) _nodes[end] = new Node.Fork([_nodes.Count]);
    }

    /// <param name="Place">Where its fork is to stand.</param>
    /// <param name="Beginnings">Of the alternatives.</param>
    /// <param name="Ends">Of all but the last, which runs into what follows.</param>
    sealed record Choice(int Place, List<int> Beginnings, List<int> Ends);
}
