/** Why money waits for a person, or what is remarkable about it. Receipts and payments keep these sentences in English, for commands and the API; the desk says
 * each in the language of the reader (`desk/payments/evidence-words.ts`). What gateways say is theirs. */
export const because = {
  otherAmount: (came: string, asked: string) => `${came} came, and ${asked} was asked for`,
  twice: () => 'The payment was paid a second time',
  tooLittle: (came: string) => `${came} is too little to be credited`,
  byHand: () => 'Staff have booked a deposit of the same amount by hand: it may be the same money',
  late: () => 'It came after the time of the payment',
  asked: (asked: string) => `${asked} was asked for`,
  unknownPayer: () => 'Nobody knows which customer sent it',
  seenOnly: () => 'The gateway saw the payment, and it was not paid in time',
  noCards: () => 'This way to pay keeps no cards',
  inReport: (day: string) => `It is in the report of ${day}`,
  inReportAs: (day: string, reference: string) => `It is in the report of ${day}, with the reference ${reference}`,
} as const
