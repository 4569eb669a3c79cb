// Memory outside of the collector's heap, for what is large or must stay in place. Knows no contents.

using System.Runtime.InteropServices;

namespace Baltoro.Engine.Kernels;

/// <summary>An array of <see cref="Length"/> elements, zeroed, beginning at a multiple of 64 bytes. Freed by <see cref="Dispose"/>; not before its last reader is done.</summary>
sealed unsafe class Native<T> : IDisposable where T : unmanaged
{
    const nuint Alignment = 64;

    void* _block;
    T* _start;

    public Native(long length)
    {
        Length = length;
        nuint bytes = checked((nuint)(length * sizeof(T)));
        // Not an aligned block that is zeroed then: what the system gives is zero, and a large array takes memory only where it is used.
        _block = NativeMemory.AllocZeroed(bytes + 2 * Alignment);
        _start = (T*)(((nuint)_block + Alignment - 1) / Alignment * Alignment);
        LargePages.Ask(_block, (long)bytes);
        GC.AddMemoryPressure((long)bytes + 64);
    }

    ~Native() => Free();

    public long Length { get; }

    public T* Start => _start;

    public Span<T> Span => new(_start, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        if (_block == null) return;
        NativeMemory.Free(_block);
        GC.RemoveMemoryPressure(Length * sizeof(T) + 64);
        _block = _start = null;
    }
}
