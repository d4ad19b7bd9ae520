import { isPackageType } from '../../../../contract/service-types.ts'
import type { Texts } from '../../texts/texts.ts'
import { Button, Field } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, appPage, PageLinks } from '../app-frame.tsx'
import { countText, durationText, measuredText, rateText } from '../figures.tsx'
import type { Scene } from '../scene.ts'
import type { OfferedService } from './services-routes.ts'

interface ServicesView {
  readonly services: readonly OfferedService[]
  readonly categories: readonly string[]
  readonly asked: { readonly text: string; readonly category: string }
  readonly count: number
  readonly page: number
  readonly pageCount: number
  readonly currency: string
}

/** What is on sale, at the reader's own rates. */
export function servicesPage(scene: Scene, { services, categories, asked, count, page, pageCount, currency }: ServicesView): string {
  const { texts } = scene.frame
  const at = (number: number) => address('/services', { find: asked.text, category: asked.category, page: number })
  return appPage({
    scene,
    title: texts.text('app.services'),
    children: (
      <>
        <form method="get" action="/services" class="filter" role="search">
          <Field name="find" type="search" label={texts.text('app.find')} value={asked.text} />
          <div class="field">
            <label for="category">{texts.text('answer.category')}</label>
            <select id="category" name="category">
              <option value="">{texts.text('app.allCategories')}</option>
              {categories.map((category) => (
                <option key={category} value={category} selected={category === asked.category}>
                  {category}
                </option>
              ))}
            </select>
          </div>
          <Button type="submit">{texts.text('app.show')}</Button>
        </form>
        {count === 0 ? (
          <Empty title={texts.text('app.nothingFound.title')} text={texts.text('app.nothingFound.text')}>
            <a class="button plain" href="/services">
              {texts.text('app.showAll')}
            </a>
          </Empty>
        ) : (
          <p class="soft">{texts.text('app.found', { count })}</p>
        )}
        <ul class="rows">
          {services.map((one) => (
            <ServiceRow key={one.service.id} texts={texts} offered={one} currency={currency} />
          ))}
        </ul>
        <PageLinks
          links={[
            { href: page > 1 ? at(page - 1) : null, text: texts.text('app.previous') },
            { href: page < pageCount ? at(page + 1) : null, text: texts.text('app.next') },
          ]}
        />
      </>
    ),
  })
}

function ServiceRow({ texts, offered, currency }: { texts: Texts; offered: OfferedService; currency: string }) {
  const { service, name, category } = offered
  return (
    <li>
      <div class="what">
        <h2>
          <a href={address('/order', { service: service.id })}>
            <bdi>{name}</bdi>
          </a>
        </h2>
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
      <ServicePrice texts={texts} offered={offered} currency={currency} />
    </li>
  )
}

/** What it costs, and how much of it can be ordered. */
export function ServicePrice({ texts, offered: { service, rate }, currency }: { texts: Texts; offered: OfferedService; currency: string }) {
  const isPackage = isPackageType(service.type)
  return (
    <p class="price">
      <bdi class="figure" dir="ltr">
        {rateText(texts, rate, currency)}
      </bdi>{' '}
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

/** What may be done with its orders, what is promised of them, and how long they took. */
export function ServiceTraits({ texts, offered: { service } }: { texts: Texts; offered: OfferedService }) {
  const { startWithin, finishWithin, startTime, finishTime } = service
  const traits = [
    service.dripfeed && texts.text('app.dripFeed'),
    service.refill && texts.text('app.refill'),
    service.cancel && texts.text('app.cancel'),
    startWithin !== null && texts.text('app.startsWithin', { time: durationText(texts, startWithin) }),
    finishWithin !== null && texts.text('app.finishesWithin', { time: durationText(texts, finishWithin) }),
    startTime && texts.text('app.usuallyStarts', { time: measuredText(texts, startTime.median) }),
    finishTime && texts.text('app.usuallyFinishes', { time: measuredText(texts, finishTime.median) }),
  ].filter((trait): trait is string => typeof trait === 'string')
  return traits.length === 0 ? null : (
    <p class="traits">
      {traits.map((trait) => (
        <span key={trait} class="badge">
          {trait}
        </span>
      ))}
    </p>
  )
}
