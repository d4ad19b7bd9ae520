import type { Texts } from '../../texts/texts.ts'
import { type Sentences, sentenceReader } from './sentences.ts'

/**
 * What schemas say of a wrong value, by the key of the same in the reader's language. Schemas speak English, for commands and the API; this is where
 * the desk translates them. A star stands for any text, which is the value of the translation; the first sentence that fits counts.
 */
const FAULTS: Sentences = {
  needed: ['Invalid input: * received undefined', 'Invalid input: * received null', 'It must not be empty.', 'It must be a text.', 'Write something.'],
  positive: ['It must be a positive whole number.'],
  positiveOrNone: ['It must be a positive whole number, or none.'],
  whole: ['It must be a whole number.', 'Too big: expected number *', 'Too small: expected number *', 'Invalid input: expected int*', 'Invalid input: expected number*'],
  day: ['It must be at most 86400, a day.'],
  least: ['It must be at least *.'],
  most: ['It must be at most *.'],
  mostCharacters: ['It must have at most * characters.', 'Too big: expected string to have <=* characters'],
  leastCharacters: ['Too small: expected string to have >=* characters'],
  mostItems: ['Too big: expected array to have <=* items'],
  leastItems: ['Too small: expected array to have >=* items'],
  why: ['Say why.'],
  amount: ['It must be an amount, like 100 or 0.25.', '* is not a valid amount: *'],
  amountAboveZero: ['It must be an amount above zero, like 500.', 'It must be an amount above zero, like 100 or 0.25.'],
  percentage: ['It must be a percentage below 100 with at most two decimals, like *.'],
  margin: ['It must be a percentage like 20% or 7.5%.'],
  priceChange: ['It must be a change like +5% or -2.5%, above -100%.'],
  share: ['It must be cancel, or a share of the charge up to 100% with at most two decimals, like 5%.'],
  rate: ['It must be digits and one dot, like *.', '* is not a valid rate: *'],
  line: ['It must be one line.', 'It must be one line of text.'],
  yesNo: ['It must be yes or no.', 'Invalid input: expected boolean*'],
  moment: ['It must be a day like 2026-12-31, or a moment like 2026-12-31T18:00Z.'],
  onlyDay: ['It must be a day like 2026-12-31.'],
  ranges: ['It must be numbers and ranges, like 1,4,10-20.'],
  list: ['It must be a list with commas, like balance,status.', 'Invalid input: expected array*'],
  currency: ['It must be a currency code like USD.', 'It must be a code like EUR or USDT.'],
  mostCurrencies: ['There must be at most * currencies.'],
  currencyTwice: ['It must name each currency once.'],
  exchange: ['It must be like EUR=1.08, or none.'],
  groupRate: ['It must be a service and its rate, like 101=0.80.'],
  serviceValue: ['It must be a service, a value and what it shall be, like 101:rate=0.95.'],
  nameAndValue: ['It must be a name and a value, like account=DE89370400440532013000.'],
  tier: ['It must be a sum, a currency and a percentage, like 100 USD 5.'],
  logLine: ['It must be the number of a line.'],
  sameDeposit: ['Say which deposit it is the same as.'],
  name: ['It must be a name.'],
  pageName: ['It must be a name of at most * small letters, digits and dashes, like *.'],
  panelName: ['It must be letters, digits, dots and dashes.'],
  nameSigns: ['It must be a name without < > " and @.'],
  picture: ['It must be an SVG or PNG picture.'],
  pictureSize: ['It must not be larger than * bytes.'],
  colour: ['It must be a colour like #1f6f5c.'],
  language: ['It must have at least one language.'],
  address: ['It must be an address.'],
  taxNumber: ['It must be a tax number.'],
  issuer: ['It must be an address like *.'],
  https: ['It must begin with https://.'],
  email: ['It must be an e-mail address.'],
  web: ['Invalid URL'],
  behindQuestionMark: ['It must be the part of an address behind the question mark.'],
  couponCode: ['It must be 3 to 40 letters, digits, dashes and dots, like SPRING-10.'],
  json: ['It must be JSON, like {"reason": "the supplier is away"}.'],
  wordsLanguage: ['It says which language the words are in.'],
  settings: ['It must be an object of settings.', 'Invalid input: expected record*', 'Invalid input: expected object*'],
  oneOf: ['It must be a service type: *.', 'It must be one of: *.', 'It must be one of *.', 'It must be some of *.', 'Invalid option: expected one of *'],
  choice: [
    'It must be cancel or attention.', 'It must be csv or jsonl.', 'It must be first or last.', 'It must be on-sale, disabled or hidden.', 'It must be raise, pause or flag.',
  ],
  wrong: ['Invalid input*', 'Invalid string*'],
  unknownSetting: ['There is no such setting.', 'There is no such secret.'],
  secretAmongSettings: ['It is a secret: give it among the secrets.'],
  takesCurrencies: ['* takes *.'],
} // prettier-ignore

const read = sentenceReader(FAULTS)

/** What is wrong with a value, in the reader's language; the sentence itself where it is a text of somebody else, like a gateway. */
export function faultText(texts: Texts, sentence: string): string {
  const fault = read(sentence)
  const key = `desk.fault.${fault?.name}`
  return fault && texts.has(key) ? texts.text(key, fault.values) : sentence
}
