import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { addCommands } from './commands/all.ts'

// pg looks here whether it runs at Cloudflare. Node has this since 21; without it pg tries a Response, and Node 20 loads its whole fetch for that.
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { userAgent: 'Node.js' } })

const program = new Command('docket')
  .description(
    'The order desk for prepaid digital services.\nData: DATABASE_URL (your own PostgreSQL), else an embedded one in DOCKET_DATA (.docket).',
  )
  .version(packageJson.version)
  .showHelpAfterError('(--help lists the arguments and options)')

/** These may stand before the name of a command. */
const BEFORE_NAME = new Set(['help', '--'])

try {
  const [, , ...words] = process.argv
  const named = words.find((word) => !BEFORE_NAME.has(word))
  await addCommands(program, named)
  await program.parseAsync()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: message })}\n`)
  process.stderr.write(`docket: ${message}\n`)
  process.exit(1)
}
