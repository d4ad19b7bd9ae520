import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }

const program = new Command('docket')
  .description(
    'The order desk for prepaid digital services.\nData: DATABASE_URL (your own PostgreSQL), else an embedded one in DOCKET_DATA (.docket).',
  )
  .version(packageJson.version)
  .showHelpAfterError('(--help lists the arguments and options)')

/** The most frequent commands start without loading the code of the others. */
async function addCommands(named: string | undefined): Promise<void> {
  switch (named) {
    case 'serve':
    case 'demo':
      return (await import('./commands/serve.ts')).addServeCommands(program)
    case 'account':
    case 'fund':
    case 'key':
      return (await import('./commands/accounts.ts')).addAccountCommands(program)
    case 'audit':
    case 'migrate':
    case 'backup':
    case 'restore':
      return (await import('./commands/upkeep.ts')).addUpkeepCommands(program)
    default:
      return (await import('./commands/all.ts')).addAllCommands(program)
  }
}

try {
  await addCommands(process.argv[2])
  await program.parseAsync()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: message })}\n`)
  process.stderr.write(`docket: ${message}\n`)
  process.exit(1)
}
