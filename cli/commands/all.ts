import type { Command } from 'commander'
import { addAccountCommands } from './accounts.ts'
import { addHouseRuleCommands } from './house-rules.ts'
import { addMailCommands } from './mails.ts'
import { addPriceCommands } from './price-sync.ts'
import { addPromiseCommands } from './promises.ts'
import { addServeCommands } from './serve.ts'
import { addServiceCommands } from './services.ts'
import { addStaffKeyCommands } from './staff-keys.ts'
import { addSupplierCommands } from './suppliers.ts'
import { addUpkeepCommands } from './upkeep.ts'
import { addWebhookCommands } from './webhooks.ts'

export function addAllCommands(program: Command) {
  addServeCommands(program)
  addAccountCommands(program)
  addServiceCommands(program)
  addSupplierCommands(program)
  addPriceCommands(program)
  addPromiseCommands(program)
  addStaffKeyCommands(program)
  addHouseRuleCommands(program)
  addWebhookCommands(program)
  addMailCommands(program)
  addUpkeepCommands(program)
}
