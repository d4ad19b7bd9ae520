import { isPackageType } from '../../../../contract/service-types.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Empty } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { countText, durationText, measuredText, rateText } from '../../ui/figures.tsx'
import { Form } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import type { Conversion } from '../other-currency/convert.ts'
import { conversionOf, type OtherCurrency } from '../other-currency/other-currency.ts'
import { About, aboutPrice, OtherPrices, withPrices } from '../other-currency/other-prices.tsx'
import { type Asked, askedAddress } from './asked.ts'
import type { OfferedService } from './offer.ts'
import { OfferFilter } from './offer-filter.tsx'

interface ServicesView {
  readonly services: readonly OfferedService[]
  readonly categories: readonly string[]
  readonly favourites: ReadonlySet<number>
  readonly asked: Asked
  readonly count: number
  readonly page: number
  readonly pageCount: number
  readonly currency: string
  readonly other: OtherCurrency | undefined
  /** The number of services that changed in the last week, for this reader. */
  readonly changed: number
  /** Why a favourite could not be saved. */
  readonly fault: string | undefined
}

/** The services on sale, at the reader's own rates. */
export function servicesPage(ui: PageUi, view: ServicesView): string {
  const { texts } = ui.frame
  const { changed, fault } = view
  return appPage({
    ui,
    title: texts.text('app.services'),
    script: 'services',
    children: (
      <>
        <OfferFilter texts={texts} asked={view.asked} categories={view.categories} />
        <p class="what-changed">
          <a href="/services/changes">
            {changed === 0 ? texts.text('offer.changes') : texts.text('offer.changedLately', { count: changed })}
          </a>
        </p>
        <div class="message-area" role="alert" data-offline={texts.text('offer.offline')}>
          {fault !== undefined && <p class="notice bad">{fault}</p>}
        </div>
        <Found ui={ui} view={view} />
      </>
    ),
  })
}

/** The services that fit: the part of the page that is fetched again as the reader types. */
function Found({ ui, view }: { ui: PageUi; view: ServicesView }) {
  const { texts } = ui.frame
  const { services, favourites, asked, count, page, pageCount, currency, other } = view
  const conversion = conversionOf(other)
  return (
    <div id="offer" class="stack">
      <p class="soft" role="status">
        {texts.text('app.found', { count })}
      </p>
      <OtherPrices
        frame={ui.frame}
        other={other}
        address={(prices) => withPrices(askedAddress(asked, page > 1 ? page : undefined), prices)}
      />
      {count === 0 && (
        <Empty title={texts.text('app.nothingFound.title')} text={texts.text('app.nothingFound.text')}>
          <a class="button plain" href="/services">
            {texts.text('app.showAll')}
          </a>
        </Empty>
      )}
      <Form ui={ui} action="/services" class="visually-hidden" id="stars">
        <input type="hidden" name="back" value={askedAddress(asked, page).slice('/services?'.length)} />
      </Form>
      <ul class="rows offer">
        {services.map((one) => (
          <ServiceRow
            key={one.service.id}
            {...{ texts, offered: one, currency, conversion }}
            isFavourite={favourites.has(one.service.id)}
          />
        ))}
      </ul>
      <PageLinks
        links={[
          { href: page > 1 ? askedAddress(asked, page - 1) : null, text: texts.text('app.previous') },
          { href: page < pageCount ? askedAddress(asked, page + 1) : null, text: texts.text('app.next') },
        ]}
      />
    </div>
  )
}

interface ServiceRowProps {
  readonly texts: Texts
  readonly offered: OfferedService
  readonly currency: string
  readonly conversion: Conversion | undefined
  readonly isFavourite: boolean
}

function ServiceRow({ texts, offered, currency, conversion, isFavourite }: ServiceRowProps) {
  const { service, name, category } = offered
  return (
    <li id={`service-${service.id}`}>
      <Star texts={texts} offered={offered} isFavourite={isFavourite} />
      <div class="what">
        <h2>
          <a href={address('/order', { service: service.id })}>
            <bdi>{name}</bdi>
          </a>
        </h2>
        <div class="meta">
          <p class="soft small">
            <bdi dir="ltr">{service.id}</bdi>
            {category !== '' && (
              <>
                {' · '}
                <bdi>{category}</bdi>
              </>
            )}
          </p>
          <ServiceTraits texts={texts} offered={offered} />
        </div>
      </div>
      <ServicePrice {...{ texts, offered, currency, conversion }} />
    </li>
  )
}

/** Adds the service to the favourites, or removes it. */
function Star({ texts, offered: { service, name }, isFavourite }: Omit<ServiceRowProps, 'currency' | 'conversion'>) {
  return (
    <button
      type="submit"
      form="stars"
      formaction={`/services/${service.id}/favourite`}
      name="keep"
      value={isFavourite ? 'no' : 'yes'}
      class="star"
      aria-pressed={isFavourite ? 'true' : 'false'}
      aria-label={texts.text('offer.star', { name })}
    >
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        <path d="M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9L12 16.8l-5.3 2.9 1.1-5.9L3.5 9.7l5.9-.8z" />
      </svg>
    </button>
  )
}

/** The price, and the quantities that can be ordered. */
export function ServicePrice({ texts, offered: { service, rate }, currency, conversion }: Omit<ServiceRowProps, 'isFavourite'>) {
  const isPackage = isPackageType(service.type)
  return (
    <p class="price">
      <bdi class="figure" dir="ltr">
        {rateText(texts, rate, currency)}
      </bdi>{' '}
      {conversion && (
        <>
          <About text={aboutPrice(texts, rate, conversion)} />{' '}
        </>
      )}
      <span class="soft small">
        {texts.text(isPackage ? 'app.perPackage' : 'app.perThousand')}
        {!isPackage && (
          <>
            <br />
            {texts.text('docs.range', { least: countText(texts, service.min), most: countText(texts, service.max) })}
          </>
        )}
      </span>
    </p>
  )
}

/** The actions that its orders allow. */
export function ServiceMarks({ texts, offered }: { texts: Texts; offered: OfferedService }) {
  return <Badges texts={marksOf(texts, offered)} />
}

/** The actions that its orders allow, what is promised for them, and how long they took. */
export function ServiceTraits({ texts, offered }: { texts: Texts; offered: OfferedService }) {
  const { startWithin, finishWithin, startTime, finishTime } = offered.service
  const promised = [
    startWithin !== null && texts.text('app.startsWithin', { time: durationText(texts, startWithin) }),
    finishWithin !== null && texts.text('app.finishesWithin', { time: durationText(texts, finishWithin) }),
    startTime && texts.text('app.usuallyStarts', { time: measuredText(texts, startTime.median) }),
    finishTime && texts.text('app.usuallyFinishes', { time: measuredText(texts, finishTime.median) }),
  ].filter((trait): trait is string => typeof trait === 'string')
  return <Badges texts={[...marksOf(texts, offered), ...promised]} />
}

function marksOf(texts: Texts, { service }: OfferedService): string[] {
  const marks = [
    service.dripfeed && texts.text('app.dripFeed'),
    service.refill && texts.text('app.refill'),
    service.cancel && texts.text('app.cancel'),
  ]
  return marks.filter((mark): mark is string => typeof mark === 'string')
}

function Badges({ texts }: { texts: readonly string[] }) {
  return texts.length === 0 ? null : (
    <p class="traits">
      {texts.map((text) => (
        <span key={text} class="badge">
          {text}
        </span>
      ))}
    </p>
  )
}
