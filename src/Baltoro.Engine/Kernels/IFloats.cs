// What a layout of unquantised weights tells the kernels. Knows no file format.

using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>Weights kept as floats of some width: 16 rows interleaved, column by column. A load widens all rows of a column.</summary>
unsafe interface IFloats
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Bytes { get; }

    static abstract float Get(byte* at);

    static abstract Vector512<float> Sixteen(byte* at);

    static abstract Vector256<float> Eight(byte* at);

    static abstract Vector128<float> Four(byte* at);
}
