import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { addAccountCommands } from './commands/accounts.ts'
import { addPriceCommands } from './commands/price-sync.ts'
import { addHouseRuleCommands } from './commands/house-rules.ts'
import { addServeCommands } from './commands/serve.ts'
import { addServiceCommands } from './commands/services.ts'
import { addStaffKeyCommands } from './commands/staff-keys.ts'
import { addSupplierCommands } from './commands/suppliers.ts'
import { addUpkeepCommands } from './commands/upkeep.ts'
import { addWebhookCommands } from './commands/webhooks.ts'

const program = new Command('docket')
  .description(
    'The order desk for prepaid digital services.\nData: DATABASE_URL (your own PostgreSQL), else an embedded one in DOCKET_DATA (.docket).',
  )
  .version(packageJson.version)
  .showHelpAfterError('(--help tells what it takes)')

addServeCommands(program)
addAccountCommands(program)
addServiceCommands(program)
addSupplierCommands(program)
addPriceCommands(program)
addStaffKeyCommands(program)
addHouseRuleCommands(program)
addWebhookCommands(program)
addUpkeepCommands(program)

try {
  await program.parseAsync()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: message })}\n`)
  process.stderr.write(`docket: ${message}\n`)
  process.exit(1)
}
