import type { Texts } from '../../../texts/texts.ts'
import { Button, Field } from '../../ui/form.tsx'
import { type Asked, sorts } from './asked.ts'

interface OfferFilterProps {
  readonly texts: Texts
  readonly asked: Asked
  readonly categories: readonly string[]
  /** The address of the list for visitors who are not signed in; they have no favourites, and no script. */
  readonly open?: string
}

/** The filters and the order of the list. The page's script applies them while the reader types. */
export function OfferFilter({ texts, asked, categories, open }: OfferFilterProps) {
  const checks = [
    ...(open === undefined ? ([{ name: 'favourites', checked: asked.favouritesOnly, text: 'offer.favouritesOnly' }] as const) : []),
    { name: 'dripfeed', checked: asked.marks.includes('dripfeed'), text: 'app.dripFeed' },
    { name: 'refill', checked: asked.marks.includes('refill'), text: 'app.refill' },
    { name: 'cancel', checked: asked.marks.includes('cancel'), text: 'app.cancel' },
  ] as const
  return (
    <form method="get" action={open ?? '/services'} class="filter offer-filter" role="search">
      <Field name="find" type="search" label={texts.text('app.find')} value={asked.text} autocomplete="off" />
      <Select
        name="category"
        label={texts.text('answer.category')}
        chosen={asked.category}
        choices={[['', texts.text('app.allCategories')], ...categories.map((category) => [category, category] as const)]}
      />
      <Select
        name="sort"
        label={texts.text('offer.sort')}
        chosen={asked.sort}
        choices={sorts.map((sort) => [sort, texts.text(`offer.sort.${sort}`)] as const)}
      />
      <Button type="submit" {...(open === undefined && { class: 'without-script' })}>
        {texts.text('app.show')}
      </Button>
      <fieldset class="checks">
        <legend class="visually-hidden">{texts.text('offer.only')}</legend>
        {checks.map(({ name, checked, text }) => (
          <label key={name}>
            <input type="checkbox" name={name} value="yes" checked={checked} /> {texts.text(text)}
          </label>
        ))}
      </fieldset>
    </form>
  )
}

interface SelectProps {
  readonly name: string
  readonly label: string
  readonly chosen: string
  readonly choices: readonly (readonly [value: string, text: string])[]
}

function Select({ name, label, chosen, choices }: SelectProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        {choices.map(([value, text]) => (
          <option key={value} value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
