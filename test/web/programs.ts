import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import vm from 'node:vm'

const run = promisify(execFile)

/** How an example is run, and how what it prints is read. */
export interface Program {
  readonly language: string
  /** Whether this machine has what it takes. */
  readonly isHere: boolean
  readonly missing: string
  /** Answers what the program was answered. */
  answer(code: string): Promise<unknown>
}

export const programs: readonly Program[] = [
  {
    language: 'curl',
    isHere: runs('curl', '--version'),
    missing: 'apt-get install curl',
    answer: async (code) => JSON.parse(await output('sh', ['-c', `${code} --silent --show-error`])),
  },
  {
    language: 'node',
    isHere: true,
    missing: '',
    // It prints for people: a JavaScript value.
    answer: async (code) => vm.runInNewContext(`(${await output(process.execPath, ['--input-type=module', '-e', code])})`),
  },
  {
    language: 'python',
    isHere: runs('python3', '--version'),
    missing: 'apt-get install python3',
    answer: async (code) => {
      const printed = await output('python3', ['-c', code])
      return JSON.parse(await output('python3', ['-c', 'import ast, json, sys; print(json.dumps(ast.literal_eval(sys.argv[1])))', printed]))
    },
  },
  {
    language: 'php',
    isHere: runs('php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);'),
    missing: 'apt-get install php-cli php-curl',
    // What print_r prints cannot be read back: the same value as JSON can.
    answer: async (code) =>
      JSON.parse(
        await output('php', [
          '-r',
          code.replace('<?php', '').replace('print_r(json_decode', 'echo json_encode(json_decode').replace(', true)', ')'),
        ]),
      ),
  },
  {
    language: 'go',
    isHere: runs('go', 'version'),
    missing: 'apt-get install golang-go',
    answer: async (code) => JSON.parse(await inFile('main.go', code, (file) => output('go', ['run', file]))),
  },
]

function runs(program: string, ...words: string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function output(program: string, words: readonly string[]): Promise<string> {
  return (await run(program, words, { timeout: 300_000 })).stdout.trim()
}

async function inFile<T>(name: string, text: string, work: (file: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'docket-example-'))
  try {
    const file = path.join(directory, name)
    await writeFile(file, text)
    return await work(file)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
