// What becomes of HTML.

using Baltoro.Agent.Tools.Web;

namespace Baltoro.Agent.Tests.Tools;

public class MarkdownPageTests
{
    [Theory]
    [InlineData("<h2>One <em>two</em></h2><p>three\n  four<br>five", "## One *two*\n\nthree four\nfive")]
    [InlineData("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c")]
    [InlineData("<ol start=3><li>a<li><p>b<p>c</ol>", "3. a\n4. b\n\n   c")]
    [InlineData("<pre><code class='language-cs'>int a;\n  int b;\n</code></pre>", "```cs\nint a;\n  int b;\n```")]
    [InlineData("<pre>a ``` b</pre>", "````\na ``` b\n````")]
    [InlineData("<p>Use <code>a b</code> and <code>`</code>", "Use `a b` and `` ` ``")]
    [InlineData("<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b")]
    [InlineData("<table><tr><th>a<th>b|c<tr><td>1<td><b>2</b></table>", "| a | b\\|c |\n|---|---|\n| 1 | **2** |")]
    [InlineData("<dl><dt>word<dd>meaning</dl>", "**word**\n\n: meaning")]
    [InlineData("<a href='sub/x?y=1'>link</a> <a href='#here'>here</a> <a href='javascript:x()'>no</a>", "[link](https://site/dir/sub/x?y=1) here no")]
    [InlineData("<p>a<b> bold </b>c", "a **bold** c")]
    [InlineData("<img alt='a cat' src='/cat.png'><img src='/deco.png'>", "![a cat](https://site/cat.png)")]
    [InlineData("<script>x()</script><style>p{}</style><p hidden>h<p style='display: none'>n<p>seen", "seen")]
    [InlineData("<nav>menu</nav><main><p>text</main><footer>foot</footer>", "text")]
    [InlineData("<title>T &amp; U</title><p>x", "# T & U\n\nx")]
    [InlineData("<title>T</title><h1>T</h1>", "# T")]
    [InlineData("<p>not <i>closed <b>at all", "not *closed **at all***")]
    [InlineData("<a href='/x'><div>card</div></a>", "card")]
    [InlineData("", "")]
    public void HTML_becomes_Markdown(string html, string markdown) => Assert.Equal(markdown, MarkdownPage.Of(html, new Uri("https://site/dir/page"), TestContext.Current.CancellationToken));

    [Fact]
    public void A_page_nested_deeper_than_a_stack_overflows_nothing() =>
        Assert.Equal("deep", MarkdownPage.Of(string.Concat(Enumerable.Repeat("<div>", 20_000)) + "deep", new Uri("https://site/"), TestContext.Current.CancellationToken));

    [Fact]
    public void A_page_made_to_take_for_ever_is_given_up_when_time_is_up() =>
        Assert.Throws<OperationCanceledException>(() => MarkdownPage.Of(string.Concat(Enumerable.Repeat("<div><b><ul><li>", 50_000)), new Uri("https://site/"), new CancellationToken(canceled: true)));
}
