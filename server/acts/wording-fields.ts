import { z } from 'zod'
import { cli } from './fields.ts'

/** The title of something that staff write, in one language. */
export const wordingTitle = (longest: number) =>
  cli(z.string().trim().min(1, 'It must not be empty.').max(longest, `It must have at most ${longest} characters.`), {
    placeholder: '<text>',
  })

/** Its text, in Markdown. */
export const wordingText = (longest: number) =>
  cli(z.string().trim().min(1, 'It must not be empty.').max(longest, `It must have at most ${longest} characters.`), {
    placeholder: '<markdown>',
  })
