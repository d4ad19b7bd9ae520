import type { ShownSetting } from '../../../settings/list.ts'
import { Moment, FormFault, Submit } from '../../ui/parts.tsx'
import { type Faults, NO_FAULTS } from '../../ui/page-ui.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PROVIDERS } from '../providers/address.ts'
import { MOVING } from '../moving/moving-address.ts'
import { everySection, type Section, sections } from './sections.ts'
import { SettingFields } from './setting-fields.tsx'

export interface SettingsView {
  readonly settings: readonly ShownSetting[]
  /** The newest version that the page shows. */
  readonly seen: number
  /** The section whose form is shown again, with what was typed. */
  readonly again?: { readonly section: Section; readonly typed: Readonly<Record<string, string>>; readonly faults: Faults }
}

/** What an operator changes, in sections. */
export function settingsPage(context: DeskContext, view: SettingsView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.place.settings'),
    lead: texts.text('desk.settings.lead'),
    children: (
      <div class="settings">
        <nav class="setting-sections" aria-label={texts.text('desk.place.settings')}>
          {everySection.map((section) => (
            <a key={section} href={`#${section}`}>
              {texts.text(`desk.settings.section.${section}`)}
            </a>
          ))}
          <a href="#sign-in">{texts.text('desk.signIn')}</a>
          {context.staff.may.has('moving.manage') && <a href="#moving">{texts.text('desk.moving')}</a>}
        </nav>
        {everySection.map((section) => (
          <OneSection key={section} context={context} section={section} view={view} />
        ))}
        <SignIn context={context} />
        <Moving context={context} />
      </div>
    ),
  })
}

function OneSection({ context, section, view }: { context: DeskContext; section: Section; view: SettingsView }) {
  const { ui, staff } = context
  const { texts } = ui.frame
  const keys: readonly string[] = sections[section]
  const shown = view.settings.filter(({ setting }) => keys.includes(setting))
  const again = view.again?.section === section ? view.again : undefined
  const isWhollyFixed = shown.every((setting) => setting.fixed_by !== null)
  return (
    <section class="card" id={section} aria-labelledby={`${section}-title`}>
      <h2 id={`${section}-title`}>{texts.text(`desk.settings.section.${section}`)}</h2>
      <form method="post" action={`/desk/settings/${section}`} class="form" {...(section === 'look' && { enctype: 'multipart/form-data' })}>
        <input type="hidden" name="csrf" value={ui.csrf} />
        <input type="hidden" name="seen" value={String(view.seen)} />
        <FormFault faults={again?.faults ?? NO_FAULTS} />
        <SettingFields frame={ui.frame} settings={shown} typed={again?.typed} faults={again?.faults ?? NO_FAULTS} />
        {staff.may.has('settings.manage') && !isWhollyFixed && <Submit>{texts.text('desk.settings.save')}</Submit>}
      </form>
      <LastChange context={context} shown={shown} />
    </section>
  )
}

/** The way to the page of sign-in providers, which are no settings: each is a thing of its own. */
function SignIn({ context: { ui } }: { context: DeskContext }) {
  const { texts } = ui.frame
  return (
    <section class="card" id="sign-in" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">{texts.text('desk.signIn')}</h2>
      <p class="soft">{texts.text('desk.signIn.lead')}</p>
      <a class="button plain" href={PROVIDERS}>
        {texts.text('desk.signIn')}
      </a>
    </section>
  )
}

/** The way to another page: no setting is about it. */
function Moving({ context: { ui, staff } }: { context: DeskContext }) {
  const { texts } = ui.frame
  if (!staff.may.has('moving.manage')) return null
  return (
    <section class="card" id="moving" aria-labelledby="moving-title">
      <h2 id="moving-title">{texts.text('desk.moving')}</h2>
      <p class="soft">{texts.text('desk.moving.lead')}</p>
      <a class="button plain" href={MOVING}>
        {texts.text('desk.moving')}
      </a>
    </section>
  )
}

function LastChange({ context: { ui }, shown }: { context: DeskContext; shown: readonly ShownSetting[] }) {
  const { texts } = ui.frame
  const newest = shown.toSorted((one, other) => (other.version ?? 0) - (one.version ?? 0))[0]
  if (!newest?.changed) return null
  return (
    <p class="soft">
      {texts.text('desk.settings.lastChange', { who: newest.changed_by ?? '' })} <Moment texts={texts} at={newest.changed} />
    </p>
  )
}
