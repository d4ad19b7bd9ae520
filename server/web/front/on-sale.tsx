import type { Catalogue } from '../../catalog/catalogue.ts'
import type { Texts } from '../../texts/texts.ts'

/** A category with the number of its services on sale. */
export interface OfferedCategory {
  readonly name: string
  readonly count: number
}

const MOST_SHOWN = 12

/** In the reader's language, in the order of the catalogue. Prices depend on the account, so visitors who are not signed in do not see them. */
export function categoriesOnSale(catalogue: Catalogue, language: string): readonly OfferedCategory[] {
  const inLanguages = known.get(catalogue) ?? new Map<string, readonly OfferedCategory[]>()
  known.set(catalogue, inLanguages)
  const categories = inLanguages.get(language) ?? countCategories(catalogue, language)
  inLanguages.set(language, categories)
  return categories
}

const known = new WeakMap<Catalogue, Map<string, readonly OfferedCategory[]>>()

function countCategories({ services }: Catalogue, language: string): OfferedCategory[] {
  const counts = new Map<string, number>()
  for (const { state, category, translations } of services.values()) {
    if (state !== 'on sale') continue
    const name = translations[language]?.category ?? category
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].filter(([name]) => name !== '').map(([name, count]) => ({ name, count }))
}

interface OnSaleProps {
  readonly texts: Texts
  readonly categories: readonly OfferedCategory[]
  /** The address of the page that has all of them; undefined: strangers do not see it. */
  readonly all: string | undefined
}

export function OnSale({ texts, categories, all }: OnSaleProps) {
  const shown = categories.slice(0, MOST_SHOWN)
  const further = categories.slice(MOST_SHOWN).reduce((sum, { count }) => sum + count, 0)
  return (
    <section class="on-sale" aria-labelledby="on-sale">
      <h2 id="on-sale">{texts.text('app.services')}</h2>
      <ul>
        {shown.map(({ name, count }) => (
          <li key={name}>
            <h3>
              <bdi>{name}</bdi>
            </h3>
            <p>{texts.text('app.found', { count })}</p>
          </li>
        ))}
        {further > 0 && (
          <li>
            <h3>…</h3>
            <p>{texts.text('app.found', { count: further })}</p>
          </li>
        )}
      </ul>
      {all !== undefined && (
        <p>
          <a href={all}>{texts.text('front.services.title')}</a>
        </p>
      )}
    </section>
  )
}
