import type { MessageKey } from '../../../contract/message.ts'
import type { PublicChange } from '../../catalog/public-changes.ts'
import { languageByCode } from '../../texts/languages.ts'
import type { Texts } from '../../texts/texts.ts'
import { countText, durationText, NOTHING, rateText } from '../ui/figures.tsx'
import { Markdown } from '../ui/markdown.tsx'
import type { ChangelogDay, ServiceOfDay, ShownEntry } from './shown-changes.ts'

interface ChangesOfDayProps {
  readonly texts: Texts
  readonly changes: Pick<ChangelogDay, 'entries' | 'services'>
  readonly currency: string
}

/** What changed on a day: news of the operator, then services. */
export function ChangesOfDay({ texts, changes: { entries, services }, currency }: ChangesOfDayProps) {
  return (
    <ul class="rows changelog">
      {entries.map((entry) => (
        <li key={`entry ${entry.id}`} id={`entry-${entry.id}`}>
          <Entry texts={texts} entry={entry} />
        </li>
      ))}
      {services.map((service) => (
        <li key={service.service}>
          <ServiceChanges texts={texts} service={service} currency={currency} />
        </li>
      ))}
    </ul>
  )
}

function Entry({ texts, entry: { title, text, language } }: { readonly texts: Texts; readonly entry: ShownEntry }) {
  const isOwn = language === texts.language.code
  return (
    <div class="what" lang={isOwn ? undefined : language} dir={isOwn ? undefined : (languageByCode(language)?.direction ?? 'ltr')}>
      <p class="changed-name">
        <span class="badge good" lang={texts.language.code}>
          {texts.text('changelog.news')}
        </span>{' '}
        <strong>{title}</strong>
      </p>
      <Markdown text={text} />
    </div>
  )
}

interface ServiceChangesProps {
  readonly texts: Texts
  readonly service: ServiceOfDay
  readonly currency: string
}

function ServiceChanges({ texts, service: { service, name, category, changes }, currency }: ServiceChangesProps) {
  const fields = changes.flatMap((change) => {
    const { what } = change
    return what === 'added' || what === 'ended' ? [] : [{ change, label: texts.text(labelOf(what)) }]
  })
  return (
    <div class="what">
      <p class="changed-name">
        <Kind texts={texts} changes={changes} />{' '}
        <strong>
          <bdi>{name}</bdi>
        </strong>{' '}
        <span class="soft small">
          <bdi dir="ltr">{service}</bdi>
          {category !== '' && (
            <>
              {' · '}
              <bdi>{category}</bdi>
            </>
          )}
        </span>
      </p>
      {fields.length > 0 && (
        <ul class="changed-fields small">
          {fields.map(({ change, label }) => (
            <li key={String(change.number)}>
              {label}:{' '}
              <s>
                <bdi dir={dirOf(change)}>{valueText(texts, change, change.old, currency)}</bdi>
              </s>{' '}
              {texts.language.direction === 'rtl' ? '←' : '→'}{' '}
              <bdi dir={dirOf(change)}>{valueText(texts, change, change.now, currency)}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** The newest of what happened to it that day says most. */
function Kind({ texts, changes }: { readonly texts: Texts; readonly changes: readonly PublicChange[] }) {
  const moved = changes.find(({ what }) => what === 'added' || what === 'ended')
  if (moved?.what === 'added') return <span class="badge good">{texts.text('offer.new')}</span>
  if (moved) return <span class="badge">{texts.text('offer.gone')}</span>
  const priced = changes.find(({ what }) => what === 'rate')
  if (!priced) return <span class="badge">{texts.text('changelog.changed')}</span>
  const isDearer = Number(priced.now) > Number(priced.old)
  return <span class={`badge ${isDearer ? 'warn' : 'good'}`}>{texts.text(isDearer ? 'offer.dearer' : 'offer.cheaper')}</span>
}

function labelOf(what: Exclude<PublicChange['what'], 'added' | 'ended'>): MessageKey {
  switch (what) {
    case 'category':
      return 'answer.category'
    case 'dripfeed':
      return 'app.dripFeed'
    case 'refill':
    case 'cancel':
      return `app.${what}`
    case 'refill days':
      return 'changelog.field.refill_days'
    case 'start within':
      return 'changelog.field.start_within'
    case 'finish within':
      return 'changelog.field.finish_within'
    default:
      return `changelog.field.${what}`
  }
}

/** Amounts and quantities are written from the left everywhere. */
function dirOf({ what }: PublicChange): 'ltr' | undefined {
  return what === 'rate' || what === 'min' || what === 'max' ? 'ltr' : undefined
}

function valueText(texts: Texts, { what }: PublicChange, value: string | null, currency: string): string {
  if (value === null || value === '') return NOTHING
  switch (what) {
    case 'rate':
      return rateText(texts, value, currency)
    case 'min':
    case 'max':
    case 'refill days':
      return countText(texts, BigInt(value))
    case 'start within':
    case 'finish within':
      return durationText(texts, Number(value))
    case 'dripfeed':
    case 'refill':
    case 'cancel':
      return texts.text(value === 'true' ? 'desk.form.yes' : 'desk.form.no')
    default:
      return value
  }
}
