import type { Command } from 'commander'
import { addAccountCommands } from './accounts.ts'
import { addAlertCommands } from './alerts.ts'
import { addAnnouncementCommands } from './announcements.ts'
import { addChangelogCommands, addIncidentCommands } from './incidents.ts'
import { addApprovalCommands } from './approvals.ts'
import { addChildCommands } from './children.ts'
import { addGroupCommands } from './groups.ts'
import { addHandOffCommands } from './hand-offs.ts'
import { addHouseRuleCommands } from './house-rules.ts'
import { addLogCommands } from './log.ts'
import { addMailCommands } from './mails.ts'
import { addMoveInCommands } from './move-in.ts'
import { addMovingCommands } from './moving.ts'
import { addOrderCommands } from './orders.ts'
import { addPaymentBookCommands } from './payment-books.ts'
import { addPaymentCommands } from './payments.ts'
import { addPriceCommands } from './price-sync.ts'
import { addPromiseCommands } from './promises.ts'
import { addProviderCommands } from './providers.ts'
import { addReferralCommands } from './referrals.ts'
import { addReportCommands } from './reports.ts'
import { addServeCommands } from './serve.ts'
import { addServiceCommands } from './services.ts'
import { addStaffKeyCommands } from './staff-keys.ts'
import { addStaffCommands } from './staff.ts'
import { addSettingCommands, addSetupCommands } from './settings.ts'
import { addSubscriptionCommands } from './subscriptions.ts'
import { addSupplierCommands } from './suppliers.ts'
import { addUpkeepCommands } from './upkeep.ts'
import { addViewCommands } from './views.ts'
import { addPageCommands } from './pages.ts'
import { addTicketCommands } from './tickets.ts'
import { addWebhookCommands } from './webhooks.ts'
import { addWorkCommands } from './work.ts'

export function addAllCommands(program: Command) {
  addServeCommands(program)
  addAccountCommands(program)
  addPaymentCommands(program)
  addPaymentBookCommands(program)
  addGroupCommands(program)
  addChildCommands(program)
  addServiceCommands(program)
  addSupplierCommands(program)
  addAlertCommands(program)
  addHandOffCommands(program)
  addOrderCommands(program)
  addWorkCommands(program)
  addSubscriptionCommands(program)
  addPriceCommands(program)
  addPromiseCommands(program)
  addApprovalCommands(program)
  addReportCommands(program)
  addStaffCommands(program)
  addStaffKeyCommands(program)
  addLogCommands(program)
  addSettingCommands(program)
  addSetupCommands(program)
  addProviderCommands(program)
  addHouseRuleCommands(program)
  addReferralCommands(program)
  addAnnouncementCommands(program)
  addIncidentCommands(program)
  addChangelogCommands(program)
  addPageCommands(program)
  addTicketCommands(program)
  addViewCommands(program)
  addWebhookCommands(program)
  addMailCommands(program)
  addMoveInCommands(program)
  addMovingCommands(program)
  addUpkeepCommands(program)
}
