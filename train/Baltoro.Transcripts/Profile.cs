// What the small model's file says of it besides its weights: instructions, and what of its thoughts and calls is copied. Knows no task.

namespace Baltoro.Transcripts;

public static class Profile
{
    public const string System = "You are piolet, a small agent.";

    /// <summary>What the oracles take from the thought, from the request, or from either.</summary>
    public const string QuotedArguments = "Read.file_path:thought Write.file_path:asked Edit.file_path:named Grep.pattern:said Grep.offset:thought";

    /// <summary>What the oracles think, and what the calls behind it say.</summary>
    public const string ThoughtForms =
        """
        {
          "{kind:said}? start {path:path} for {answer:asked}": {"Read": {"file_path": "{path}"}},
          "{kind:said}? start {path:path}": {"Read": {"file_path": "{path}"}},
          "{kind:said}? next {path:path} for {answer:asked}": {"Read": {"file_path": "{path}"}},
          "{kind:said}? no {named:path} but {there:path}": {"Read": {"file_path": "{there}"}},
          "{kind:said}? no {named:path}": {},
          "{kind:said}? {value:found word behind kind} for {answer:asked}": {"Write": {"file_path": "{answer}", "content": "{value}"}},
          "{kind:said}? {value:found word behind kind} no next": {"Edit": {"file_path": "{asked}", "old_string": "END", "new_string": "{value}"}, "Write": {"file_path": "{asked}", "content": "{value}"}},
          "{kind:said}? {value:found word behind kind} {next:@ path}": {"Edit": {"file_path": "{asked}", "old_string": "END", "new_string": "{value}\nEND"}, "Write": {"file_path": "{asked}", "content": "{value}\nEND"}},
          "{kind:said}? {next:@ path}": {"Read": {"file_path": "{next}"}},
          "{kind:said}? done": {},
          "find {old:said} for {new:said}": {"Grep": {"pattern": "{old}"}},
          "again find {old:said} for {new:said}": {"Grep": {"pattern": "{old}"}},
          "find {marker:said} offset {number:number}": {"Grep": {"pattern": "{marker}"}},
          "find {files:said} without it": {"Grep": {}},
          "find *{files:said} without it": {"Grep": {}},
          "again find {files:said} without it": {"Grep": {}},
          "again find *{files:said} without it": {"Grep": {}},
          "find {marker:said}": {"Grep": {"pattern": "{marker}"}},
          "look at {path:path}": {"Read": {"file_path": "{path}"}},
          "edit {path:path}: {old:said} to {new:said}": {"Edit": {"file_path": "{path}", "old_string": "{old}", "new_string": "{new}"}},
          "put it into {path:path} above {first:line}": {"Edit": {"file_path": "{path}", "old_string": "{first}", "new_string": "{said}\n{first}"}},
          "begin with it then offset {number:number}": {"Write": {"file_path": "{asked}", "content": "{line}\nEND"}},
          "begin with it no more": {"Write": {"file_path": "{asked}", "content": "{line}"}},
          "add it then offset {number:number}": {"Edit": {"file_path": "{asked}", "old_string": "END", "new_string": "{line}\nEND"}},
          "add it no more": {"Edit": {"file_path": "{asked}", "old_string": "END", "new_string": "{line}"}},
          "none left": {},
          "none": {},
          "done": {},
          "not my work": {}
        }
        """;
}
