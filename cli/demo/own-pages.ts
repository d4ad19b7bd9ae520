import { pagePublish } from '../../server/acts/page-publish.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import type { ActWith } from '../../server/acts/act.ts'

interface DemoText {
  readonly page: string
  readonly language: string
  readonly title: string
  readonly text: string
}

const texts: readonly DemoText[] = [
  {
    page: 'terms',
    language: 'en',
    title: 'Terms of service',
    text: `These terms hold for every order that you place here, on the pages or by the API.

## Orders and prices

1. The price of an order is shown before you confirm it, and never changes afterwards.
2. What was not delivered is paid back to your balance, at the price of the order.
3. One link takes one open order per service, where the service says so.

## Your balance

Deposits are yours. Every movement is a line of your [statement](/funds), which you can check yourself.

## What we do not take

- links to content that is unlawful where we or you are
- links to accounts of other people without their consent

Questions? [Answers to the most common ones](/p/faq).`,
  },
  {
    page: 'terms',
    language: 'sl',
    title: 'Pogoji uporabe',
    text: `Ti pogoji veljajo za vsako naročilo, ki ga oddate na straneh ali prek API-ja.

## Naročila in cene

1. Cena naročila je prikazana, preden ga potrdite, in se pozneje ne spremeni.
2. Kar ni bilo dostavljeno, vam vrnemo na dobroimetje po ceni naročila.
3. Kjer storitev tako določa, je za eno povezavo lahko odprto samo eno naročilo.

## Vaše dobroimetje

Pologi so vaši. Vsaka sprememba je vrstica v [izpisku](/funds), ki ga lahko preverite sami.

Vprašanja? [Odgovori na najpogostejša](/p/faq).`,
  },
  {
    page: 'faq',
    language: 'en',
    title: 'Questions and answers',
    text: `## How soon does an order start?

Each service shows how soon its newest orders started and finished. The times are measured, not promised by us.

## What if only a part is delivered?

The order ends as *Partial*, and what remains is paid back at once.

## Do you have an API?

Yes: [its documentation](/api) has examples for six languages. An order with a retry key is never placed twice.

| Question | Where |
|---|---|
| How do I pay? | *Balance* → *Add funds* |
| Where is my order? | *Orders* |
| Something else | *Support* |`,
  },
  {
    page: 'faq',
    language: 'ar',
    title: 'أسئلة وأجوبة',
    text: `## متى يبدأ الطلب؟

تعرض كل خدمة متى بدأت أحدث طلباتها ومتى انتهت. هذه الأوقات مقيسة فعلًا.

## ماذا لو سُلّم جزء فقط؟

ينتهي الطلب جزئيًا، ويعود ثمن الباقي إلى رصيدك فورًا.

## هل لديكم واجهة برمجية؟

نعم: [توثيقها](/api) فيه أمثلة بست لغات.`,
  },
]

/** Publishes the pages that a shop begins with, unless there are pages already. */
export async function publishDemoPages(run: (act: ActWith<object>, input: object) => Promise<object>): Promise<void> {
  for (const text of texts) await run(pageSet, text)
  for (const page of new Set(texts.map(({ page }) => page))) await run(pagePublish, { page })
}
