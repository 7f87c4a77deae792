import type { CompletedShell } from "./shells.ts";

/**
 * The scripts ask the program itself, so they complete what the installed version knows. Where it offers nothing, the shell completes files. The
 * command may be an alias for one in the project: then the one in node_modules answers. Typed text is never evaluated.
 */
const SCRIPTS: Readonly<Record<CompletedShell, string>> = {
  bash: `# eventhub in bash: add this to ~/.bashrc
_eventhub() {
  local line program=$1
  type -P -- "$program" >/dev/null || program=node_modules/.bin/eventhub
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <("$program" __complete bash "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _eventhub eventhub cf-eventhub-workflows`,
  zsh: `#compdef eventhub cf-eventhub-workflows
# eventhub in zsh: add this to ~/.zshrc, after compinit
_eventhub() {
  local program=$words[1]
  whence -p -- "$program" >/dev/null || program=node_modules/.bin/eventhub
  local -a lines
  lines=("\${(@f)$("$program" __complete zsh "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${lines[1]}" ]]; then
    _describe eventhub lines
  else
    _files
  fi
}
compdef _eventhub eventhub cf-eventhub-workflows`,
  fish: `# eventhub in fish: save this as ~/.config/fish/completions/eventhub.fish
function __eventhub_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    command -q -- $program; or set program node_modules/.bin/eventhub
    set -l found (command $program __complete fish $words[2..-1] "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c eventhub -f -a '(__eventhub_complete)'
complete -c cf-eventhub-workflows -f -a '(__eventhub_complete)'`,
};

/** The completion script of a shell. */
export const completionScript = (shell: CompletedShell): string => SCRIPTS[shell];
