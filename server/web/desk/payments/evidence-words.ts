import type { MessageKey } from '../../../../contract/message.ts'
import { because } from '../../../payments/because.ts'
import type { Texts } from '../../../texts/texts.ts'
import { sentenceReader } from '../sentences.ts'

type Because = keyof typeof because

// The first that fits counts: a sentence stands before one that is a part of it.
const read = sentenceReader<Because>({
  otherAmount: [because.otherAmount('*', '*')],
  asked: [because.asked('*')],
  twice: [because.twice()],
  tooLittle: [because.tooLittle('*')],
  byHand: [because.byHand()],
  late: [because.late()],
  unknownPayer: [because.unknownPayer()],
  seenOnly: [because.seenOnly()],
  noCards: [because.noCards()],
  inReportAs: [because.inReportAs('*', '*')],
  inReport: [because.inReport('*')],
})

const SAID: Readonly<Record<Because, MessageKey>> = {
  otherAmount: 'desk.payments.because.otherAmount',
  asked: 'desk.payments.because.asked',
  twice: 'desk.payments.because.twice',
  tooLittle: 'desk.payments.because.tooLittle',
  byHand: 'desk.payments.because.byHand',
  late: 'desk.payments.because.late',
  unknownPayer: 'desk.payments.because.unknownPayer',
  seenOnly: 'desk.payments.because.seenOnly',
  noCards: 'desk.payments.because.noCards',
  inReportAs: 'desk.payments.because.inReportAs',
  inReport: 'desk.payments.because.inReport',
}

/** Why money waits, in the reader's language. What a gateway or a person said stays as it is, in a language that nobody knows. */
export function whyText(texts: Texts, why: string): { readonly text: string; readonly isOurs: boolean } {
  const known = read(why)
  // An amount or a day stands first in ours; a person may write the like of anything else.
  const isOurs = known !== undefined && /^\d/.test(known.values['v1'] ?? '0')
  return isOurs ? { text: texts.text(SAID[known.name], known.values), isOurs: true } : { text: why, isOurs: false }
}

/** The same at the end of what it is about: `103.00 EUR (Bank): why`. */
export function whyAtEnd(texts: Texts, words: string): string {
  const [head, why] = splitAt(words, '): ')
  return why === undefined ? words : head + whyText(texts, why).text
}

function splitAt(text: string, sign: string): readonly [string, string?] {
  const at = text.indexOf(sign)
  return at === -1 ? [text] : [text.slice(0, at + sign.length), text.slice(at + sign.length)]
}

const FACTS: Readonly<Record<string, MessageKey>> = {
  paid: 'desk.payments.evidence.paid',
  asked: 'desk.payments.evidence.asked',
  same_as: 'desk.payments.evidence.sameAs',
  words: 'desk.payments.evidence.words',
}

/** One of the facts that are kept with a receipt. */
export function factText(texts: Texts, name: string, value: unknown): string {
  const key = Object.hasOwn(FACTS, name) ? FACTS[name] : undefined
  const label = key === undefined ? name.replaceAll('_', ' ') : texts.text(key)
  return `${label}: ${typeof value === 'string' ? whyText(texts, value).text : JSON.stringify(value)}`
}
