// Memory for operands, allocated once. Knows no tokens.

using Baltoro.Engine.Weights;

namespace Baltoro.Engine.Kernels;

/// <summary>Room for the inputs of some tokens; operands are cut out of it.</summary>
/// <param name="rooms">Tokens, tiles' padding included (<see cref="Operand.Rooms"/>).</param>
/// <param name="columns">Columns of the widest operand.</param>
/// <param name="ints">Whether quantised weights are multiplied with it.</param>
/// <param name="floats">Whether float weights are multiplied with it.</param>
sealed unsafe class OperandRoom(long rooms, int columns, bool ints, bool floats) : IDisposable
{
    readonly Native<sbyte>? _ints = ints ? new(rooms * Operand.Pad(columns)) : null;
    readonly Native<float>? _scales = ints ? new(rooms * Operand.Pad(columns) / Operand.Group) : null;
    readonly Native<int>? _corrections = ints ? new(rooms * Operand.Pad(columns) / Operand.Group) : null;
    readonly Native<int>? _halves = ints ? new(rooms * Operand.Pad(columns) / Operand.Group) : null;
    readonly Native<float>? _floats = floats ? new(rooms * columns) : null;

    /// <summary>Room for what these matrices are multiplied with.</summary>
    public static OperandRoom For(long rooms, int columns, IEnumerable<Matrices?> readers)
    {
        Matrices[] all = [.. readers.OfType<Matrices>()];
        return new(rooms, columns, all.Any(one => one.Quantised), all.Any(one => !one.Quantised));
    }

    /// <summary>Whether an operand has every form that is kept here, so that it can stand for one.</summary>
    public bool Fits(in Operand operand) => (_ints is null || operand.Ints != null) && (_floats is null || operand.Floats != null);

    /// <summary>The operand of <paramref name="count"/> tokens that begins after <paramref name="before"/> tokens' room of the same width.</summary>
    public Operand Cut(long before, int count, int columns)
    {
        long padded = Operand.Pad(columns);
        Operand cut = new() { Columns = columns, Count = count };
        if (_ints is not null)
        {
            cut.Ints = _ints.Start + before * padded;
            cut.Scales = _scales!.Start + before * padded / Operand.Group;
            cut.Corrections = _corrections!.Start + before * padded / Operand.Group;
            cut.Halves = _halves!.Start + before * padded / Operand.Group;
        }
        if (_floats is not null) cut.Floats = _floats.Start + before * columns;
        return cut;
    }

    public void Dispose()
    {
        _ints?.Dispose();
        _scales?.Dispose();
        _corrections?.Dispose();
        _halves?.Dispose();
        _floats?.Dispose();
    }
}
