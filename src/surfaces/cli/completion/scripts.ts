import type { Shell } from "./shells.ts";

/**
 * What `lockstep complete -- WORD…` answers, a line each: `value<TAB>description`, and at the end `:` and the sum of these, which are those of
 * Cobra (https://github.com/spf13/cobra/blob/main/site/content/completions/_index.md). The words are handed over as they are and never evaluated.
 */
export const DIRECTIVE = { files: 0, noSpace: 2, noFiles: 4 } as const;

const BASH = `# Completion of lockstep for bash. In ~/.bashrc: eval "$(lockstep completion bash)"
_lockstep() {
  local line last directive=0 flag="" current tab=$'\\t'
  # Bash takes = and : for the ends of words: what is around them is put together again.
  local head=\${COMP_LINE:0:COMP_POINT}
  local -a words=()
  local i joined=0
  for ((i = 1; i <= COMP_CWORD; i++)); do
    local word=\${COMP_WORDS[i]}
    if ((i > 1)) && { [[ $word == [=:]* ]] || [[ \${COMP_WORDS[i-1]} == *[=:] ]]; } && { ((i < COMP_CWORD)) || [[ $head != *[[:space:]] ]]; }; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
  done
  current=\${words[\${#words[@]}-1]}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :* ]]; then directive=\${line#:}; else COMPREPLY+=("\${line%%"$tab"*}"); fi
  done < <("\${COMP_WORDS[0]}" complete -- "\${words[@]}" 2>/dev/null)
  # Only what follows the last = or : is replaced.
  if [[ $current == *[=:]* ]]; then
    flag=\${current%"\${current##*[=:]}"}
    for ((i = 0; i < \${#COMPREPLY[@]}; i++)); do COMPREPLY[i]=\${COMPREPLY[i]#"$flag"}; done
  fi
  if ((directive & 2)); then compopt -o nospace 2>/dev/null; fi
  if ((directive & 4)); then compopt +o default +o bashdefault 2>/dev/null; fi
}
complete -o default -o bashdefault -F _lockstep lockstep
`;

const ZSH = `#compdef lockstep
# Completion of lockstep for zsh. In ~/.zshrc, after compinit: eval "$(lockstep completion zsh)"
_lockstep() {
  local line directive=0 value
  local -a plain nospace
  plain=() nospace=()
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :* ]]; then directive=\${line#:}; continue; fi
    value=\${line%%$'\\t'*}
    [[ -n $value ]] && plain+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#plain} )); then
    if (( directive & 2 )); then _describe -V lockstep plain -S ''; else _describe -V lockstep plain; fi
  elif ! (( directive & 4 )); then
    if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi
    _files
  fi
}
if [[ \${funcstack[1]} == _lockstep ]]; then _lockstep "$@"; else compdef _lockstep lockstep; fi
`;

const FISH = `# Completion of lockstep for fish. In ~/.config/fish/completions/lockstep.fish
function __lockstep_complete
    set -l words (commandline -opc)
    set -l results ($words[1] complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    set -q results[1]; or return 1
    set -g __lockstep_directive (string sub --start 2 -- $results[-1])
    set -g __lockstep_results $results[1..-2]
    set -q __lockstep_results[1]
end
function __lockstep_files
    not __lockstep_complete; and test (math "floor($__lockstep_directive / 4) % 2") -eq 0
end
complete -c lockstep -e
complete -c lockstep -f
complete -c lockstep -n __lockstep_files -F
complete -c lockstep -n __lockstep_complete -a '$__lockstep_results'
`;

/** The script that a shell evaluates to complete lockstep's command lines. */
export function completionScript(shell: Shell): string {
  return { bash: BASH, zsh: ZSH, fish: FISH }[shell];
}
