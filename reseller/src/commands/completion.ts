import { Argument, type Command } from 'commander'
import { type Level, scripts, type Shell } from '../completion.ts'
import type { Commands } from './command.ts'

export function addCompletion({ program, world }: Commands): void {
  program
    .command('completion')
    .description('Print what makes a shell complete the words of this command.')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .addHelpText('after', HOW)
    .action((shell: Shell) => world.out.write(scripts[shell](levelsOf(program))))
}

const HOW = `
bash: docket-order completion bash > ~/.local/share/bash-completion/completions/docket-order
zsh:  docket-order completion zsh > a folder of your $fpath, as _docket-order
fish: docket-order completion fish > ~/.config/fish/completions/docket-order.fish`

/** The program, each command and each command below one. */
function levelsOf(command: Command, path: readonly string[] = []): Level[] {
  const words = command.commands.map((each) => ({ word: each.name(), about: firstSentence(each.description()) }))
  const options = command.options.map(({ long, short, description }) => ({
    word: long!,
    short: short ?? null,
    about: firstSentence(description),
  }))
  const help = { word: '--help', short: '-h', about: 'display help' }
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []).map((word) => ({ word, about: '' }))
  const level = { path, words: [...words, ...choices], options: [...options, help] }
  return [level, ...command.commands.flatMap((each) => levelsOf(each, [...path, each.name()]))]
}

function firstSentence(text: string): string {
  return text.split('. ')[0]!.replace(/\.$/, '')
}
