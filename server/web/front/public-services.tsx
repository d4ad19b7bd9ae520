import { type Asked, askedAddress } from '../customer/services/asked.ts'
import type { OfferedService } from '../customer/services/offer.ts'
import { OfferFilter } from '../customer/services/offer-filter.tsx'
import { ServicePrice, ServiceTraits } from '../customer/services/services.tsx'
import { type Frame, type Page, renderDocument } from '../ui/document.tsx'
import { Layout } from '../ui/layout.tsx'
import { Empty } from '../ui/notice.tsx'
import { PageLinks } from '../ui/page-links.tsx'
import { addressIn } from '../visitor.ts'
import { EntryLinks } from './entry-links.tsx'

interface PublicServicesView {
  readonly services: readonly OfferedService[]
  readonly categories: readonly string[]
  readonly asked: Asked
  /** How many services are on sale, and how many of them fit. */
  readonly total: number
  readonly count: number
  readonly page: number
  readonly pageCount: number
  readonly currency: string
  readonly mayRegister: boolean
}

/** The services on sale, as visitors see them who are not signed in: at the price of new accounts. Everything works without script. */
export function publicServicesPage(frame: Frame, view: PublicServicesView): string {
  const { texts, house } = frame
  const { asked, count, currency } = view
  const here = addressIn(texts.language, '/services')
  const page: Page = {
    title: texts.text('front.services.title'),
    description: texts.text('front.services.description', { count: view.total, name: house.name }),
    script: 'site',
    inEachLanguage: true,
  }
  const linkTo = (number: number) => askedAddress(asked, number > 1 ? number : undefined, here)
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="app public-services">
        <h1>{page.title}</h1>
        <p class="lead">{texts.text('front.services.lead')}</p>
        <OfferFilter texts={texts} asked={asked} categories={view.categories} open={here} />
        <p class="soft" role="status">
          {texts.text('app.found', { count })}
        </p>
        {count === 0 && (
          <Empty title={texts.text('app.nothingFound.title')} text={texts.text('app.nothingFound.text')}>
            <a class="button plain" href={here}>
              {texts.text('app.showAll')}
            </a>
          </Empty>
        )}
        <ul class="rows offer">
          {view.services.map((offered) => (
            <li key={offered.service.id} id={`service-${offered.service.id}`}>
              <div class="what">
                <h2>
                  <bdi>{offered.name}</bdi>
                </h2>
                <div class="meta">
                  <p class="soft small">
                    <bdi dir="ltr">{offered.service.id}</bdi>
                    {offered.category !== '' && (
                      <>
                        {' · '}
                        <bdi>{offered.category}</bdi>
                      </>
                    )}
                  </p>
                  <ServiceTraits texts={texts} offered={offered} />
                </div>
              </div>
              <ServicePrice texts={texts} offered={offered} currency={currency} conversion={undefined} />
            </li>
          ))}
        </ul>
        <PageLinks
          links={[
            { href: view.page > 1 ? linkTo(view.page - 1) : null, text: texts.text('app.previous') },
            { href: view.page < view.pageCount ? linkTo(view.page + 1) : null, text: texts.text('app.next') },
          ]}
        />
        <EntryLinks frame={frame} mayRegister={view.mayRegister} />
      </main>
    </Layout>,
  )
}
