import { serviceDuplicate } from '../../../acts/service-duplicate.ts'
import { serviceMove } from '../../../acts/service-move.ts'
import { serviceSet } from '../../../acts/service-set.ts'
import { readBoundSuppliers, readServiceFile } from '../../../catalog/service-file.ts'
import { readSheetRows } from '../../../catalog/sheet.ts'
import { catalogueCurrency } from '../../../catalog/sync-lists.ts'
import { readServiceLines } from '../../../staff/log.ts'
import { Badge } from '../../ui/badge.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { HistoryTable } from './history.tsx'
import { marginText } from './margin-text.ts'
import { OwnRates, ownRatesOf } from './own-rates.tsx'
import { BoundSuppliers, ServiceTerms, ServiceWords } from './service-parts.tsx'

const MOST_LINES = 20

/** Everything of one service: what it is, its words, terms, suppliers, agreed rates, and what was changed. */
export async function servicePage(context: DeskContext, service: number): Promise<string> {
  const { db, staff, ui } = context
  const { texts } = ui.frame
  const file = await readServiceFile(db, service)
  const [[row], bound, lines, currency, rates] = await Promise.all([
    readSheetRows(db, [service]),
    readBoundSuppliers(db, service),
    staff.may.has('log.read') ? readServiceLines(db, service, null, MOST_LINES) : [],
    catalogueCurrency(db),
    ownRatesOf(context, service),
  ])
  const here = `/desk/services/${service}`
  const tone = { 'on sale': 'good', disabled: 'warn', hidden: 'idle' } as const
  return deskPage(context, {
    title: `${service} · ${file.name}`,
    lead: (
      <>
        <Badge tone={tone[file.state]}>{texts.text(`desk.services.state.${file.state}`)}</Badge>{' '}
        {file.sync_pause !== null && texts.text(`desk.services.paused.${file.sync_pause}`)}
      </>
    ),
    actions: (
      <>
        {staff.may.has('services.manage') && (
          <a class="button main" href={`${here}/edit`}>
            {texts.text('desk.services.edit')}
          </a>
        )}
        <ActLink context={context} act={serviceMove} with={{ service: String(service) }} back={here} />
        <ActLink context={context} act={serviceDuplicate} with={{ service: String(service) }} back={here} />
      </>
    ),
    children: (
      <>
        <section>
          <dl class="own-facts">
            <dt>{texts.text('desk.services.category')}</dt>
            <dd>
              <bdi>{file.category || '–'}</bdi>
            </dd>
            <dt>{texts.text('desk.services.type')}</dt>
            <dd>{file.type}</dd>
            <dt>{texts.text('desk.services.rate', { currency })}</dt>
            <dd>
              <bdi>{file.rate}</bdi>
            </dd>
            <dt>{texts.text('desk.services.cost', { currency })}</dt>
            <dd>
              <bdi>{row?.cost ?? '–'}</bdi> {marginText(texts.language.code, file.rate, row?.cost ?? null)}
            </dd>
            <dt>{texts.text('desk.services.range')}</dt>
            <dd>
              <bdi>
                {file.min} – {file.max}
              </bdi>
            </dd>
          </dl>
        </section>
        <BoundSuppliers context={context} service={service} bound={bound} rate={file.rate} back={here} />
        <ServiceTerms context={context} file={file} back={here} />
        <ServiceWords context={context} file={file} back={here} />
        <OwnRates context={context} {...rates} service={service} back={here} />
        {staff.may.has('log.read') && (
          <section>
            <h2>{texts.text('desk.services.history')}</h2>
            <HistoryTable context={context} lines={lines} service={service} back={here} />
          </section>
        )}
        {staff.may.has('services.price') && (
          <p>
            <ActLink
              context={context} act={serviceSet} with={{ service: String(service) }} back={here} text={texts.text('desk.services.everything')}
            />
          </p>
        )}
      </>
    ),
  }) // prettier-ignore
}
