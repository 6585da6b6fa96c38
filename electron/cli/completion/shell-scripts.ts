import { COMPLETE } from './complete-words.ts';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type CompletedShell = (typeof SHELLS)[number];

/** The scripts know nothing of verbs and options: they ask `dipper`, so they never grow old. */
export const SHELL_SCRIPTS: Readonly<Record<CompletedShell, string>> = {
  bash: `# Completion of dipper for bash; in ~/.bashrc: eval "$(dipper completion bash)"
_dipper() {
  local line value kind= current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :*) kind="\${line#:}" ;;
      *)
        value="\${line%%$'\\t'*}"
        # A value with blanks needs quoting, where no quote was begun.
        [[ "$current" == [\\"\\']* ]] || printf -v value '%q' "$value"
        COMPREPLY+=("$value")
        ;;
    esac
  done < <(command dipper ${COMPLETE} bash "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  case "$kind" in
    files) compopt -o default ;;
    folders) compopt -o dirnames ;;
  esac
}
complete -F _dipper dipper
`,
  zsh: `#compdef dipper
# Completion of dipper for zsh; in ~/.zshrc after compinit: eval "$(dipper completion zsh)"
_dipper() {
  local line kind
  local -a values texts
  while IFS= read -r line; do
    case "$line" in
      :*) kind="\${line#:}" ;;
      *)
        values+=("\${line%%$'\\t'*}")
        texts+=("\${line%%$'\\t'*}  \${line#*$'\\t'}")
        ;;
    esac
  done < <(command dipper ${COMPLETE} zsh "\${(@Q)words[2,CURRENT-1]}" "=\${(Q)words[CURRENT]}" 2>/dev/null)
  case "$kind" in
    files) _files ;;
    folders) _files -/ ;;
  esac
  (( \${#values} )) && compadd -l -d texts -a values
}
if [[ "\${funcstack[1]}" == _dipper ]]; then _dipper "$@"; else compdef _dipper dipper; fi
`,
  fish: `# Completion of dipper for fish; once: dipper completion fish > ~/.config/fish/completions/dipper.fish
function __dipper_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (command dipper ${COMPLETE} fish $words[2..-1] "=$current" 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$current"
            case ':folders'
                __fish_complete_directories "$current"
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c dipper -f -a '(__dipper_complete)'
`,
  powershell: `# Completion of dipper for PowerShell; in $PROFILE: dipper completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName dipper -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { if ($_.Value) { $_.Value } else { $_.ToString() } })
    $current = $wordToComplete.Trim("'", '"')
    foreach ($line in (dipper ${COMPLETE} powershell @words "=$current" 2>$null)) {
        if ($line.StartsWith(':')) {
            if ($line -ne ':') { [Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete) }
            continue
        }
        $value, $text = $line -split "\`t", 2
        if (-not $text) { $text = $value }
        $shown = if ($value -match '\\s') { "'$value'" } else { $value }
        [Management.Automation.CompletionResult]::new($shown, $value, 'ParameterValue', $text)
    }
}
`,
};
