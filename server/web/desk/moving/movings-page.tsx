import { randomUUID } from 'node:crypto'
import type { MovingRow, MovingState } from '../../../move-in/movings.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { optionLabel } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { MOVING } from './moving-address.ts'

/** Panels that move in, and files that everything was taken out to. */
export function movingsPage(context: DeskContext, movings: readonly MovingRow[]): string {
  const { ui } = context
  const { texts } = ui.frame
  return deskPage(context, {
    title: texts.text('desk.moving'),
    lead: texts.text('desk.moving.lead'),
    actions: (
      <a class="button main" href={`${MOVING}/new`}>
        {texts.text('desk.moving.new')}
      </a>
    ),
    children: (
      <>
        {movings.length === 0 ? (
          <Empty title={texts.text('desk.moving.none')} text={texts.text('desk.moving.noneYet')} />
        ) : (
          <div class="scroll" data-live-region="movings" tabIndex={0} role="region" aria-label={texts.text('desk.moving')}>
            <Table
              caption={texts.text('desk.moving')}
              headings={[
                texts.text('desk.field.moving'),
                texts.text('desk.jobs.column.what'),
                texts.text('desk.jobs.column.who'),
                texts.text('desk.jobs.column.made'),
                texts.text('desk.jobs.column.state'),
              ]}
              rows={movings.map((moving) => [
                <a key="name" href={`${MOVING}/${moving.id}`}>
                  {movingTitle(texts, moving)}
                </a>,
                sourceText(texts, moving),
                <bdi key="who">{moving.who}</bdi>,
                <Moment key="made" texts={texts} at={moving.madeAt} />,
                <MovingBadge key="state" texts={texts} moving={moving} />,
              ])}
            />
          </div>
        )}
        <section class="card">
          <h2>{texts.text('desk.moving.out')}</h2>
          <p class="soft">{texts.text('desk.moving.out.hint')}</p>
          <Form ui={ui} action={`${MOVING}/out`} class="">
            <input type="hidden" name="form:once" value={`desk ${randomUUID()}`} />
            <Submit look="plain">{texts.text('desk.act.moving-out')}</Submit>
          </Form>
        </section>
      </>
    ),
  })
}

export function movingTitle(texts: Texts, { id, source, name }: MovingRow): string {
  if (source === 'out') return texts.text('desk.moving.titleOut', { moving: String(id) })
  return texts.text('desk.moving.title', { moving: String(id), name })
}

function sourceText(texts: Texts, { source }: MovingRow): string {
  return source === 'out' ? texts.text('desk.moving.out') : optionLabel(texts, source)
}

const TONES: Readonly<Record<MovingState, Tone>> = {
  files: 'idle',
  look: 'busy',
  looked: 'warn',
  run: 'busy',
  done: 'good',
  stopped: 'warn',
  failed: 'bad',
  removed: 'idle',
}

export function MovingBadge({ texts, moving: { state, stopAskedBy } }: { readonly texts: Texts; readonly moving: MovingRow }) {
  const isStopping = stopAskedBy !== null && (state === 'look' || state === 'run')
  return <Badge tone={TONES[state]}>{texts.text(isStopping ? 'desk.jobs.stopping' : `desk.moving.state.${state}`)}</Badge>
}
