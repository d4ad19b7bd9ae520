import { categorySet } from '../../../acts/category-set.ts'
import { serviceUndo, undoing } from '../../../acts/service-undo.ts'
import { type Category, listCategories } from '../../../catalog/categories.ts'
import { Button } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { Form } from '../../ui/parts.tsx'
import { address } from '../../ui/page-links.tsx'
import { ActLink } from '../act-link.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

const BACK = '/desk/categories'

/** The categories in the order of the list: moved by buttons, by keys, or by dragging where there is script. */
export async function categoriesPage(context: DeskContext, fault?: string): Promise<string> {
  const { texts } = context.ui.frame
  const { told } = context
  const categories = await listCategories(context.db)
  return deskPage(context, {
    title: texts.text('desk.place.categories'),
    lead: texts.text('desk.categories.lead'),
    script: context.staff.may.has('services.manage') ? 'desk-categories' : 'site',
    actions: told && undoing(told) && <ActLink context={context} act={serviceUndo} with={{ line: String(told.line) }} back={BACK} />,
    children: (
      <>
        {fault !== undefined && <Notice mood="bad">{fault}</Notice>}
        {categories.length === 0 ? (
          <Empty title={texts.text('desk.services.empty')} text={texts.text('desk.services.empty.lead')} />
        ) : (
          <div class="scroll">
            <table class="categories" id="categories">
              <caption class="visually-hidden">{texts.text('desk.place.categories')}</caption>
              <thead>
                <tr>
                  {(['category', 'state.on sale', 'state.disabled', 'state.hidden', 'do'] as const).map((name, at) => (
                    <th key={name} scope="col" class={at > 0 && at < 4 ? 'figures' : undefined}>
                      {texts.text(`desk.services.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {categories.map((category, at) => (
                  <CategoryRow context={context} all={categories} at={at} category={category} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <Form ui={context.ui} action="/desk/categories/move" id="drag" class="visually-hidden">
          <input type="hidden" name="category" value="" />
        </Form>
      </>
    ),
  })
}

interface RowProps {
  readonly context: DeskContext
  readonly all: readonly Category[]
  readonly at: number
  readonly category: Category
}

function CategoryRow({ context, all, at, category: { category, onSale, disabled, hidden, scattered } }: RowProps) {
  const { texts } = context.ui.frame
  const name = category === '' ? texts.text('desk.services.noCategory') : category
  return (
    <tr data-row data-category={category}>
      <th scope="row">
        {context.staff.may.has('services.manage') && (
          <span class="grip needs-script" aria-hidden="true" data-grip>
            ⠿
          </span>
        )}{' '}
        <a href={address('/desk/services', { category })}>
          <bdi>{name}</bdi>
        </a>
        {scattered && <div class="soft">{texts.text('desk.categories.scattered')}</div>}
      </th>
      {[onSale, disabled, hidden].map((count, column) => (
        <td key={column} class="figures">
          {count}
        </td>
      ))}
      <td>
        <div class="desk-actions">
          <Moves context={context} all={all} at={at} name={name} />
          {category !== '' && <States context={context} category={category} counts={{ onSale, disabled, hidden }} />}
        </div>
      </td>
    </tr>
  )
}

function Moves({
  context,
  all,
  at,
  name,
}: {
  readonly context: DeskContext
  readonly all: readonly Category[]
  readonly at: number
  readonly name: string
}) {
  const { texts } = context.ui.frame
  const { category } = all[at]!
  if (!context.staff.may.has('services.manage')) return null
  const move = (target: Readonly<Record<string, string>>, key: 'up' | 'down' | 'first' | 'last') => (
    <Form ui={context.ui} action="/desk/categories/move" class="inline">
      <input type="hidden" name="category" value={category} />
      {Object.entries(target).map(([field, value]) => (
        <input key={field} type="hidden" name={field} value={value} />
      ))}
      <Button type="submit" look="small" aria-label={texts.text(`desk.categories.${key}.of`, { name })}>
        {texts.text(`desk.categories.${key}`)}
      </Button>
    </Form>
  )
  return (
    <>
      {at > 0 && move({ before: all[at - 1]!.category }, 'up')}
      {at < all.length - 1 && move({ after: all[at + 1]!.category }, 'down')}
      {at > 1 && move({ to: 'first' }, 'first')}
      {at < all.length - 2 && move({ to: 'last' }, 'last')}
    </>
  )
}

function States({
  context,
  category,
  counts,
}: {
  readonly context: DeskContext
  readonly category: string
  readonly counts: Pick<Category, 'onSale' | 'disabled' | 'hidden'>
}) {
  const { texts } = context.ui.frame
  const link = (given: Readonly<Record<string, string>>, text: string) => (
    <ActLink context={context} act={categorySet} with={{ category, ...given }} back={BACK} look="small" text={text} />
  )
  const { onSale, disabled, hidden } = counts
  return (
    <>
      {link({}, texts.text('desk.categories.rename'))}
      {onSale + hidden > 0 && link({ state: 'disabled' }, texts.text('desk.categories.pause'))}
      {onSale + disabled > 0 && link({ state: 'hidden' }, texts.text('desk.categories.hide'))}
      {disabled + hidden > 0 && link({ state: 'on sale' }, texts.text('desk.categories.sell'))}
    </>
  )
}
