import type { ComponentChildren } from 'preact'
import { supplierImport } from '../../../acts/supplier-import.ts'
import type { ImportResult } from '../../../catalog/sync-import.ts'
import type { SupplierSeen } from '../../../fulfilment/side-by-side.ts'
import { Button } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActFields, type Given } from '../act-fields.tsx'
import { actAddress } from '../act-link.tsx'
import { actTitle } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

const FIXED: ReadonlySet<string> = new Set(['name'])

interface ImportView {
  readonly seen: SupplierSeen
  readonly given: Given
  readonly faults: Faults
}

/** Which services of a supplier to put on sale, at which margin. */
export function importPage(context: DeskContext, { seen, given, faults }: ImportView): string {
  const { ui } = context
  const { texts } = ui.frame
  return deskPage(context, {
    title: texts.text('desk.suppliers.importFrom', { name: seen.name }),
    lead: texts.text('desk.suppliers.import.lead'),
    children: (
      <Form ui={ui} action={`${DESK}/suppliers/${seen.id}/import`}>
        <FormFault faults={faults} />
        <ActFields texts={texts} act={supplierImport} given={given} faults={faults} fixed={FIXED} />
        <div class="buttons">
          <Submit>{texts.text('desk.suppliers.import.read')}</Submit>
          <a class="button plain" href={`${DESK}/suppliers/${seen.id}`}>
            {texts.text('desk.form.back')}
          </a>
        </div>
      </Form>
    ),
  })
}

interface DiffView {
  readonly seen: SupplierSeen
  readonly given: Given
  readonly result: ImportResult
  readonly requestKey: string
}

const MOST_ROWS = 1000

/** What an import would change, row by row. Nothing has changed yet. */
export function importDiffPage(context: DeskContext, { seen, given, result, requestKey }: DiffView): string {
  const { ui } = context
  const { texts } = ui.frame
  const { added, known, repriced, keptByHand, skipped } = result
  const path = `${DESK}/suppliers/${seen.id}`
  return deskPage(context, {
    title: texts.text('desk.suppliers.importFrom', { name: seen.name }),
    children: (
      <>
        <Notice mood="plain">{texts.text('desk.form.nothingYet')}</Notice>
        <p>{texts.text('desk.suppliers.import.sum', { added: added.length, known, repriced: repriced.length, skipped: skipped.length })}</p>
        <div class="import-buttons">
          <Form ui={ui} action={actAddress(supplierImport)} class="inline">
            <Hidden given={given} />
            <input type="hidden" name="form:back" value={path} />
            <input type="hidden" name="form:fixed" value="name" />
            <input type="hidden" name="form:once" value={requestKey} />
            <Submit>{actTitle(texts, supplierImport.name)}</Submit>
          </Form>
          <Form ui={ui} action={`${path}/import`} class="inline">
            <Hidden given={given} />
            <Button type="submit" name="form:edit" value="1">
              {texts.text('desk.form.edit')}
            </Button>
          </Form>
        </div>
        <Part
          title={texts.text('desk.suppliers.import.added')}
          headings={[
            texts.text('desk.suppliers.service'),
            texts.text('desk.suppliers.theirs'),
            texts.text('desk.suppliers.cost'),
            texts.text('desk.suppliers.price'),
          ]}
          rows={added.map((row) => [row.service, row.theirs, row.cost, row.rate])}
          more={(count) => texts.text('desk.suppliers.import.more', { count })}
        />
        <Part
          title={texts.text('desk.suppliers.import.repriced')}
          headings={[texts.text('desk.suppliers.service'), texts.text('desk.suppliers.import.old'), texts.text('desk.suppliers.price')]}
          rows={repriced.map((row) => [row.service, row.old, row.new])}
          more={(count) => texts.text('desk.suppliers.import.more', { count })}
        />
        <Part
          title={texts.text('desk.suppliers.import.kept')}
          headings={[
            texts.text('desk.suppliers.service'),
            texts.text('desk.suppliers.price'),
            texts.text('desk.suppliers.import.byMargin'),
          ]}
          rows={keptByHand.map((row) => [row.service, row.rate, row.byMargin])}
          more={(count) => texts.text('desk.suppliers.import.more', { count })}
        />
        <Part
          title={texts.text('desk.suppliers.import.skipped')}
          headings={[texts.text('desk.suppliers.theirs'), texts.text('desk.suppliers.import.why')]}
          rows={skipped.map((row) => [row.theirs, <span lang="en">{row.why}</span>])}
          more={(count) => texts.text('desk.suppliers.import.more', { count })}
        />
      </>
    ),
  })
}

function Hidden({ given }: { given: Given }) {
  return (
    <>
      {Object.entries(given).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

interface PartProps {
  readonly title: string
  readonly headings: readonly string[]
  readonly rows: readonly (readonly ComponentChildren[])[]
  readonly more: (count: number) => string
}

function Part({ title, headings, rows, more }: PartProps) {
  if (rows.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <div class="scroll" tabIndex={0}>
        <Table caption={title} headings={headings} rows={rows.slice(0, MOST_ROWS)} />
      </div>
      {rows.length > MOST_ROWS && <p class="soft">{more(rows.length - MOST_ROWS)}</p>}
    </section>
  )
}
