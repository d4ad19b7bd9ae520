import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Program, parseSync, Visitor } from 'oxc-parser'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A file of server/, cli/ or contract/. */
export interface Source {
  /** From the root of the project. */
  readonly file: string
  readonly room: string
  readonly program: Program
  /** Files of the project that it imports from, also for types alone. */
  readonly imports: readonly string[]
  /** What it imports by name, but for types. */
  readonly names: readonly ImportedName[]
}

export interface ImportedName {
  readonly name: string
  /** What the file calls it. */
  readonly as: string
  readonly from: string
}

export function ownSources(): Source[] {
  return filesBelow('server', 'cli', 'contract')
    .filter((file) => /\.tsx?$/.test(file))
    .map(readSource)
}

export function filesBelow(...folders: string[]): string[] {
  return folders
    .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`))
    .filter((file) => !file.includes('node_modules/'))
    .toSorted()
}

export function contentOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

/** The folder below server/, the name of a file at its top, else the folder at the root. */
export function roomOf(file: string): string {
  const [first, second] = file.split('/') as [string, string]
  return first === 'server' ? second.replace(/\.tsx?$/, '') : first
}

function readSource(file: string): Source {
  const { program, module } = parseSync(file, contentOf(file))
  const written = [...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...reExportsOf(module)]
  const read = (specifier: string) => path.posix.join(path.posix.dirname(file), specifier)
  const imports = [...written, ...importedLater(program)]
    .filter((specifier) => specifier.startsWith('.'))
    .map(read)
    .filter(isOurs)
  const names = module.staticImports.flatMap(({ moduleRequest, entries }) =>
    entries
      .filter(({ isType }) => !isType && moduleRequest.value.startsWith('.'))
      .map(({ importName, localName }) => ({ name: importName.name ?? '', as: localName.value, from: read(moduleRequest.value) })),
  )
  return { file, room: roomOf(file), program, imports, names }
}

function isOurs(file: string): boolean {
  return /^(server|cli|contract|locales|packages)\//.test(file)
}

function reExportsOf({ staticExports }: ReturnType<typeof parseSync>['module']): string[] {
  return staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []))
}

/** `import('./page.tsx')`, of a value or of a type. */
function importedLater(program: Program): string[] {
  const found: string[] = []
  new Visitor({
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal') found.push(String(source.value))
    },
    TSImportType: ({ source }) => {
      found.push(source.value)
    },
  }).visit(program)
  return found
}
