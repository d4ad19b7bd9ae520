import type { SettingKey } from '../../../settings/fields.ts'

/** The sections of the page, each a form of its own. */
export const sections = {
  look: ['name', 'logo', 'colour', 'languages', 'front_categories', 'front_services', 'status_page'],
  customers: ['registration', 'currency', 'shown_currencies', 'funds_note'],
  payments: ['seller_address', 'seller_tax_id', 'rate_age_hours', 'rate_margin_percent'],
  children: ['child_rent', 'child_grace_days', 'child_kept_days'],
  referrals: ['referrals', 'referral_percent', 'referral_days', 'referral_least'],
  limits: ['staff_daily_sum', 'rate_limit_key', 'rate_limit_address'],
  mails: ['mail_name', 'mail_address'],
} as const satisfies Readonly<Record<string, readonly SettingKey[]>>

export type Section = keyof typeof sections

export function isSection(text: string): text is Section {
  return Object.hasOwn(sections, text)
}

export const everySection = Object.keys(sections) as Section[]
