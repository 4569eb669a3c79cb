// Every mistake is answered with where it is, what was found and what was expected; and never with a secret.

using Baltoro.Models.Reading;

namespace Baltoro.Models.Tests;

public class ComplaintTests
{
    const string Upstream = "{ \"upstreams\": { \"lab\": { \"url\": \"http://lab/v1\", \"format\": \"openai\", ";

    [Theory]
    [InlineData("{ \"default\": }", "user.json:1: found text that is not JSON, expected JSON (comments and trailing commas are fine)")]
    [InlineData("{\n  \"default\": \"kimi\"\n", "user.json:3: found text that is not JSON, expected JSON (comments and trailing commas are fine)")]
    [InlineData("{} {}", "user.json:1: found text that is not JSON, expected JSON (comments and trailing commas are fine)")]
    [InlineData("[]", "user.json:1: found a list, expected an object")]
    [InlineData("{ \"defalt\": \"kimi\" }", "user.json:1: found \"defalt\", expected a known key; the nearest is \"default\"")]
    [InlineData("{ \"zzz\": 1 }", "user.json:1: found \"zzz\", expected one of host, default, port, loopNudges, ledger, shared, localFolders, prefixes, upstreams, models, routes, permissions, mcpServers")]
    [InlineData("{\n \"default\": 7 }", "user.json:2: default: found 7, expected a text")]
    [InlineData("{ \"default\": \"kimmi\" }", "user.json:1: default: found \"kimmi\", expected a model; the nearest is \"kimi\"")]
    [InlineData("{ \"default\": \"${NOPE}\" }", "user.json:1: default: found ${NOPE} (not set), expected a text")]
    [InlineData("{ \"ledger\": \"${NOPE}\" }", "user.json:1: ledger: found ${NOPE} (not set), expected a file's path, or postgres://USER:PASSWORD@HOST/DATABASE")]
    [InlineData("{ \"ledger\": \"mysql://root:secret@host/db\" }", "user.json:1: ledger: found something else, expected a file's path, or postgres://USER:PASSWORD@HOST/DATABASE")]
    [InlineData("{ \"shared\": \"host:6379\" }", "user.json:1: shared: found something else, expected redis://USER:PASSWORD@HOST/NUMBER")]
    [InlineData("{ \"localFolders\": [\"models\"] }", "user.json:1: localFolders[0]: found \"models\", expected the absolute path of a folder")]
    [InlineData("{ \"prefixes\": {} }", "user.json:1: prefixes: found no \"folder\", expected the absolute path of a folder")]
    [InlineData("{ \"prefixes\": { \"folder\": \"kept\" } }", "user.json:1: prefixes.folder: found \"kept\", expected the absolute path of a folder")]
    [InlineData("{ \"prefixes\": { \"folder\": \"/kept\", \"gigabytes\": 0 } }", "user.json:1: prefixes.gigabytes: found 0, expected a whole number from 1 to 1000000")]
    [InlineData("{ \"prefixes\": \"/kept\" }", "user.json:1: prefixes: found a text, expected an object")]
    [InlineData("{ \"port\": 65536 }", "user.json:1: port: found 65536, expected a whole number from 0 to 65535")]
    [InlineData("{ \"port\": \"80\" }", "user.json:1: port: found \"80\", expected a whole number from 0 to 65535")]
    [InlineData("{ \"host\": \"not a host\" }", "user.json:1: host: found \"not a host\", expected a host name or an address")]
    [InlineData("{ \"port\": 1,\n \"port\": 2 }", "user.json:2: found \"port\" a second time, expected each key once")]
    [InlineData("{ \"routes\": { \"a\": [] } }", "user.json:1: routes.a: found an empty list, expected at least one model")]
    [InlineData("{ \"routes\": { \"a\": [\"kimmi\"] } }", "user.json:1: routes.a[0]: found \"kimmi\", expected a model; the nearest is \"kimi\"")]
    [InlineData("{ \"routes\": { \"a\": [\"kimi\"], \"b\": [\"a\"] } }", "user.json:1: routes.b[0]: found \"a\", expected a model; routes do not nest")]
    [InlineData("{ \"routes\": { \"a\": [7] } }", "user.json:1: routes.a[0]: found a number, expected a text\nuser.json:1: routes.a: found an empty list, expected at least one model")]
    public void At_the_root(string user, string complaints) => Assert.Equal(complaints, Configured.Complaints(user));

    [Theory]
    [InlineData("\"formt\": 1 } } }", "user.json:1: upstreams.lab: found \"formt\", expected a known key; the nearest is \"format\"")]
    [InlineData("\"dialect\": \"kim\" } } }", "user.json:1: upstreams.lab.dialect: found \"kim\", expected claude | messages | kimi | glm | deepseek | openrouter | self-hosted | plain")]
    [InlineData("\"dialect\": \"claude\" } } }", "user.json:1: upstreams.lab.dialect: found \"claude\", expected a dialect of the format \"openai\"")]
    [InlineData("\"idle\": 0 } } }", "user.json:1: upstreams.lab.idle: found 0, expected seconds, more than 0 and at most 86400")]
    [InlineData("\"firstByte\": \"5s\" } } }", "user.json:1: upstreams.lab.firstByte: found \"5s\", expected seconds, more than 0 and at most 86400")]
    [InlineData("\"key\": 12345 } } }", "user.json:1: upstreams.lab.key: found a number, expected a text")]
    [InlineData("\"key\": \"sk-${\" } } }", "user.json:1: upstreams.lab.key: found \"${\" without the name of a variable and \"}\", expected ${NAME}")]
    [InlineData("\"key\": \"${2X}\" } } }", "user.json:1: upstreams.lab.key: found \"${\" without the name of a variable and \"}\", expected ${NAME}")]
    [InlineData("\"headers\": { \"a b\": \"secret\" } } } }", "user.json:1: upstreams.lab.headers.a b: found a header's name with a character that none may have, expected a name such as \"x-title\"")]
    [InlineData("\"headers\": { \"x\": \"sec\\nret\" } } } }", "user.json:1: upstreams.lab.headers.x: found a line break or control character, expected a header's value on one line")]
    [InlineData("\"headers\": { \"x\": 5 } } } }", "user.json:1: upstreams.lab.headers.x: found a number, expected a text")]
    [InlineData("\"headers\": [] } } }", "user.json:1: upstreams.lab.headers: found a list, expected an object")]
    [InlineData("\"assume\": { \"windw\": 1 } } } }", "user.json:1: upstreams.lab.assume: found \"windw\", expected a known key; the nearest is \"window\"")]
    public void In_an_upstream(string rest, string complaints) => Assert.Equal(complaints, Configured.Complaints(Upstream + rest));

    [Theory]
    [InlineData("{ \"format\": \"openai\" }", "user.json:1: upstreams.lab: found no \"url\", expected an http or https URL without credentials, query or fragment")]
    [InlineData("{ \"url\": \"http://lab\" }", "user.json:1: upstreams.lab: found no \"format\", expected openai | anthropic")]
    [InlineData("{ \"url\": \"lab:8000\", \"format\": \"openai\" }", "user.json:1: upstreams.lab.url: found \"lab:8000\", expected an http or https URL without credentials, query or fragment")]
    [InlineData("{ \"url\": \"https://me:secret@lab\", \"format\": \"openai\" }", "user.json:1: upstreams.lab.url: found a text, expected an http or https URL without credentials, query or fragment")]
    [InlineData("{ \"url\": \"http://lab\", \"format\": \"opanai\" }", "user.json:1: upstreams.lab.format: found \"opanai\", expected openai | anthropic")]
    [InlineData("7", "user.json:1: upstreams.lab: found a number, expected an object")]
    public void In_an_upstreams_address(string upstream, string complaints) =>
        Assert.Equal(complaints, Configured.Complaints($$"""{ "upstreams": { "lab": {{upstream}} } }"""));

    [Fact]
    public void In_an_upstreams_name() => Assert.Equal(
        "user.json:1: upstreams.my/lab: found an upstream called \"my/lab\", expected a name of letters, digits, \"-\", \"_\" and \".\"",
        Configured.Complaints("""{ "upstreams": { "my/lab": { "url": "http://lab", "format": "openai" } } }"""));

    [Theory]
    [InlineData("\"windw\": 1", "user.json:1: models.zai/glm-4.6: found \"windw\", expected a known key; the nearest is \"window\"")]
    [InlineData("\"window\": \"200k\"", "user.json:1: models.zai/glm-4.6.window: found \"200k\", expected a whole number from 1 to 100000000")]
    [InlineData("\"window\": 1000, \"output\": 2000", "user.json:1: models.zai/glm-4.6.output: found 2000, expected no more than the window, 1000")]
    [InlineData("\"upstream\": \"zia\"", "user.json:1: models.zai/glm-4.6.upstream: found \"zia\", expected an upstream; the nearest is \"zai\"")]
    [InlineData("\"at\": { \"nowhere\": {} }", "user.json:1: models.zai/glm-4.6.at.nowhere: found \"nowhere\", expected an upstream: novita, moonshot, zai, deepseek, anthropic, openai, openrouter")]
    [InlineData("\"prices\": { \"input\": -1 }", "user.json:1: models.zai/glm-4.6.prices.input: found -1, expected an amount of US dollars, 0 or more")]
    [InlineData("\"prices\": { \"inputs\": 1 }", "user.json:1: models.zai/glm-4.6.prices: found \"inputs\", expected a known key; the nearest is \"input\"")]
    [InlineData("\"prices\": { \"long\": { \"above\": 5 } }", "user.json:1: models.zai/glm-4.6.prices.long: found prices without \"input\", expected one")]
    [InlineData("\"efforts\": [\"hgh\"]", "user.json:1: models.zai/glm-4.6.efforts[0]: found \"hgh\", expected none | minimal | low | medium | high | xhigh | max")]
    [InlineData("\"thinking\": true", "user.json:1: models.zai/glm-4.6.thinking: found true, expected none | always | switchable | budget | adaptive")]
    [InlineData("\"toolChoice\": \"auto\"", "user.json:1: models.zai/glm-4.6.toolChoice: found \"auto\", expected auto-only | auto-or-none | required | all")]
    [InlineData("\"sampling\": { \"temperature\": 3 }", "user.json:1: models.zai/glm-4.6.sampling.temperature: found 3, expected a number from 0 to 2")]
    [InlineData("\"images\": \"yes\"", "user.json:1: models.zai/glm-4.6.images: found \"yes\", expected true or false")]
    [InlineData("\"retired\": \"soon\"", "user.json:1: models.zai/glm-4.6.retired: found \"soon\", expected a date such as 2026-05-25")]
    [InlineData("\"family\": \"glum\"", "user.json:1: models.zai/glm-4.6.family: found \"glum\", expected kimi-instruct | kimi-thinking | kimi-k2.5 | kimi-k2.7 | kimi-k3 | kimi | glm-5.3 | glm-5.2 | glm | deepseek-chat | deepseek | claude-budget | claude-adaptive | gpt-5")]
    public void In_a_model(string fact, string complaint) =>
        Assert.Equal(complaint, Configured.Complaints($$"""{ "models": { "zai/glm-4.6": { {{fact}} } } }""").Split('\n')[0]);

    [Fact]
    public void In_a_model_of_ones_own() => Assert.Equal(
        "user.json:1: models.mine: found a model without an upstream, expected \"upstream\"",
        Configured.Complaints("""{ "models": { "mine": { "window": 1000 } } }"""));

    [Fact]
    public void In_an_alias_that_is_taken() => Assert.Equal(
        "user.json:1: models.b.as: found \"x\" a second time (after a), expected a name that no other model has",
        Configured.Complaints("""{ "models": { "a": { "upstream": "zai", "as": "x" }, "b": { "upstream": "zai", "as": "x" } } }"""));

    [Fact]
    public void In_a_models_dialect() => Assert.Equal(
        "user.json:1: models.anthropic/claude-opus-5.dialect: found \"kimi\", expected a dialect of the format \"anthropic\", which \"anthropic\" speaks",
        Configured.Complaints("""{ "models": { "anthropic/claude-opus-5": { "dialect": "kimi" } } }"""));

    [Fact]
    public void In_the_environment() => Assert.Equal(
        "BALTORO_DEFAULT: found \"kimmi\", expected a model; the nearest is \"kimi\"\n" +
        "BALTORO_PORT: found \"high\", expected a whole number from 0 to 65535",
        string.Join("\n", Configured.Complaints(null, null, ("BALTORO_PORT", "high"), ("BALTORO_DEFAULT", "kimmi")).Split('\n').Order()));

    [Fact]
    public void Several_mistakes_are_named_at_once() => Assert.Equal(
        "user.json:2: port: found \"x\", expected a whole number from 0 to 65535\n" +
        "user.json:3: upstreams.lab: found no \"format\", expected openai | anthropic\n" +
        "user.json:4: found \"rotes\", expected a known key; the nearest is \"routes\"",
        Configured.Complaints("""
            {
              "port": "x",
              "upstreams": { "lab": { "url": "http://lab" } },
              "rotes": {}
            }
            """));

    [Fact]
    public void The_line_is_that_of_the_file_which_is_wrong() => Assert.Equal(
        "project.json:3: upstreams.novita.idle: found \"x\", expected seconds, more than 0 and at most 86400",
        Configured.Complaints("""{ "upstreams": { "novita": { "idle": 7 } } }""", "{\n\"upstreams\": { \"novita\": {\n\"idle\": \"x\" } } }"));

    [Fact]
    public void A_variable_that_is_not_set_is_no_mistake_until_it_is_needed()
    {
        Settings settings = Configured.Settings("""
            { "upstreams": {
                "a": { "url": "http://lab", "format": "openai", "key": "${LAB_KEY}" },
                "b": { "url": "${LAB_URL}", "format": "openai" },
                "c": { "url": "http://lab", "format": "openai", "headers": { "x-token": "Bearer ${LAB_TOKEN}" } } } }
            """, null, ("LAB_KEY", "  "));
        Assert.Equal([new Key.Missing("LAB_KEY"), new Key.Missing("LAB_URL"), new Key.Missing("LAB_TOKEN")], settings.Upstreams.TakeLast(3).Select(upstream => upstream.Key));
    }

    [Theory]
    [InlineData("""{ "upstreams": { "novita": { "url": "https://thief.example" } } }""",
        "project.json:1: upstreams.novita.url: found a project that redirects the upstream \"novita\", expected this in your own configuration file")]
    [InlineData("""{ "upstreams": { "thief": { "url": "https://thief.example", "format": "openai", "key": "${NOVITA_API_KEY}" } } }""",
        "project.json:1: upstreams.thief.key: found a project that reads an environment variable, expected this in your own configuration file")]
    [InlineData("""{ "upstreams": { "thief": { "url": "https://thief.example", "format": "openai", "headers": { "x": "${AWS_SECRET}" } } } }""",
        "project.json:1: upstreams.thief.headers.x: found a project that reads an environment variable, expected this in your own configuration file")]
    [InlineData("""{ "ledger": "/etc/passwd" }""",
        "project.json:1: ledger: found a project that says where requests are written down, expected this in your own configuration file")]
    public void A_project_cannot_send_keys_elsewhere(string project, string complaints) =>
        Assert.Equal(complaints, Configured.Complaints(null, project, ("NOVITA_API_KEY", "k"), ("AWS_SECRET", "s")));

    [Fact]
    public void A_key_never_shows_itself()
    {
        Settings settings = Configured.Settings(null, null, ("NOVITA_API_KEY", "sk-secret"));
        Assert.Equal("set", settings.Upstreams[0].Key.ToString());
        Assert.Equal("missing: set MOONSHOT_API_KEY", settings.Upstreams[1].Key.ToString());
        Assert.DoesNotContain("sk-secret", $"{settings} {settings.Upstreams} {settings.Found("kimi")}", StringComparison.Ordinal);
    }
}
