import { serviceBind } from '../../../acts/service-bind.ts'
import { servicePrefer } from '../../../acts/service-prefer.ts'
import { serviceSet } from '../../../acts/service-set.ts'
import { serviceUnbind } from '../../../acts/service-unbind.ts'
import { serviceWords } from '../../../acts/service-words.ts'
import type { BoundSupplier, ServiceFile } from '../../../catalog/service-file.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { fieldLabel } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { marginText } from './margin-text.ts'

interface PartProps {
  readonly context: DeskContext
  readonly file: ServiceFile
  readonly back: string
}

interface BoundProps {
  readonly context: DeskContext
  readonly service: number
  readonly bound: readonly BoundSupplier[]
  readonly rate: string
  readonly back: string
}

/** The suppliers of a service in the order in which they are asked. */
export function BoundSuppliers({ context, service, bound, rate, back }: BoundProps) {
  const { texts } = context.ui.frame
  const given = { service: String(service) }
  return (
    <section>
      <h2>{texts.text('desk.services.suppliers')}</h2>
      {bound.length === 0 && <p class="soft">{texts.text('desk.services.suppliers.none')}</p>}
      {bound.length > 0 && (
        <div class="scroll">
          <Table
            caption={texts.text('desk.services.suppliers')}
            headings={(['supplier', 'theirs', 'ownCost', 'margin', 'do'] as const).map((name) => texts.text(`desk.services.${name}`))}
            rows={bound.map((each, at) => [
              <>
                {at + 1}. <bdi>{each.supplier}</bdi>{' '}
                {each.gone && <Badge tone="bad">{texts.text('desk.services.gone')}</Badge>}
                {each.paused && <Badge tone="warn">{texts.text('desk.services.pausedSupplier')}</Badge>}
              </>,
              <bdi key="theirs" dir="ltr">
                {each.theirService || '–'}
                {each.multiplier > 1 && ` × ${each.multiplier}`}
              </bdi>,
              <bdi key="cost">{each.cost ?? '–'}</bdi>,
              marginText(texts.language.code, rate, each.cost),
              <span key="do" class="desk-actions">
                {at > 0 && (
                  <ActLink
                    context={context} act={servicePrefer} with={{ ...given, supplier: each.supplier }} back={back} look="small"
                    text={texts.text('desk.services.earlier')}
                  />
                )}
                <ActLink
                  context={context} act={serviceUnbind} with={{ ...given, supplier: each.supplier }} back={back} look="small"
                  text={texts.text('desk.services.unbind')}
                />
              </span>,
            ])}
            figures={[2, 3]}
          />
        </div>
      )}
      <p>
        <ActLink context={context} act={serviceBind} with={given} back={back} />
      </p>
    </section>
  ) // prettier-ignore
}

const TERMS = [
  ...(['dripfeed', 'refill', 'refill_days', 'refill_count', 'cancel', 'one_active_link', 'start_within', 'finish_within'] as const),
  ...(['compensation_basis_points', 'when_all_refuse', 'when_cost_passes'] as const),
]

/** What its orders may do, and what they are promised. */
export function ServiceTerms({ context, file, back }: PartProps) {
  const { texts } = context.ui.frame
  return (
    <section>
      <h2>{texts.text('desk.services.terms')}</h2>
      <dl class="own-facts">
        {TERMS.map((name) => (
          <>
            <dt>{fieldLabel(texts, name)}</dt>
            <dd>{termText(texts, name, file[name])}</dd>
          </>
        ))}
      </dl>
      <p>
        <ActLink context={context} act={serviceSet} with={{ service: String(file.id), ...termsGiven(file) }} back={back} text={texts.text('desk.services.editTerms')} />
      </p>
    </section>
  ) // prettier-ignore
}

function termText(texts: Texts, name: (typeof TERMS)[number], value: string | number | boolean | null): string {
  if (typeof value === 'boolean') return texts.text(value ? 'desk.form.yes' : 'desk.form.no')
  if (value === null) return '–'
  return name === 'compensation_basis_points' ? `${Number(value) / 100} %` : String(value)
}

/** The terms as the form of the act takes them. */
export function termsGiven(file: ServiceFile): Record<string, string> {
  const yesNo = (value: boolean) => (value ? 'yes' : 'no')
  const orNone = (value: number | null) => (value === null ? 'none' : String(value))
  return {
    dripfeed: yesNo(file.dripfeed),
    refill: yesNo(file.refill),
    refill_days: orNone(file.refill_days),
    refill_count: orNone(file.refill_count),
    cancel: yesNo(file.cancel),
    one_active_link: yesNo(file.one_active_link),
    start_within: orNone(file.start_within),
    finish_within: orNone(file.finish_within),
    when_all_refuse: file.when_all_refuse,
  }
}

/** The words of a service in the catalogue's language and in others. */
export function ServiceWords({ context, file, back }: PartProps) {
  const { texts } = context.ui.frame
  const spoken = Object.entries(file.translations)
  const edit = (language: string, words: ServiceFile['translations'][string]) => (
    <ActLink
      context={context} act={serviceWords} with={{ service: String(file.id), language, ...words }} back={back} look="small"
      text={texts.text('desk.services.edit')}
    />
  ) // prettier-ignore
  return (
    <section>
      <h2>{texts.text('desk.services.words')}</h2>
      <div class="scroll">
        <Table
          caption={texts.text('desk.services.words')}
          headings={(['language', 'name', 'category', 'description', 'do'] as const).map((name) => texts.text(`desk.services.${name}`))}
          rows={[
            [
              texts.text('desk.services.catalogue'),
              <bdi key="n">{file.name}</bdi>,
              <bdi key="c">{file.category}</bdi>,
              <bdi key="d">{shortened(file.description)}</bdi>,
              '',
            ],
            ...spoken.map(([language, words]) => [
              <bdi key="l">{language}</bdi>,
              <bdi key="n">{words.name ?? '–'}</bdi>,
              <bdi key="c">{words.category ?? '–'}</bdi>,
              <bdi key="d">{shortened(words.description ?? '–')}</bdi>,
              edit(language, words),
            ]),
          ]}
        />
      </div>
      <p>
        <ActLink context={context} act={serviceWords} with={{ service: String(file.id) }} back={back} />
      </p>
    </section>
  )
}

const LONGEST = 120

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
