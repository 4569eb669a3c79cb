// An immutable list that compares by its items; it knows nothing of what they mean.

using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Baltoro.Chat;

/// <summary>
/// An immutable list with value equality, so that records which hold lists compare as whole values.
/// <c>default</c> is the empty list. Built with collection expressions.
/// </summary>
[CollectionBuilder(typeof(Sequence), nameof(Sequence.Create))]
public readonly struct Sequence<T>(ImmutableArray<T> items) : IReadOnlyList<T>, IEquatable<Sequence<T>>
{
    readonly ImmutableArray<T> _items = items;

    ImmutableArray<T> Items => _items.IsDefault ? [] : _items;

    public int Count => Items.Length;

    public bool IsEmpty => Items.IsEmpty;

    public T this[int index] => Items[index];

    public ReadOnlySpan<T> AsSpan() => Items.AsSpan();

    public ImmutableArray<T>.Enumerator GetEnumerator() => Items.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)Items).GetEnumerator();

    /// <summary>A list with each item replaced; the same list when <paramref name="change"/> returns every item unchanged.</summary>
    public Sequence<T> Map(Func<T, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        ImmutableArray<T>.Builder? changed = null;
        for (int i = 0; i < Items.Length; i++)
        {
            T next = change(Items[i]);
            if (changed is null && !ReferenceEquals(next, Items[i]))
            {
                changed = ImmutableArray.CreateBuilder<T>(Items.Length);
                changed.AddRange(Items, i);
            }
            changed?.Add(next);
        }
        return changed is null ? this : new(changed.MoveToImmutable());
    }

    public bool Equals(Sequence<T> other) => Items.SequenceEqual(other.Items);

    public override bool Equals(object? obj) => obj is Sequence<T> other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (T item in Items) hash.Add(item);
        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", Items)}]";

    public static bool operator ==(Sequence<T> left, Sequence<T> right) => left.Equals(right);

    public static bool operator !=(Sequence<T> left, Sequence<T> right) => !left.Equals(right);
}

/// <summary>Makes a <see cref="Sequence{T}"/>.</summary>
public static class Sequence
{
    public static Sequence<T> Create<T>(ReadOnlySpan<T> items) => new(ImmutableArray.Create(items));

    public static Sequence<T> ToSequence<T>(this IEnumerable<T> items) => new([.. items]);
}
