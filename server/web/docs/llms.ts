import { MOST_IDS, type Example, type Form } from '../../../contract/action.ts'
import { actions } from '../../../contract/actions.ts'
import { extensions, STREAM } from '../../../contract/extensions.ts'
import { type MessageKey, spelledOut } from '../../../contract/message.ts'
import { aboutRefusals } from '../../../contract/refusals.ts'
import { serviceTypes } from '../../../contract/service-types.ts'
import { aboutOrderStatuses, aboutRefillStatuses } from '../../../contract/statuses.ts'
import type { Texts } from '../../texts/texts.ts'
import { KEY_PLACEHOLDER, sample } from '../ui/samples.ts'
import { besideCall } from './beside-call.ts'
import { type BesideDoc, besideOf, pathsBelow } from './besides.ts'

interface LlmsOptions {
  readonly texts: Texts
  readonly title: string
  readonly origin: string
}

/** The documentation as plain text for programs, in the form of llmstxt.org. */
export function llmsText({ texts, title, origin }: LlmsOptions): string {
  const address = `${origin}/api/v2`
  const say = (key: MessageKey) => texts.text(key, { most: MOST_IDS, path: `/api/v2${STREAM}`, ...pathsBelow('/api/v2') })
  const row = (name: string, about: string) => `- \`${name}\`: ${about}`
  const rows = (words: Readonly<Record<string, MessageKey>>) => Object.entries(words).map(([word, about]) => row(word, say(about)))
  const parts = [
    `# ${title} API`,
    `> ${say('docs.lead')}`,
    `${say('docs.address')}: ${address} · ${say('docs.method')}: POST · ${say('docs.format')}: JSON`,
    ...(['text', 'encodings', 'json', 'absent', 'lists', 'repeated', 'aliases', 'numbers', 'refusals'] as const).map((key) =>
      say(`docs.calls.${key}`),
    ),
    `- [openapi.json](${origin}/openapi.json): ${say('docs.machines.openapi')}`,
    `## ${say('docs.actions')}`,
    ...actions.flatMap(({ name, forms }) => forms.map((form) => operation(name, form))),
    `## ${say('docs.types.title')}`,
    say('docs.types.text'),
    serviceTypes
      .map(({ name, fields }) => row(name, fields.map((field) => field.name + (field.optional ? '?' : '')).join(', ')))
      .join('\n'),
    `## ${say('docs.extensions')}`,
    ...extensions.flatMap(({ title, about, examples, shownBy }) => [
      `### ${say(title)}`,
      say(about),
      ...examples.map((example) => shown(example.action, example)),
      ...wayBeside(besideOf(shownBy)),
    ]),
    `## ${say('docs.statuses.title')}`,
    rows(aboutOrderStatuses).join('\n'),
    `### ${say('docs.statuses.refills')}`,
    rows(aboutRefillStatuses).join('\n'),
    `## ${say('docs.refusals.title')}`,
    [...aboutRefusals].map(([text, about]) => row(text, say(about))).join('\n'),
  ]
  return `${parts.join('\n\n')}\n`

  function wayBeside(way: BesideDoc | undefined): string[] {
    if (way === undefined) return []
    const fields = [...way.parameters, ...way.answer].map((field) =>
      row(field.name, say(field.about) + ('optional' in field ? ` (${say('docs.optional')})` : '')),
    )
    const { parameters, answer } = way.example
    const call = besideCall(address + way.path, parameters)
    return [fields.join('\n'), `\`\`\`sh\n${call}\n\`\`\`\n\n\`\`\`json\n${JSON.stringify(answer)}\n\`\`\``]
  }

  function operation(action: string, { title, about, parameters, examples: [example] }: Form): string {
    const optional = ` (${say('docs.optional')})`
    const own = parameters.map((parameter) => row(parameter.name, say(parameter.about) + (parameter.optional ? optional : '')))
    const head = `### ${say(title)} (\`action=${action}\`)\n\n${say(about)}`
    return [head, ...(own.length > 0 ? [own.join('\n')] : []), ...(example ? [shown(action, example)] : [])].join('\n\n')
  }

  function shown(action: string, example: Example): string {
    const call = sample('curl', {
      address,
      parameters: [['key', KEY_PLACEHOLDER], ['action', action], ...Object.entries(example.parameters)],
    })
    return `\`\`\`sh\n${call}\n\`\`\`\n\n\`\`\`json\n${JSON.stringify(spelledOut(example.answer, say))}\n\`\`\``
  }
}
