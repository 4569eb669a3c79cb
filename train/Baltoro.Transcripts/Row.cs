// One row of training: what stands in front of the model, and which parts of it are the model's to learn. It knows no vocabulary.

using Baltoro.Worlds;

namespace Baltoro.Transcripts;

public enum PieceKind
{
    /// <summary>One control token of the vocabulary, by its name.</summary>
    Control,

    /// <summary>Text that never holds a control token, whatever it says.</summary>
    Text,
}

/// <param name="Learn">Whether the model is to write this; else it is only to read it.</param>
public readonly record struct Piece(string Text, PieceKind Kind, bool Learn);

/// <summary>A window as the agent shows it, up to the end of one of the model's turns.</summary>
public sealed record Row(IReadOnlyList<Piece> Pieces, Skill Skill)
{
    public override string ToString() => string.Concat(Pieces.Select(piece => piece.Text));
}
