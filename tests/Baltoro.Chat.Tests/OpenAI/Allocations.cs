// What a streamed delta costs in memory.

using System.Buffers;
using System.Text;
using Baltoro.Chat.OpenAI;
using static Baltoro.Chat.Tests.OpenAI.Sample;

namespace Baltoro.Chat.Tests.OpenAI;

public class Allocations
{
    [Theory]
    [InlineData("content")]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    public void A_delta_through_reader_and_writer_allocates_its_string_and_nothing_else(string name)
    {
        const int Times = 1000;
        byte[] data = Encoding.UTF8.GetBytes(
            $$$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"kimi","system_fingerprint":"fp","choices":[{"index":0,"delta":{"role":"assistant","{{{name}}}":" 你好 world"},"logprobs":null,"finish_reason":null}],"usage":null}""");
        ReplyReader reader = new(Kimi);
        ReplyWriter writer = Writer();
        List<ReplyEvent> events = new(8);
        ArrayBufferWriter<byte> into = new(4096);
        void Once()
        {
            events.Clear();
            into.ResetWrittenCount();
            reader.Read(data, events);
            foreach (ReplyEvent each in events) writer.Write(each, into);
        }
        for (int i = 0; i < Times; i++) Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++) Once();
        long spent = GC.GetAllocatedBytesForCurrentThread() - before;

        byte[] text = Encoding.UTF8.GetBytes(" 你好 world");
        before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++) _ = Encoding.UTF8.GetString(text);
        Assert.Equal(GC.GetAllocatedBytesForCurrentThread() - before, spent);
    }
}
