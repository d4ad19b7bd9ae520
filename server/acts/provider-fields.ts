import { z } from 'zod'
import { GOOGLE, isProviderName, LONGEST_PROVIDER_NAME } from '../sign-in-providers/providers.ts'
import { isUrl } from '../url.ts'
import { cli } from './fields.ts'

const A_NAME = `It must be a name of at most ${LONGEST_PROVIDER_NAME} small letters, digits and dashes, like google.`

/** The field of acts on a provider. */
export const theProvider = {
  provider: cli(z.string(A_NAME).refine(isProviderName, A_NAME), { argument: true, placeholder: '<name>' }).describe(
    'name of the provider, which is a part of the address to which it leads back; google needs no issuer',
  ),
}

/** What is known of a provider by its name. */
export const KNOWN: Readonly<Record<string, { readonly name: string; readonly issuer: string }>> = {
  google: { name: 'Google', issuer: GOOGLE },
}

const AN_ISSUER = 'It must be an address like https://accounts.example.com.'

/** The issuer as its own documents name it. Without TLS it is only believed within one's own network, which the act checks. */
export const issuer = () =>
  cli(
    z
      .string(AN_ISSUER)
      .trim()
      .max(500, 'It must have at most 500 characters.')
      .refine((text) => isUrl(text) && /^https?:\/\/[^@?#\\]+$/i.test(text), AN_ISSUER),
    { placeholder: '<url>' },
  )
