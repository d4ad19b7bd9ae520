import { announcementLists } from './announcement-lists.ts'
import { customerLists } from './customer-lists.ts'
import { childLists } from './child-lists.ts'
import { exportLists } from './export-lists.ts'
import { houseLists } from './house-lists.ts'
import type { List } from './list.ts'
import { movingLists } from './moving-lists.ts'
import { orderLists } from './order-lists.ts'
import { pageLists } from './page-lists.ts'
import { paymentBookLists } from './payment-book-lists.ts'
import { paymentLists } from './payment-lists.ts'
import { programLists } from './program-lists.ts'
import { providerLists } from './provider-lists.ts'
import { referralLists } from './referral-lists.ts'
import { reportLists } from './report-lists.ts'
import { serviceLists } from './service-lists.ts'
import { staffLists } from './staff-lists.ts'
import { statusLists } from './status-lists.ts'
import { supplierLists } from './supplier-lists.ts'
import { supportLists } from './support-lists.ts'

/** All lists, in the order of the documentation. */
export const lists: readonly List[] = [
  ...customerLists,
  ...programLists,
  ...serviceLists,
  ...supplierLists,
  ...orderLists,
  ...exportLists,
  ...paymentLists,
  ...paymentBookLists,
  ...referralLists,
  ...childLists,
  ...announcementLists,
  ...statusLists,
  ...supportLists,
  ...reportLists,
  ...houseLists,
  ...providerLists,
  ...pageLists,
  ...movingLists,
  ...staffLists,
]
