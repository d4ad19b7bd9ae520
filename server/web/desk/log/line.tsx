import type { LogLine } from '../../../staff/log.ts'
import { Moment } from '../../ui/parts.tsx'
import { actTitle, fieldLabel } from '../act-words.ts'
import { Changes, valueText } from '../changes.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { UndoLink } from '../undo-link.tsx'
import { About } from './log.tsx'

/** One line of the log: who did what, what was asked for, what it changed and what it answered. */
export function linePage(context: DeskContext, line: LogLine): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: actTitle(texts, line.act),
    lead: texts.text('desk.told.line', { line: String(line.line) }),
    actions: (
      <>
        <UndoLink context={context} line={line} back={`${DESK}/log`} />
        <a class="button plain" href={`${DESK}/log`}>
          {texts.text('desk.place.log')}
        </a>
      </>
    ),
    children: (
      <>
        <dl class="own-facts">
          <dt>{texts.text('desk.log.at')}</dt>
          <dd>
            <Moment texts={texts} at={new Date(line.at)} />
          </dd>
          <dt>{texts.text('desk.log.who')}</dt>
          <dd>
            <bdi>{line.who}</bdi> · {texts.text(`desk.log.via.${line.via}`)}
          </dd>
          <dt>{texts.text('desk.log.about')}</dt>
          <dd>
            <About texts={texts} line={line} />
          </dd>
        </dl>
        <Changes texts={texts} before={line.before} after={line.after} />
        <Values context={context} title={texts.text('desk.log.asked')} values={line.input} />
        <Values context={context} title={texts.text('desk.log.answered')} values={line.result} />
      </>
    ),
  })
}

function Values({ context, title, values }: { readonly context: DeskContext; readonly title: string; readonly values: object }) {
  const entries = Object.entries(values)
  if (entries.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <dl class="own-facts">
        {entries.map(([name, value]) => (
          <>
            <dt>{fieldLabel(context.ui.frame.texts, name)}</dt>
            <dd>
              <bdi>{valueText(context.ui.frame.texts, value)}</bdi>
            </dd>
          </>
        ))}
      </dl>
    </section>
  )
}
