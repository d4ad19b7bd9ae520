interface Word {
  readonly word: string
  readonly about: string
}

/** What may be typed behind some words of the command. */
export interface Level {
  /** `['order', 'mass']` */
  readonly path: readonly string[]
  readonly words: readonly Word[]
  readonly options: readonly (Word & { readonly short: string | null })[]
}

type Script = (levels: readonly Level[]) => string
export type Shell = 'bash' | 'zsh' | 'fish'

const NAMES = 'docket-order panels --names 2>/dev/null'
const inBash = (path: readonly string[]) => `'${path.map((word) => ` ${word}`).join('')}'`
const deeper = (levels: readonly Level[]) => levels.filter(({ path }) => path.length > 0).map(({ path }) => inBash(path))

const bash: Script = (levels) => `# What docket-order may be followed by, for bash.
_docket_order() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} at='' index words='' options=''
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$at \${COMP_WORDS[index]}" in
      ${deeper(levels).join(' | ')}) at="$at \${COMP_WORDS[index]}" ;;
    esac
  done
  case "$at" in
${levels.map(({ path, words, options }) => `    ${inBash(path)}) words='${listed(words)}' options='${listed(options)}' ;;`).join('\n')}
  esac
  if [[ $before == --panel || $before == -p ]]; then
    words=$(${NAMES})
  elif [[ $current == -* ]]; then
    words=$options
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _docket_order docket-order
`

const zsh: Script = (levels) => `#compdef docket-order
# What docket-order may be followed by, for zsh.
_docket_order() {
  local at='' index
  local -a found options
  for ((index = 2; index < CURRENT; index++)); do
    case "$at $words[index]" in
      ${deeper(levels).join('|')}) at="$at $words[index]" ;;
    esac
  done
  case "$at" in
${levels
  .map(({ path, words, options }) => `    ${inBash(path)}) found=(${described(words)}) options=(${described(options)}) ;;`)
  .join('\n')}
  esac
  if [[ $words[CURRENT-1] == (--panel|-p) ]]; then
    found=(\${(f)"$(${NAMES})"})
    _describe 'panel' found
  elif [[ $words[CURRENT] == -* ]]; then
    _describe -o 'option' options
  elif (( $#found )); then
    _describe 'command' found
  else
    _files
  fi
}
if [[ $funcstack[1] == _docket-order || $funcstack[1] == _docket_order ]]; then
  _docket_order "$@"
else
  compdef _docket_order docket-order
fi
`

const fish: Script = (levels) =>
  [
    '# What docket-order may be followed by, for fish.',
    'complete -c docket-order -e',
    ...levels.flatMap(({ path, words, options }) => {
      const when = `-n ${quoted(conditionOf(path, words))}`
      const offered = words.map(({ word, about }) => `complete -c docket-order ${when} -f -a ${word} -d ${quoted(about)}`)
      const named = options.map(({ word, short, about }) => {
        const values = word === '--panel' ? ` -x -a ${quoted(`(${NAMES})`)}` : ''
        return `complete -c docket-order ${when} -l ${word.slice(2)}${short ? ` -s ${short.slice(1)}` : ''}${values} -d ${quoted(about)}`
      })
      return [...offered, ...named]
    }),
    '',
  ].join('\n')

/** Behind the words of the path, and before any of those that lead deeper. */
function conditionOf(path: readonly string[], words: readonly Word[]): string {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`)
  const notSeen = words.length > 0 ? [`not __fish_seen_subcommand_from ${words.map(({ word }) => word).join(' ')}`] : []
  return [...seen, ...notSeen].join('; and ')
}

function listed(words: readonly Word[]): string {
  return words.map(({ word }) => word).join(' ')
}

function described(words: readonly Word[]): string {
  return words.map(({ word, about }) => quoted(about === '' ? word : `${word}:${about.replaceAll(':', '\\:')}`)).join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`
}

export const scripts: Readonly<Record<Shell, Script>> = { bash, zsh, fish }
