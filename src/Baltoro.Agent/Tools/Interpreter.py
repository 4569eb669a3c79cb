# What the interpreter runs: takes code from standard input as "NONCE LENGTH\n" and LENGTH bytes, runs it in one lasting namespace, and says
# NUL NONCE SP 0-or-1 SP FOLDER NUL when it is done. The code's own standard input is empty.
import ast, linecache, os, sys, traceback

def _serve():
    calls = os.fdopen(os.dup(0), "rb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    space = {"__name__": "__main__", "__builtins__": __builtins__}
    number = 0
    while True:
        head = calls.readline()
        if not head:
            return
        nonce, length = head.split()
        source = b""
        while len(source) < int(length):
            source += calls.read(int(length) - len(source))
        number += 1
        name = "<call %d>" % number
        text = source.decode("utf-8")
        # So that a traceback can show the lines.
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        raised = 0
        try:
            try:
                tree = ast.parse(text, name)
            except (SyntaxError, ValueError) as error:
                raised = 1
                traceback.print_exception(type(error), error, None)
            else:
                last = None
                if tree.body and isinstance(tree.body[-1], ast.Expr):
                    last = ast.Expression(tree.body.pop().value)
                exec(compile(tree, name, "exec"), space)
                if last is not None:
                    value = eval(compile(last, name, "eval"), space)
                    if value is not None:
                        print(repr(value))
        except SystemExit as end:
            raised = 0 if end.code in (None, 0) else 1
            print("[exit(%s): the interpreter stays]" % ("" if end.code is None else repr(end.code)))
        except BaseException as error:
            raised = 1
            traceback.print_exception(type(error), error, error.__traceback__.tb_next)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                # The code has closed it.
                pass
        try:
            folder = os.getcwd()
        except OSError:
            folder = "-"
        os.write(1, b"\0%s %d %s\0" % (nonce, raised, os.fsencode(folder)))

_serve()
