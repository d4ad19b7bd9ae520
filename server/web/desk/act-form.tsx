import type { AnyAct } from '../../acts/act.ts'
import type { Answer } from '../../acts/run-act.ts'
import { plainJson } from '../../text.ts'
import { Button } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { Form, FormFault, Submit } from '../ui/parts.tsx'
import { type Faults, NO_FAULTS } from '../ui/page-ui.ts'
import { ActFields, fieldsOf, type Given } from './act-fields.tsx'
import { actAddress } from './act-link.tsx'
import { actTitle, fieldLabel } from './act-words.ts'
import { Changes, valueText } from './changes.tsx'
import type { DeskContext } from './desk.ts'
import { deskPage } from './desk-page.tsx'
import { PreviewButtons } from './preview-buttons.tsx'
import { isKept, saidText } from './said.ts'

interface ActFormProps {
  readonly context: DeskContext
  readonly act: AnyAct
  /** Fields that are filled in already. */
  readonly with?: Given
  /** Those of them that the form does not let change. */
  readonly fixed?: ReadonlySet<string>
  /** Where the form leads when the act is done: a page of the desk. */
  readonly back: string
  readonly faults?: Faults
}

/** The form of an act. Sending it shows what would change; nothing changes before that was confirmed. Nothing for a reader who may not do it. */
export function ActForm({ context, act, with: given = {}, fixed = new Set(), back, faults = NO_FAULTS }: ActFormProps) {
  const { ui, staff } = context
  const { texts } = ui.frame
  if (!staff.may.has(act.permission)) return null
  return (
    <Form ui={ui} action={actAddress(act)}>
      <FormFault faults={faults} />
      <FixedFields context={context} act={act} given={given} fixed={fixed} />
      <ActFields texts={texts} act={act} given={given} faults={faults} fixed={fixed} />
      <input type="hidden" name="form:back" value={back} />
      <input type="hidden" name="form:fixed" value={[...fixed].join(' ')} />
      <PreviewButtons texts={texts} back={back} />
    </Form>
  )
}

/** What the form is about, in words. */
function FixedFields({ context, act, given, fixed }: { context: DeskContext; act: AnyAct; given: Given; fixed: ReadonlySet<string> }) {
  const { texts } = context.ui.frame
  const shown = fieldsOf(act).filter(({ name }) => fixed.has(name) && given[name] !== undefined)
  if (shown.length === 0) return null
  return (
    <dl class="own-facts">
      {shown.map(({ name }) => (
        <>
          <dt>{fieldLabel(texts, name)}</dt>
          <dd>
            <bdi>{given[name]}</bdi>
          </dd>
        </>
      ))}
    </dl>
  )
}

export function actFormPage(props: ActFormProps): string {
  const title = actTitle(props.context.ui.frame.texts, props.act.name)
  return deskPage(props.context, { title, children: <ActForm {...props} /> })
}

interface PreviewProps {
  readonly context: DeskContext
  readonly act: AnyAct
  readonly given: Given
  readonly fixed?: ReadonlySet<string>
  readonly back: string
  /** Where the form is sent, if it is not that of the act. */
  readonly action?: string
  readonly answer: Answer
  /** The request is done once under this name, however often its button is pressed. */
  readonly requestKey: string
  /** What the reader saw before, when somebody else has changed it since. */
  readonly changedSince?: object | null
}

/** Shows what an act would change, and asks whether it should. */
export function previewPage({
  context,
  act,
  given,
  fixed = new Set(),
  back,
  action,
  answer,
  requestKey,
  changedSince,
}: PreviewProps): string {
  const { ui } = context
  const { texts } = ui.frame
  const waits = isKept(answer.result)
  const said = act.tellsDryRun && saidText(texts, { act: act.name, input: given, result: answer.result })
  return deskPage(context, {
    title: actTitle(texts, act.name),
    children: (
      <section class="preview">
        <Notice mood={waits ? 'warn' : 'plain'}>{texts.text(waits ? 'desk.form.wouldWait' : 'desk.form.nothingYet')}</Notice>
        {changedSince !== undefined && <Notice mood="bad">{texts.text('desk.refusal.changed_meanwhile')}</Notice>}
        <FixedFields context={context} act={act} given={given} fixed={fixed} />
        <Changes texts={texts} before={answer.before} after={answer.after} {...(changedSince !== undefined && { saw: changedSince })} />
        {said !== undefined && <p>{said}</p>}
        <Form ui={ui} action={action ?? actAddress(act)}>
          {Object.entries(given).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <input type="hidden" name="form:back" value={back} />
          <input type="hidden" name="form:fixed" value={[...fixed].join(' ')} />
          <input type="hidden" name="form:once" value={requestKey} />
          {act.overwrites && <input type="hidden" name="form:saw" value={plainJson(answer.before)} />}
          <div class="buttons">
            <Submit>{texts.text('desk.form.confirm', { act: actTitle(texts, act.name) })}</Submit>
            <Button type="submit" name="form:edit" value="1">
              {texts.text('desk.form.edit')}
            </Button>
          </div>
        </Form>
      </section>
    ),
  })
}

/** Shows what an act tells once and never again, like a new key. */
export function secretPage(context: DeskContext, act: AnyAct, answer: Answer, back: string): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: actTitle(texts, act.name),
    children: (
      <>
        <Notice mood="warn">{texts.text('desk.form.once')}</Notice>
        <dl class="own-facts">
          {Object.entries(answer.result).map(([name, value]) => (
            <>
              <dt>{fieldLabel(texts, name)}</dt>
              <dd>
                <code dir="ltr">{valueText(texts, value)}</code>{' '}
                {act.secrets?.includes(name) && (
                  <Button look="small" class="needs-script" data-copy={valueText(texts, value)} data-done={texts.text('docs.copied')}>
                    {texts.text('docs.copy')}
                  </Button>
                )}
              </dd>
            </>
          ))}
        </dl>
        <a class="button main" href={back}>
          {texts.text('desk.form.goOn')}
        </a>
      </>
    ),
  })
}
