import { readdir, readFile } from 'node:fs/promises'
import type { Command } from 'commander'

const root = new URL('../../', import.meta.url)

export interface Block {
  /** Like `sh` or `json`; empty where none is named. */
  readonly language: string
  readonly text: string
  /** Nothing stands between it and the block before. */
  readonly follows: boolean
}

/** README.md and the pages of docs/, from the root of the repository. */
export async function docsPages(): Promise<string[]> {
  const names = await readdir(new URL('docs/', root))
  return ['README.md', ...names.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]
}

export async function decisionRecords(): Promise<string[]> {
  return (await readdir(new URL('docs/decisions/', root))).map((name) => `docs/decisions/${name}`)
}

export function readPage(page: string): Promise<string> {
  return readFile(new URL(page, root), 'utf8')
}

/** The fenced blocks of a page, in their order. */
export function blocksOf(markdown: string): Block[] {
  let end = -1
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 0: whole, 1: language, 2: text, index }) => {
    const follows = end !== -1 && markdown.slice(end, index).trim() === ''
    end = index + whole.length
    return { language: language!, text: text!, follows }
  })
}

/** Every call of the command `docket` that a page has as code, in a block or in a sentence. */
export function callsOf(markdown: string): string[] {
  const fenced = blocksOf(markdown).flatMap(({ text }) => text.split('\n'))
  const spans = [...markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, code]) => code!.replaceAll('\n', ' '))
  return [...fenced, ...spans].flatMap((code) => [...code.matchAll(/(?:^|\s)docket ([a-z].*)$/g)].map(([, call]) => call!))
}

/** Why a call cannot work: a command or an option that does not exist. Undefined where both do. */
export function faultOf(call: string, program: Command): string | undefined {
  const words = call.split(/\s+/)
  let command = program
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word)
    if (!next) break
    command = next
  }
  if (command === program) return `docket ${call}: there is no such command`
  const known = new Set(command.options.map((option) => option.long))
  const wrong = words
    .map((word) => word.replace(/=.*|[,.:]$/, ''))
    .find((word) => word.startsWith('--') && word !== '--help' && !known.has(word))
  return wrong && `docket ${call}: there is no option ${wrong}`
}
