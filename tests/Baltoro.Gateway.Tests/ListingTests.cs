// The small endpoints.

using System.Net;
using System.Text.Json;

namespace Baltoro.Gateway.Tests;

public class ListingTests
{
    [Theory]
    [InlineData("HEAD", "/"), InlineData("HEAD", "/api/hello"), InlineData("GET", "/api/hello"), InlineData("HEAD", "/health"), InlineData("HEAD", "/v1/models")]
    public async Task Probes_are_answered(string method, string path)
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.SendAsync(new(new HttpMethod(method), path))).StatusCode);
    }

    [Fact]
    public async Task Health_tells_the_version()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        Assert.Equal("""{"status":"ok","product":"baltoro","version":"1.2.3"}""", await gateway.Client.GetStringAsync("/health"));
    }

    [Theory, InlineData(""), InlineData("/anthropic"), InlineData("/openai")]
    public async Task One_list_of_models_serves_both_kinds_of_client(string prefix)
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        using JsonDocument list = JsonDocument.Parse(await gateway.Client.GetStringAsync($"{prefix}/v1/models?limit=1000"));
        JsonElement model = list.RootElement.GetProperty("data")[0];
        Assert.Equal("list", list.RootElement.GetProperty("object").GetString());
        Assert.False(list.RootElement.GetProperty("has_more").GetBoolean());
        Assert.Equal(("m", "model", "model", "The model"), (model.GetProperty("id").GetString(), model.GetProperty("type").GetString(),
            model.GetProperty("object").GetString(), model.GetProperty("display_name").GetString()));
        Assert.Equal(200_000, model.GetProperty("max_input_tokens").GetInt32());
    }

    [Fact]
    public async Task One_model_is_shown_by_its_id_and_an_unknown_one_is_a_404()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        using JsonDocument model = JsonDocument.Parse(await gateway.Client.GetStringAsync("/v1/models/m"));
        Assert.Equal("m", model.RootElement.GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Client.GetAsync("/v1/models/moonshotai/none")).StatusCode);
    }

    [Fact] // Row 27
    public async Task Tokens_are_counted_without_asking_the_model_and_a_longer_prompt_counts_more()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        long one = await Count("hello world"), many = await Count(string.Concat(Enumerable.Repeat("hello world ", 100)));
        Assert.InRange(one, 2, 40);
        Assert.InRange(many, 200, 400);
        Assert.Empty(gateway.Upstream.Requests);

        async Task<long> Count(string text)
        {
            HttpResponseMessage response = await gateway.Post("/v1/messages/count_tokens", $$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}""");
            using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return body.RootElement.GetProperty("input_tokens").GetInt64();
        }
    }

    [Fact]
    public async Task Counting_the_tokens_of_nonsense_is_a_400()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Post("/v1/messages/count_tokens", "{")).StatusCode);
    }
}
