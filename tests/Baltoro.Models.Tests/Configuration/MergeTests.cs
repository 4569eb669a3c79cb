// What is said later wins, member by member, and nothing else changes.

using Baltoro.Chat;
using Baltoro.Models.Reading;
using CsCheck;

namespace Baltoro.Models.Tests;

public class MergeTests
{
    [Fact]
    public void Nothing_said_is_a_valid_configuration()
    {
        Settings settings = Configured.Settings();
        Assert.Equal(("127.0.0.1", 8611, (string?)null), (settings.Host, settings.Port, settings.Default));
        Assert.Equal(["novita", "moonshot", "zai", "deepseek", "anthropic", "openai", "openrouter"], settings.Upstreams.Select(upstream => upstream.Name));
        Assert.All(settings.Upstreams, upstream => Assert.IsType<Key.Missing>(upstream.Key));
        Assert.All(settings.Upstreams, upstream => Assert.Equal(new Limits(), upstream.Limits));
    }

    [Fact]
    public void Variables_that_hold_secrets_are_known_by_where_they_are_named_and_by_what_they_hold()
    {
        string user = """
            { "ledger": "postgres://u:${LEDGER_PW}@host/db",
              "upstreams": { "lab": { "url": "http://127.0.0.1:1/${TENANT}", "format": "openai", "key": "${LAB}", "headers": { "x-who": "a ${WHO} b" } } },
              "mcpServers": { "s": { "command": "${JAVA_HOME}/bin/java", "args": ["--token", "${TOK:-none}"], "env": { "GH": "${PAT_OF_ME}", "PLACE": "${HOME}" } } } }
            """;
        Sequence<string> found = Configured.Settings(Configured.With(user, null, ("LAB", "a-long-secret"), ("WHO", "me"), ("COPY", "a-long-secret"), ("TENANT", "t"), ("LEDGER_PW", "p"), ("JAVA_HOME", "a-long-secret"), ("TOK", "t"), ("OTHER", "x"))).SecretVariables;
        Assert.Equal(["COPY", "LAB", "LEDGER_PW", "PAT_OF_ME", "TENANT", "TOK", "WHO"], found.Where(name => !name.EndsWith("_API_KEY", StringComparison.Ordinal)));
        Assert.Contains("NOVITA_API_KEY", found);
    }

    [Fact]
    public void Each_source_wins_over_the_one_before()
    {
        string user = """{ "default": "glm", "port": 1, "host": "0.0.0.0" }""", project = """{ "default": "deepseek", "port": 2 }""";
        Assert.Equal(("glm", 1), Said(Configured.With(user)));
        Assert.Equal(("deepseek", 2), Said(Configured.With(user, project)));
        ConfigurationSources all = Configured.With(user, project, ("BALTORO_PORT", "3"), ("BALTORO_DEFAULT", "gpt"));
        Assert.Equal(("gpt", 3), Said(all));
        Assert.Equal(("kimi", 4), Said(all with { Port = 4, Default = "kimi" }));
        Assert.Equal("0.0.0.0", Configured.Settings(all).Host);
        Assert.Equal("localhost", Configured.Settings(all with { Host = "localhost" }).Host);

        static (string?, int) Said(ConfigurationSources sources) => Configured.Settings(sources) is var settings ? (settings.Default, settings.Port) : default;
    }

    [Fact]
    public void The_example_of_the_design_reads_as_meant()
    {
        Settings settings = Configured.Settings(
            """
            {
              "default": "kimi",                      // comments
              "upstreams": {
                "novita": { "url": "https://api.novita.ai/openai/v1", "format": "openai", "dialect": "kimi", "key": "${NOVITA_API_KEY}" },
                "lab":    { "url": "http://127.0.0.1:8000/v1/", "format": "openai", "key": "x" }     /* and others */
              },
              "models": {
                "moonshotai/kimi-k2-thinking": { "upstream": "novita", "as": "kimi", "window": 262144, "output": 262144 }
              },
              "routes": { "steady": ["kimi", "zai/glm-5.2"], },
            }
            """, null, ("NOVITA_API_KEY", " sk-secret\n"));
        Assert.Equal("novita:moonshotai/kimi-k2-thinking", settings.Asked("baltoro"));
        Assert.Equal(new Key.Set("sk-secret"), settings.Found("kimi").Upstream.Key);
        Assert.Equal(
            new Upstream { Name = "lab", Url = new("http://127.0.0.1:8000/v1"), Format = WireFormat.OpenAI, Key = new Key.Set("x") },
            settings.Upstreams.Single(upstream => upstream.Name == "lab"));
        Assert.Equal("http://127.0.0.1:8000/v1", settings.Found("lab/any").Card.Origin.Endpoint);
    }

    [Fact]
    public void An_upstream_keeps_what_the_next_file_does_not_mention()
    {
        Upstream novita = Configured.Settings(
            """{ "upstreams": { "novita": { "connect": 3, "idle": 0.5, "headers": { "X-Title": "${TITLE}" } } } }""",
            """{ "upstreams": { "novita": { "idle": 60 } } }""", ("NOVITA_API_KEY", "k"), ("TITLE", "mine")).Upstreams[0];
        Assert.Equal(
            new Upstream
            {
                Name = "novita", Url = new("https://api.novita.ai/openai/v1"), Format = WireFormat.OpenAI, Key = new Key.Set("k"), IsBuiltIn = true,
                Limits = new() { Connect = TimeSpan.FromSeconds(3), FirstByte = TimeSpan.FromSeconds(300), Idle = TimeSpan.FromSeconds(60) },
                Headers = [new("x-title", "mine")],
            },
            novita);
    }

    [Fact]
    public void A_correction_changes_one_fact_and_leaves_the_others()
    {
        ModelCard before = Configured.Settings().Found("novita:kimi-k2-thinking").Card;
        ModelCard after = Configured.Settings("""
            { "models": { "moonshotai/kimi-k2-thinking": {
                "window": 100000, "prices": { "output": 2 }, "efforts": ["max", "low"], "sampling": { "topP": 0.9 }, "toolChoice": "all" } } }
            """).Found("novita:kimi-k2-thinking").Card;
        Assert.Equal(
            before with
            {
                Window = 100_000, OutputLimit = 100_000, Prices = new(0.6m, 2, 0.15m), Efforts = [Effort.Low, Effort.Max],
                FixedSampling = new() { Temperature = 1, TopP = 0.9 }, ToolChoices = ToolChoiceSupport.All,
            },
            after);
    }

    [Fact]
    public void A_null_unsets_what_is_below()
    {
        Settings settings = Configured.Settings("""
            { "upstreams": { "openrouter": null }, "models": { "kimi-k2-thinking": null, "moonshotai/kimi-k2-thinking": { "sampling": null } } }
            """);
        Assert.DoesNotContain(settings.Upstreams, upstream => upstream.Name == "openrouter");
        Assert.Null(settings.Found("kimi").Card.FixedSampling);
    }

    [Fact]
    public void A_model_of_ones_own_is_found_by_id_and_alias()
    {
        Settings settings = Configured.Settings("""
            { "upstreams": { "lab": { "url": "http://127.0.0.1:8000/v1", "format": "openai", "assume": { "window": 65536 } } },
              "models": { "big": { "upstream": "lab", "model": "/data/Kimi-K2.5-Q4", "as": ["kimi", "b"], "name": "Ours" } } }
            """);
        Assert.All(["big", "kimi", "b", "lab:big"], name => Assert.Equal("lab:/data/Kimi-K2.5-Q4", settings.Asked(name)));
        ModelCard card = settings.Found("big").Card;
        Assert.Equal((65_536, Dialect.SelfHosted, IdDialect.Kimi, true), (card.Window, card.Dialect, card.Ids, card.Images));
        Assert.Equal(Key.NotNeeded.Instance, settings.Found("big").Upstream.Key);
    }

    [Fact]
    public void A_configured_upstream_is_asked_even_without_a_key() => Assert.Equal(
        "openrouter:moonshotai/kimi-k2.6",
        Configured.Settings("""{ "models": { "moonshotai/kimi-k2.6": { "upstream": "openrouter" } } }""", null, ("MOONSHOT_API_KEY", "k")).Asked("kimi-k2.6"));

    [Fact]
    public void An_upstream_may_speak_its_vendors_other_format()
    {
        Settings settings = Configured.Settings("""
            { "upstreams": { "openrouter": { "url": "https://openrouter.ai/api", "format": "anthropic" } } }
            """);
        Assert.Equal((Dialect.Messages, CacheControlSupport.Plain),
            settings.Found("openrouter:moonshotai/kimi-k2.6").Card is var card ? (card.Dialect, card.CacheControl) : default);
    }

    /// <summary>Objects three levels deep with members a to d.</summary>
    static readonly Gen<Node.Object> Trees = Gen.Recursive<Node>((depth, inner) => depth >= 3
            ? Gen.Int[0, 9].Select(Node (number) => new Node.Number(default, $"{number}"))
            : Gen.Select(Gen.Bool, Gen.Int[0, 9], Members(inner), (leaf, number, map) => leaf ? new Node.Number(default, $"{number}") : (Node)map))
        .Select(node => node as Node.Object ?? new Node.Object(default, [new("a", node)]));

    static Gen<Node.Object> Members(Gen<Node> value) => Gen.Select(Gen.Int[0, 3].Select(index => "abcd"[index].ToString()), value, (name, node) => new Member(name, node))
        .Array[0, 4].Select(members => new Node.Object(default, members.DistinctBy(member => member.Name).ToSequence()));

    static Node.Object Under(string name, Node.Object tree) => new(default, [new(name, tree)]);

    [Fact]
    public void Merging_files_that_share_nothing_is_associative() => Gen.Select(Trees, Trees, Trees).Sample((x, y, z) =>
    {
        (Node.Object a, Node.Object b, Node.Object c) = (Under("x", x), Under("y", y), Under("z", z));
        Assert.Equal(Node.Over(c, Node.Over(b, a)), Node.Over(Node.Over(c, b), a));
    });

    [Fact]
    public void Merging_a_file_with_itself_changes_nothing() => Trees.Sample(tree => Assert.Equal(tree, Node.Over(tree, tree)));

    [Fact]
    public void Whatever_stands_above_is_found_in_the_merged() => Gen.Select(Trees, Trees).Sample((upper, lower) =>
        Assert.Equal(Node.Over(upper, lower), Node.Over(upper, Node.Over(upper, lower))));
}
