// `baltoro doctor` as a user meets it: each thing that is wrong with its mend, and never a key.

using System.Net;
using System.Text.Json;
using Baltoro.Cli.Commands;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Cli.Tests.Commands;

public sealed class DoctorCommandTests : IDisposable
{
    const string Secret = "sk-never-to-be-seen";

    readonly CommandLine _line = new();
    TimeProvider _clock = TimeProvider.System;

    public DoctorCommandTests()
    {
        _line.Environment["PATH"] = Path.Combine(_line.Folder, "programs");
        _line.Environment["HOME"] = Path.Combine(_line.Folder, "home");
        // No gateway of someone else's may be found.
        _line.Environment["BALTORO_PORT"] = "1";
    }

    public void Dispose() => _line.Dispose();

    (int Code, string Output) Examine(params string[] arguments)
    {
        (int code, string output, string error) = _line.Run(look => DoctorCommand.Create(look, _clock), arguments);
        Assert.Equal("", error);
        Assert.DoesNotContain(Secret, output);
        return (code, output);
    }

    /// <summary>What is not good, as <c>state about: what -> mend</c>.</summary>
    string[] Troubles()
    {
        (int code, string output) = Examine("--json");
        using JsonDocument report = JsonDocument.Parse(output);
        Assert.Equal(report.RootElement.GetProperty("ok").GetBoolean() ? 0 : 1, code);
        string Of(JsonElement finding, string name) => finding.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";
        return [.. report.RootElement.GetProperty("findings").EnumerateArray().Where(finding => Of(finding, "state") != "good")
            .Select(finding => $"{Of(finding, "state")} {Of(finding, "about")}: {Of(finding, "what")} -> {Of(finding, "mend")}")];
    }

    void Configure(string url, string more = "") => _line.Write("config/baltoro/config.json",
        $$"""{ "default": "ours", "upstreams": { "lab": { "url": "{{url}}", "format": "openai", "key": "{{Secret}}" } }, "models": { "ours": { "upstream": "lab" } } {{more}} }""");

    static readonly string[] Usual =
    [
        "note gateway: none runs on http://127.0.0.1:1 -> baltoro serve; baltoro claude brings its own",
        "note claude: Claude Code is not installed -> npm install -g @anthropic-ai/claude-code",
    ];

    [Fact]
    public async Task A_sound_place_has_nothing_to_mend()
    {
        await using Upstream lab = await Upstream.Start(new Kimi(), Vendors.Asking.Says("Hello."));
        Configure(lab.Url);
        Assert.Equal(Usual, Troubles());
        string[] lines = Examine().Output.Split('\n');
        Assert.Equal("ok  configuration   ~/config/baltoro/config.json: valid", lines[0]);
        Assert.Equal("ok  keys            set for lab", lines[1]);
        Assert.Equal("ok  default model   \"baltoro\" means ours at lab", lines[2]);
        Assert.StartsWith("ok  lab             answers in ", lines[3], StringComparison.Ordinal);
        Assert.Equal("ok  clock           agrees with the upstreams'", lines[4]);
        Assert.Equal("ok  catalogue       of 2026-11-23", lines[5]);
        Assert.Equal("ok  ledger          0 requests today", lines.Single(line => line.Contains("ledger")));
        Assert.Equal("All is well.", lines[^2]);
    }

    [Fact]
    public async Task A_folder_for_conversations_that_cannot_be_written_is_told_with_its_mend()
    {
        await using Upstream lab = await Upstream.Start(new Kimi(), Vendors.Asking.Says("Hello."));
        Configure(lab.Url, $$""", "prefixes": { "folder": "{{_line.Folder}}/kept" } """);
        Assert.Equal(Usual, Troubles());
        Directory.Delete(Path.Combine(_line.Folder, "kept"));
        _line.Write("kept", "no folder");
        Assert.Matches("^wrong prefixes: ~/kept cannot be written: .* -> put its rights right, or name another one under \"prefixes\"$", Assert.Single(Troubles().Except(Usual)));
    }

    [Fact]
    public void Without_a_key_it_says_which_would_do() => Assert.Equal(
    [
        "wrong keys: no upstream has one -> set one of NOVITA_API_KEY, MOONSHOT_API_KEY, ZAI_API_KEY, DEEPSEEK_API_KEY, ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENROUTER_API_KEY",
        "wrong default model: \"baltoro\" means moonshotai/kimi-k2-thinking at novita, for which there is no key -> set NOVITA_API_KEY, or baltoro use MODEL",
        .. Usual,
    ], Troubles());

    [Fact]
    public void On_60_columns_no_line_is_longer()
    {
        _line.Width = 60;
        Assert.All(Examine().Output.Split('\n'), line => Assert.True(line.Length <= 60 || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "refuses the key (401) -> check the key of upstreams.lab in the configuration")]
    [InlineData(HttpStatusCode.PaymentRequired, "answers that there is no money left (402) -> fill up the account there")]
    [InlineData(HttpStatusCode.BadGateway, "answers with an error of its own (502) -> wait, or use another upstream")]
    [InlineData(HttpStatusCode.Redirect, "sends elsewhere (302) -> put the address that it means into upstreams.lab.url")]
    public async Task An_upstream_that_answers_badly_is_told_with_its_mend(HttpStatusCode status, string words)
    {
        await using Answering lab = await Answering.With(status);
        Configure(lab.Url);
        Assert.Equal([$"wrong lab: {words}", .. Usual], Troubles());
    }

    [Fact]
    public async Task The_variable_of_a_refused_key_is_named()
    {
        await using Answering novita = await Answering.With(HttpStatusCode.Unauthorized);
        _line.Write("config/baltoro/config.json", $$"""{ "upstreams": { "novita": { "url": "{{novita.Url}}" } } }""");
        _line.Environment["NOVITA_API_KEY"] = Secret;
        Assert.Equal(["wrong novita: refuses the key (401) -> check NOVITA_API_KEY", .. Usual], Troubles());
    }

    [Fact]
    public void An_upstream_that_is_not_there_is_told()
    {
        Configure("http://127.0.0.1:1/v1");
        Assert.Equal(["wrong lab: no connection to 127.0.0.1:1 -> look at the network, a proxy, or upstreams.lab.url", .. Usual], Troubles());
    }

    [Theory, InlineData(-60, "60 minutes behind"), InlineData(60, "60 minutes ahead of")]
    public async Task A_clock_that_is_wrong_is_told(int minutes, string words)
    {
        await using Upstream lab = await Upstream.Start(new Kimi(), Vendors.Asking.Says("Hello."));
        Configure(lab.Url);
        _clock = new WrongBy(TimeSpan.FromMinutes(minutes));
        Assert.Equal([$"wrong clock: {words} the upstreams' -> set it by the network (timedatectl set-ntp true)", .. Usual], Troubles());
    }

    [Fact]
    public void A_configuration_that_is_wrong_is_told_with_all_that_is_wrong()
    {
        _line.Write("config/baltoro/config.json", """{ "prt": 1, "upstreams": { "lab": { "url": "ftp://x", "format": "openai" } } }""");
        Assert.Equal(
        [
            "wrong configuration: ~/config/baltoro/config.json:1: upstreams.lab.url: found \"ftp://x\" -> expected is an http or https URL without credentials, query or fragment",
            "wrong configuration: ~/config/baltoro/config.json:1: found \"prt\" -> expected is a known key; the nearest is \"port\"",
            Usual[1],
        ], Troubles().Select(line => line.Replace(": \"prt\"", ": found \"prt\"", StringComparison.Ordinal).Replace("url: \"ftp", "url: found \"ftp", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_catalogue_that_has_grown_old_is_told()
    {
        _line.Today = new(2027, 3, 1);
        Assert.Contains("note catalogue: 98 days old: prices and windows may have changed -> baltoro models update", Troubles());
    }

    [Fact]
    public void A_choice_that_means_nothing_is_told()
    {
        Configure("http://127.0.0.1:1/v1");
        _line.Write("state/baltoro/choice", "kimmi\n");
        Assert.Equal("wrong choice: \"kimmi\" is not served here: There is no model \"kimmi\". Did you mean \"kimi\"? -> baltoro use MODEL, or baltoro use --reset", Troubles()[0]);
    }

    [Fact]
    public async Task A_strangers_port_is_told()
    {
        await using Answering stranger = await Answering.With(HttpStatusCode.OK);
        _line.Environment["BALTORO_PORT"] = new Uri(stranger.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains($"wrong gateway: on {stranger.Url} listens another program -> baltoro serve --port N, or \"port\" in the configuration", Troubles());
    }

    [Fact]
    public void A_ledger_that_does_not_open_is_told()
    {
        _line.Write("state/baltoro/ledger.db", "this is no database, however long one looks at it");
        Assert.Contains(Troubles(), trouble => trouble.StartsWith("wrong ledger: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_of_Claude_Code_that_lead_past_the_gateway_are_told()
    {
        _line.Write("home/.claude/settings.json", $$"""{ "env": { "ANTHROPIC_BASE_URL": "https://elsewhere.example", "ANTHROPIC_AUTH_TOKEN": "{{Secret}}", "EDITOR": "vi" } }""");
        Assert.Contains("wrong claude settings: ~/home/.claude/settings.json sets ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN, which win over what it is started with -> take them out of its \"env\"", Troubles());
    }

    [Fact]
    public void A_client_that_is_installed_is_shown_with_its_version()
    {
        _line.Write("programs/claude", "#!/bin/sh\necho '2.1.330 (Claude Code)'\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(_line.Folder, "programs", "claude"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Contains("ok  claude          Claude Code 2.1.330", Examine().Output.Split('\n'));
    }

    sealed class WrongBy(TimeSpan error) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + error;
    }
}
