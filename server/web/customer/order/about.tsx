import type { Texts } from '../../../texts/texts.ts'
import { durationText, measuredText, percentText } from '../../ui/figures.tsx'
import type { OfferedService } from '../services/offer.ts'

/** The facts and promises of a service, beside its form if there is room, else folded. */
export function AboutService({ texts, offered }: { readonly texts: Texts; readonly offered: OfferedService }) {
  const facts = factsOf(texts, offered)
  if (offered.description === '' && facts.length === 0) return null
  return (
    <aside class="about-service" aria-label={texts.text('order.about')}>
      <h2>{texts.text('order.about')}</h2>
      <details>
        <summary>{texts.text('order.about')}</summary>
        {facts.length > 0 && (
          <ul>
            {facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        )}
        {offered.description !== '' && (
          <p class="description" dir="auto">
            {offered.description}
          </p>
        )}
      </details>
    </aside>
  )
}

function factsOf(texts: Texts, { service }: OfferedService): string[] {
  const { startWithin, finishWithin, startTime, finishTime, compensationBasisPoints, refill, refillDays, refillCount } = service
  const facts = [
    startTime && texts.text('app.usuallyStarts', { time: measuredText(texts, startTime.median) }),
    finishTime && texts.text('app.usuallyFinishes', { time: measuredText(texts, finishTime.median) }),
    startWithin !== null && texts.text('app.startsWithin', { time: durationText(texts, startWithin) }),
    finishWithin !== null && texts.text('app.finishesWithin', { time: durationText(texts, finishWithin) }),
    (startWithin !== null || finishWithin !== null) &&
      (compensationBasisPoints === null
        ? texts.text('order.missedCancels')
        : texts.text('order.missedPays', { percent: percentText(texts, compensationBasisPoints / 10_000) })),
    refill && (refillDays === null ? texts.text('order.refillAlways') : texts.text('order.refillDays', { count: refillDays })),
    refill && refillCount !== null && texts.text('order.refillCount', { count: refillCount }),
  ]
  return facts.filter((fact): fact is string => typeof fact === 'string')
}
