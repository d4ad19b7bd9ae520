import type { SheetFilter } from '../../../catalog/sheet.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Button } from '../../ui/form.tsx'
import { Icon } from '../../ui/icon.tsx'
import { isFiltered, states, troubles } from './asked.ts'

interface FiltersProps {
  readonly texts: Texts
  readonly filter: SheetFilter
  readonly categories: readonly string[]
  readonly suppliers: readonly { readonly id: number; readonly name: string }[]
}

/** The search and the filters of the sheet; all of them stand in the address. */
export function SheetFilters({ texts, filter, categories, suppliers }: FiltersProps) {
  const all = texts.text('desk.services.all')
  return (
    <form method="get" action="/desk/services" class="sheet-filters">
      <span class="sheet-search">
        <Icon name="search" />
        <input type="search" name="q" value={filter.text} dir="auto" aria-label={texts.text('desk.services.search')} placeholder={texts.text('desk.services.search')} />
      </span>
      <Pick name="category" label={texts.text('desk.services.category')} chosen={filter.category} all={all} options={categories.filter((name) => name !== '').map((name) => [name, name])} />
      <Pick name="state" label={texts.text('desk.services.state')} chosen={filter.state} all={all} options={states.map((state) => [state, texts.text(`desk.services.state.${state}`)])} />
      <Pick
        name="supplier" label={texts.text('desk.services.supplier')} chosen={filter.supplier === null ? null : String(filter.supplier)} all={all}
        options={suppliers.map(({ id, name }) => [String(id), name])}
      />
      <Pick name="trouble" label={texts.text('desk.services.trouble')} chosen={filter.trouble} all={all} options={troubles.map((trouble) => [trouble, texts.text(`desk.services.trouble.${trouble}`)])} />
      <Button type="submit">{texts.text('desk.services.show')}</Button>
      {isFiltered(filter) && (
        <a class="button plain" href="/desk/services">
          {texts.text('desk.services.showAll')}
        </a>
      )}
    </form>
  ) // prettier-ignore
}

interface PickProps {
  readonly name: string
  readonly label: string
  readonly chosen: string | null
  readonly all: string
  readonly options: readonly (readonly [value: string, text: string])[]
}

function Pick({ name, label, chosen, all, options }: PickProps) {
  return (
    <label>
      <span>{label}</span>
      <select name={name}>
        <option value="">{all}</option>
        {options.map(([value, text]) => (
          <option key={value} value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
