import type { Verified } from '../../../staff/log.ts'
import { Notice } from '../../ui/notice.tsx'
import { Form, Submit } from '../../ui/parts.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

/** What checking the log found. A long log is checked in several steps: then the page goes on where the last one stopped. */
export function checkedPage(context: DeskContext, { lines, fault, hash, isWhole }: Verified): string {
  const { ui } = context
  const { texts } = ui.frame
  const values = { lines: texts.number(Number(lines)) }
  return deskPage(context, {
    title: texts.text('desk.log.check'),
    actions: (
      <a class="button plain" href={`${DESK}/log`}>
        {texts.text('desk.place.log')}
      </a>
    ),
    children: (
      <>
        {fault !== null && (
          <Notice mood="bad">
            {texts.text('desk.log.fault', { ...values, line: String(fault.line) })}{' '}
            <a href={`${DESK}/log/${fault.line}`}>{texts.text('desk.told.line', { line: String(fault.line) })}</a>
          </Notice>
        )}
        {fault === null && isWhole && <Notice mood="good">{texts.text('desk.log.whole', values)}</Notice>}
        {!isWhole && (
          <>
            <Notice mood="plain">{texts.text('desk.log.soFar', values)}</Notice>
            <Form ui={ui} action={`${DESK}/log/check`}>
              <input type="hidden" name="lines" value={String(lines)} />
              <input type="hidden" name="hash" value={hash} />
              <Submit>{texts.text('desk.log.goOn')}</Submit>
            </Form>
          </>
        )}
        <p>{texts.text('desk.log.hash')}</p>
        <p>
          <code class="desk-hash" dir="ltr">
            {hash}
          </code>
        </p>
        <p class="soft">{texts.text('desk.log.hash.why')}</p>
      </>
    ),
  })
}
