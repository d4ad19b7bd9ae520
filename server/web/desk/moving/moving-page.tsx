import { accountInviteMany } from '../../../acts/account-invite-many.ts'
import type { MovingFile, MovingRow, Progress } from '../../../move-in/movings.ts'
import { FILES_KEPT_DAYS } from '../../../move-in/sweep-movings.ts'
import type { Refusal } from '../../../refusal.ts'
import type { Texts } from '../../../texts/texts.ts'
import { FileField } from '../../ui/labelled.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { refusalText } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { MOVING } from './moving-address.ts'
import { MovingBadge, movingTitle } from './movings-page.tsx'
import { MovingReport } from './moving-report.tsx'

interface MovingView {
  readonly moving: MovingRow
  readonly files: readonly MovingFile[]
  /** This node has its files. */
  readonly isHere: boolean
  /** Why the last form was refused. */
  readonly fault: Refusal | undefined
}

interface PartProps extends MovingView {
  readonly context: DeskContext
  readonly texts: Texts
}

/** One moving: its files, how far it is, what would come or came, and what can be done about it. */
export function movingPage(context: DeskContext, view: MovingView): string {
  const { texts } = context.ui.frame
  const { moving, fault } = view
  const part = { ...view, context, texts }
  return deskPage(context, {
    title: movingTitle(texts, moving),
    lead: (
      <>
        <bdi>{moving.who}</bdi> · <Moment texts={texts} at={moving.madeAt} />
      </>
    ),
    script: 'desk-moving',
    children: (
      <div class="desk-moving">
        {fault !== undefined && <Notice mood="bad">{refusalText(texts, fault)}</Notice>}
        {takesFiles(moving) && <Files {...part} />}
        <div data-live-region={`moving-${moving.id}`} class="desk-moving">
          <Standing {...part} />
          <Where {...part} />
          <Decision {...part} />
          <MovingReport texts={texts} moving={moving} />
        </div>
        <p class="ways">
          <a href={MOVING}>{texts.text('desk.moving.all')}</a>
        </p>
      </div>
    ),
  })
}

function takesFiles({ state, beganAt, source }: MovingRow): boolean {
  return source !== 'hosted' && source !== 'out' && beganAt === null && (state === 'files' || state === 'failed')
}

const CSV_FILES = ['suppliers.csv', 'services.csv', 'accounts.csv', 'prices.csv', 'orders.csv']

/** Where the files are chosen. The page's script sends them piece by piece; without it, the form does at once. */
function Files({ context: { ui }, texts, moving, files }: PartProps) {
  const isCsv = moving.source === 'csv'
  const accept = isCsv ? '.csv,.gz' : moving.source === 'docket' ? '.gz,.tgz' : '.sql,.gz'
  const fields = isCsv ? CSV_FILES : ['file']
  const label = texts.text(moving.source === 'docket' ? 'desk.moving.files.export' : 'desk.moving.files.dump')
  return (
    <form
      method="post"
      action={`${MOVING}/${moving.id}/upload`}
      enctype="multipart/form-data"
      class="form card moving-files"
      data-moving={`${MOVING}/${moving.id}`}
      data-sending={texts.text('desk.moving.files.sending', { name: '{name}', percent: '{percent}' })}
      data-waits={texts.text('desk.moving.files.waits')}
      data-lost={texts.text('desk.moving.files.lost')}
      data-choose={texts.text('desk.moving.files.choose')}
    >
      <h2>{texts.text('desk.moving.files')}</h2>
      <input type="hidden" name="csrf" value={ui.csrf} />
      {fields.map((name) => (
        <FileField key={name} id={name.replace('.', '-')} name={name} label={isCsv ? name : label} accept={accept} />
      ))}
      <p class="soft">{texts.text('desk.moving.files.hint', { days: FILES_KEPT_DAYS })}</p>
      {files.length > 0 && <Come texts={texts} files={files} />}
      <div class="sending" hidden>
        <progress max={100} value={0} aria-label={texts.text('desk.moving.files')} />
        <p role="status" class="soft" />
      </div>
      <p class="fault" role="alert" />
      <Submit>{texts.text('desk.moving.files.send')}</Submit>
    </form>
  )
}

function Come({ texts, files }: { readonly texts: Texts; readonly files: readonly MovingFile[] }) {
  return (
    <ul class="soft">
      {files.map(({ name, bytes, received }) => (
        <li key={name}>
          <bdi dir="ltr">{name}</bdi>
          {': '}
          {texts.text('desk.moving.files.come', { percent: percentOf(Number(received), Number(bytes)) })}
        </li>
      ))}
    </ul>
  )
}

function percentOf(done: number, of: number): number {
  return of === 0 ? 100 : Math.min(100, Math.floor((done / of) * 100))
}

/** How it stands, in a sentence, and how far it is. */
function Standing({ context, texts, moving }: PartProps) {
  const { state, why } = moving
  return (
    <section class="card">
      <p class="job-progress">
        <MovingBadge texts={texts} moving={moving} /> {texts.text(sentenceOf(moving))}
      </p>
      {state === 'failed' && why !== null && <Notice mood="bad">{whyText(texts, why)}</Notice>}
      {(state === 'look' || state === 'run') && (
        <>
          <Far texts={texts} moving={moving} />
          {moving.stopAskedBy === null && (
            <Form ui={context.ui} action={`${MOVING}/${moving.id}/stop`} class="">
              <Submit look="bad">{texts.text('desk.moving.stop')}</Submit>
            </Form>
          )}
        </>
      )}
    </section>
  )
}

function sentenceOf({ state, source, beganAt, workedAt }: MovingRow) {
  if (source === 'out' && (state === 'run' || state === 'done')) return `desk.moving.out.${state}` as const
  if ((state === 'look' || state === 'run') && workedAt === null) return 'desk.moving.says.waits' as const
  if (state === 'stopped' || state === 'failed') return beganAt === null ? 'desk.moving.says.nothingCame' : 'desk.moving.says.goesOn'
  return `desk.moving.says.${state}` as const
}

function whyText(texts: Texts, { code, values, words }: NonNullable<MovingRow['why']>): string {
  const key = `desk.refusal.${code}`
  const named = Object.fromEntries(values.map((value, at) => [`v${at + 1}`, String(value)]))
  return texts.has(key) ? texts.text(key, named) : words
}

function Far({ texts, moving: { progress } }: { readonly texts: Texts; readonly moving: MovingRow }) {
  const rows = Object.entries(progress?.rows ?? {})
  return (
    <>
      <progress class="moving-progress" {...barOf(progress)} aria-label={texts.text('desk.jobs.column.progress')} />
      {rows.length > 0 && (
        <dl class="own-facts">
          {rows.map(([kind, count]) => (
            <>
              <dt>{kindText(texts, kind)}</dt>
              <dd>{texts.number(count)}</dd>
            </>
          ))}
        </dl>
      )}
    </>
  )
}

/** Without a value it only says that something goes on. */
function barOf(progress: Progress | null): { max: number; value?: number } {
  return progress?.of ? { max: progress.of, value: Math.min(progress.done, progress.of) } : { max: 1 }
}

/** Kinds of another Docket are the names of their files. */
function kindText(texts: Texts, kind: string): string {
  const key = `desk.moving.kind.${kind.replaceAll(' ', '-')}`
  return texts.has(key) ? texts.text(key) : kind
}

const AWAY_AFTER_MS = 120_000

/** Which server has the files, and whether it is there. */
function Where({ context: { now }, texts, moving, isHere }: PartProps) {
  const { holderName, holderSeenAt, state } = moving
  if (holderName === null || state === 'removed') return null
  const isAway = !isHere && (holderSeenAt === null || now.getTime() - holderSeenAt.getTime() > AWAY_AFTER_MS)
  return isAway ? (
    <Notice mood="warn">{texts.text('desk.moving.holderAway', { name: holderName })}</Notice>
  ) : (
    <p class="soft">{texts.text('desk.moving.holder', { name: holderName })}</p>
  )
}

/** What can be done now. */
function Decision({ context, texts, moving }: PartProps) {
  const { ui } = context
  const { id, state, source, beganAt, report, result } = moving
  const isOut = source === 'out'
  const rests = state === 'looked' || state === 'stopped' || state === 'failed'
  const mayRun = rests && (isOut || report !== null)
  const mayLook = rests && !isOut && beganAt === null
  const mayRemove = rests || state === 'files' || (state === 'done' && isOut)
  return (
    <>
      {state === 'looked' && <Notice mood="plain">{texts.text('desk.moving.run.text')}</Notice>}
      {state === 'done' && !isOut && (
        <Notice mood="good">
          {texts.text(result && 'counts' in result ? 'desk.moving.done.text' : 'desk.moving.done.docket')}{' '}
          <ActLink context={context} act={accountInviteMany} back={`${MOVING}/${id}`} look="small" />
        </Notice>
      )}
      {(mayRun || mayLook || mayRemove) && (
        <div class="buttons">
          {isOut && state === 'done' && (
            <a class="button main" href={`${MOVING}/${id}/export.tar.gz`} download>
              {texts.text('desk.moving.out.fetch', { size: megabytes(result && 'bytes' in result ? (result.bytes ?? 0) : 0) })}
            </a>
          )}
          {mayRun && (
            <Form ui={ui} action={`${MOVING}/${id}/run`} class="">
              <Submit>{texts.text(beganAt === null ? 'desk.moving.run.go' : 'desk.form.goOn')}</Submit>
            </Form>
          )}
          {mayLook && (
            <Form ui={ui} action={`${MOVING}/${id}/look`} class="">
              <Submit look="plain">{texts.text('desk.moving.lookAgain')}</Submit>
            </Form>
          )}
          {mayRemove && (
            <Form ui={ui} action={`${MOVING}/${id}/remove`} class="">
              <Submit look="plain">{texts.text('desk.moving.remove')}</Submit>
            </Form>
          )}
        </div>
      )}
    </>
  )
}

function megabytes(bytes: number): number {
  return Math.max(0.1, Math.round(bytes / 100_000) / 10)
}
