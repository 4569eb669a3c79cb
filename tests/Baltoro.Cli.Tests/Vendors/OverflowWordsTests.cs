// Each scripted vendor tells in its own words that a prompt is too long.

using System.Text.Json;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Baltoro.ScriptedUpstream.Vendors.Messages;

namespace Baltoro.Cli.Tests.Vendors;

public class OverflowWordsTests
{
    [Fact] public Task Claude() => Tells(new Claude(), "prompt is too long: ");
    [Fact] public Task Kimi() => Tells(new Kimi(), "Your request exceeded model token limit: 50 (requested: ");
    [Fact] public Task Kimi_by_Messages() => Tells(new CompatibleMessages(), "Your request exceeded model token limit: 50 (requested: ");
    [Fact] public Task GLM() => Tells(new Glm(), "Prompt exceeds max length");
    [Fact] public Task OpenRouter() => Tells(new OpenRouter(), "This endpoint's maximum context length is 50 tokens. However, you requested about ");
    [Fact] public Task Self_hosted() => Tells(new SelfHosted(), "This model's maximum context length is 50 tokens. However, you requested ");

    static Task Tells(Vendor vendor, string words)
    {
        vendor.Window = 50;
        return Asking.Refuses(vendor, words, $$"""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":{{JsonSerializer.Serialize(new string('x', 400))}}}]}""");
    }
}
