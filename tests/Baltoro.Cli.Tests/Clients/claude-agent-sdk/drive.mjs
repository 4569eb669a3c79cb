// Has Anthropic's agent SDK, as its users write it, drive `baltoro run` in Claude Code's place. Says on its output what it heard, one JSON array a line.
// node drive.mjs SDK BALTORO SCENE, in the project's folder.
import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";

const [sdk, baltoro, scene] = process.argv.slice(2);
const { query } = await import(pathToFileURL(sdk));
const say = (...what) => console.log(JSON.stringify(what));

const options = {
  pathToClaudeCodeExecutable: baltoro,
  env: process.env,
  maxTurns: 20,
  spawnClaudeCodeProcess: ({ command, args, env, cwd, signal }) =>
    spawn(command, ["run", "--no-sandbox", ...args], { env, cwd, signal, stdio: ["pipe", "pipe", "inherit"] }),
};
const tell = message => say(message.type, message.subtype ?? (message.message?.content ?? []).map(block => block.type).join(" "), message.result ?? message.ended ?? "");

const scenes = {
  async once() {
    for await (const message of query({ prompt: "one", options })) tell(message);
  },
  async interrupted() {
    let interrupted;
    const first = new Promise(done => { interrupted = done; });
    async function* words() {
      yield { type: "user", message: { role: "user", content: "one" }, parent_tool_use_id: null };
      await first;
      yield { type: "user", message: { role: "user", content: "two" }, parent_tool_use_id: null };
    }
    const session = query({ prompt: words(), options });
    say("models", (await session.supportedModels()).map(model => model.value).join());
    await session.setPermissionMode("bypassPermissions").catch(error => say("refused", error.message));
    for await (const message of session) {
      tell(message);
      if (message.message?.content?.some(block => block.type === "tool_use")) await session.interrupt();
      if (message.type === "result") interrupted();
    }
  },
  async hooked() {
    const hooks = { PreToolUse: [{ hooks: [async () => ({ decision: "block" })] }] };
    try {
      for await (const message of query({ prompt: "one", options: { ...options, hooks } })) tell(message);
    } catch (error) {
      say("failed", error.message);
    }
  },
};
await scenes[scene]();
