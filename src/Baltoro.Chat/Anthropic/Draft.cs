// A block of a Messages stream while it is being written; it refuses to know the blocks beside it.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>What a block has said so far, beyond the deltas that were already passed on.</summary>
abstract class Draft(int index)
{
    public int Index { get; } = index;

    /// <summary>Text that came with the start of the block or while the block had to wait.</summary>
    public StringBuilder Held { get; } = new();

    /// <summary>True once the upstream ended it.</summary>
    public bool Stopped { get; set; }

    public abstract bool Takes(DeltaKind kind);

    /// <summary>Text, thinking or a tool call: passed on as it comes.</summary>
    public sealed class Streamed(int index, BlockHead head) : Draft(index)
    {
        public BlockHead Head { get; } = head;

        public string? Signature { get; set; }

        /// <summary>Each the raw <c>citation</c> of one <c>citations_delta</c>.</summary>
        public List<RawJson> Citations { get; } = [];

        /// <summary>Whether any text of it was passed on.</summary>
        public bool HasSpoken { get; set; }

        /// <summary>A tool call's <c>input</c> as its start gave it: what it is called with when no delta follows.</summary>
        public string Input { get; init; } = "{}";

        public override bool Takes(DeltaKind kind) => Head switch
        {
            BlockHead.Text => kind is DeltaKind.Text or DeltaKind.Citations,
            BlockHead.Thinking => kind is DeltaKind.Thinking or DeltaKind.Signature,
            BlockHead.ToolCall => kind is DeltaKind.Input,
            _ => false,
        };

        /// <summary>A block whose citations were known only at its end says them there.</summary>
        public Extra? Ending()
        {
            if (Citations.Count == 0) return null;
            RawJson list = RawJson.Of($"[{string.Join(',', Citations)}]");
            return new(WireFormat.Anthropic, [new("citations", list)]);
        }
    }

    /// <summary>A block that is passed on whole: redacted thinking, or one without a word of ours.</summary>
    public sealed class Closed(int index, Block block) : Draft(index)
    {
        readonly Dictionary<string, RawJson> _replaced = [];

        public override bool Takes(DeltaKind kind) => block is Block.Opaque;

        /// <summary>Members of the block that a delta says anew, such as a compaction's content.</summary>
        public void Replace(ReadOnlySpan<byte> delta)
        {
            using JsonDocument document = JsonDocument.Parse(delta.ToArray(), Json.Options);
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
                if (member.Name != "type") _replaced[member.Name] = RawJson.Of(member.Value);
        }

        /// <summary>The start's block with what the deltas made of it.</summary>
        public Block Finish()
        {
            if (block is not Block.Opaque opaque) return block;
            string input = Held.ToString();
            if (input.Length == 0 && _replaced.Count == 0) return opaque;
            ArrayBufferWriter<byte> bytes = new();
            using (Utf8JsonWriter json = new(bytes, RawMembers.Options))
            {
                json.WriteStartObject();
                RawMembers.Write(json, opaque.Json, [.. _replaced.Keys, input.Length > 0 ? "input" : ""]);
                if (input.Length > 0)
                {
                    json.WritePropertyName("input"u8);
                    Arguments.Write(json, input);
                }
                foreach ((string name, RawJson value) in _replaced)
                {
                    json.WritePropertyName(name);
                    value.WriteTo(json);
                }
                json.WriteEndObject();
            }
            return opaque with { Json = new(bytes.WrittenSpan.ToArray()) };
        }
    }
}
