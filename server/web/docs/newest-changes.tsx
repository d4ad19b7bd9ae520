import type { Texts } from '../../texts/texts.ts'
import { ChangesOfDay } from '../changelog/changes-of-day.tsx'
import type { ShownChanges } from '../changelog/shown-changes.ts'
import { DayText } from '../customer/usage/days.tsx'
import { addressIn } from '../visitor.ts'
import { Heading } from './operation.tsx'

/** The newest few changes of services and news of the operator, and the way to all of them. */
export function NewestChanges({ texts, changes: { days, currency } }: { readonly texts: Texts; readonly changes: ShownChanges }) {
  return (
    <section class="part" id="changelog" aria-labelledby="changelog-title">
      <div class="words">
        <Heading texts={texts} id="changelog" title="changelog.title" />
        {days.map((day) => (
          <div key={day.day}>
            <p class="small soft">
              <DayText texts={texts} day={day.day} />
            </p>
            <ChangesOfDay texts={texts} changes={day} currency={currency} />
          </div>
        ))}
        <p>
          <a href={addressIn(texts.language, '/api/changelog')}>{texts.text('changelog.all')}</a>
        </p>
      </div>
    </section>
  )
}
