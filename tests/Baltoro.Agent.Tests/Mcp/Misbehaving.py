# An MCP server over stdio that does what the name of the called tool says: answer, die, hang, flood, babble; "slow" alone is never answered, and all else is. A hang and a slow call are told through the pipe of the first argument, if there is one.
import json, os, sys, time

def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()

NAMES = ["answer", "die", "hang", "flood", "babble", "long", "slow"]

for line in sys.stdin:
    asked = json.loads(line)
    method, id = asked.get("method"), asked.get("id")
    if id is None:
        continue
    if method == "initialize":
        say({"jsonrpc": "2.0", "id": id, "result": {"protocolVersion": asked["params"]["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": {"name": "misbehaving", "version": "1"}}})
    elif method == "tools/list":
        say({"jsonrpc": "2.0", "id": id, "result": {"tools": [{"name": name, "description": "Does: " + name, "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": name == "answer"}} for name in NAMES]}})
    elif method == "tools/call":
        name = asked["params"]["name"]
        if name == "die":
            sys.stderr.write("I am dying\n")
            sys.stderr.flush()
            os._exit(3)
        if name in ("hang", "slow") and len(sys.argv) > 1:
            with open(sys.argv[1], "w"):
                pass
        if name == "hang":
            time.sleep(600)
        if name == "slow":
            continue
        if name == "flood":
            while True:
                sys.stdout.write("x" * 1000000)
        if name == "babble":
            sys.stdout.write("this is not JSON\n{}\n[1]\n")
        text = "y" * 3000000 if name == "long" else "answered in " + str(os.getpid())
        say({"jsonrpc": "2.0", "id": id, "result": {"content": [{"type": "text", "text": text}]}})
    else:
        say({"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": "no such method"}})
