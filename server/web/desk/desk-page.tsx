import type { ComponentChildren } from 'preact'
import { undoing } from '../../acts/service-undo.ts'
import type { ScriptName } from '../assets.ts'
import { type Page, renderDocument } from '../ui/document.tsx'
import { Layout } from '../ui/layout.tsx'
import { Notice } from '../ui/notice.tsx'
import { AlsoOpen } from './also-open.tsx'
import { actTitle } from './act-words.ts'
import { DESK, type DeskContext, type DeskVisit } from './desk.ts'
import { UndoLink } from './undo-link.tsx'
import { isKept, saidText } from './said.ts'

interface DeskPageProps {
  readonly title: string
  /** One sentence below the title. */
  readonly lead?: ComponentChildren
  /** Buttons beside the title. */
  readonly actions?: ComponentChildren
  /** The page's own island, beside that of all pages of the desk; `site` if it has none. */
  readonly script?: ScriptName
  /** The content brings its own heading. */
  readonly isBare?: boolean
  readonly children: ComponentChildren
}

/** A page of the desk. */
export function deskPage(context: DeskContext, { title, lead, actions, script = 'site', isBare = false, children }: DeskPageProps): string {
  const { frame } = context.ui
  const page: Page = { title, script }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class={isBare ? 'narrow' : 'app desk'}>
        <Told context={context} />
        <Unfinished context={context} />
        {context.others && <AlsoOpen texts={frame.texts} others={context.others} />}
        {!isBare && (
          <header class="desk-title">
            <h1>{title}</h1>
            {actions !== undefined && <div class="desk-actions">{actions}</div>}
            {lead !== undefined && <p class="soft">{lead}</p>}
          </header>
        )}
        {children}
      </main>
    </Layout>,
  )
}

/** A page of the desk for visitors who are not signed in. */
export function openDeskPage({ ui: { frame } }: DeskVisit, title: string, children: ComponentChildren): string {
  const page: Page = { title, script: 'site' }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="entry">
        <h1>{title}</h1>
        {children}
      </main>
    </Layout>,
  )
}

/** Leads back to the set-up while something of it is left to do. */
function Unfinished({ context: { unfinished, ui, request } }: { readonly context: DeskContext }) {
  if (unfinished === undefined || request.url.startsWith(`${DESK}/setup`)) return null
  const { texts } = ui.frame
  return (
    <Notice mood="plain">
      {texts.text('desk.setup.banner')}{' '}
      <a href={`${DESK}/setup`}>{texts.text('desk.setup.banner.go', { step: texts.text(`desk.setup.${unfinished}.title`) })}</a>
    </Notice>
  )
}

/** Tells the act whose form has led back here. */
function Told({ context }: { readonly context: DeskContext }) {
  const { told, ui, staff, request } = context
  if (!told) return null
  const { texts } = ui.frame
  const done = texts.text(isKept(told.result) ? 'desk.told.waits' : 'desk.told.done', { act: actTitle(texts, told.act) })
  const said = saidText(texts, told)
  return (
    <Notice mood="good">
      {done}
      {said !== undefined && ` ${said}`}
      {!undoing(told) && ' '}
      {!undoing(told) && <UndoLink context={context} line={told} back={request.url.split('?', 1)[0]!} look="small" />}
      {staff.may.has('log.read') && (
        <>
          {' '}
          <a href={`${DESK}/log/${told.line}`}>{texts.text('desk.told.line', { line: String(told.line) })}</a>
        </>
      )}
    </Notice>
  )
}
