import type { Gateway } from '../../../payments/gateway.ts'
import { partSettings } from '../../../payments/methods.ts'

type Texts = Readonly<Record<string, string>>

/** The names of a gateway's settings: those that are shown, and those that are stored sealed. */
export function settingNames(gateway: Gateway): { readonly open: readonly string[]; readonly sealed: readonly string[] } {
  const every = Object.fromEntries(Object.keys(gateway.settings.shape).map((name) => [name, '']))
  const { open, secrets } = partSettings(gateway, every)
  return { open: Object.keys(open), sealed: Object.keys(secrets) }
}

/** The fields of a new way to pay, from the texts of its form. */
export function readNewMethod(gateway: Gateway, given: Texts): object {
  const names = settingNames(gateway)
  return {
    gateway: gateway.name,
    name: given['name'] ?? '',
    settings: filled(names.open, 'settings', given),
    secrets: filled(names.sealed, 'secrets', given),
    private_network: given['private_network'] === 'yes',
  }
}

/** The fields of a change. A setting that was emptied is taken away; a secret that is left empty stays as it is. */
export function readMethodChange(gateway: Gateway, given: Texts): object {
  const names = settingNames(gateway)
  const orNull = (name: string) => (textOf(given, name) === '' ? null : textOf(given, name))
  const secrets = filled(names.sealed, 'secrets', given)
  return {
    name: textOf(given, 'name'),
    words: orNull('words'),
    currency: orNull('currency')?.toUpperCase() ?? null,
    least: orNull('least'),
    most: orNull('most'),
    fee_percent: orNull('fee_percent') ?? '0',
    fee_fixed: orNull('fee_fixed') ?? '0',
    bonuses: textOf(given, 'bonuses')
      .split(/\r?\n/)
      .flatMap((line) => (line.trim() === '' ? [] : [line.trim()])),
    position: /^\d{1,6}$/.test(textOf(given, 'position')) ? Number(textOf(given, 'position')) : 0,
    settings: Object.fromEntries(names.open.map((name) => [name, orNull(`settings.${name}`)])),
    ...(Object.keys(secrets).length > 0 && { secrets }),
    private_network: given['private_network'] === 'yes',
  }
}

function filled(names: readonly string[], part: 'settings' | 'secrets', given: Texts): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, textOf(given, `${part}.${name}`)]).filter(([, text]) => text !== ''))
}

function textOf(given: Texts, name: string): string {
  return (given[name] ?? '').trim()
}
