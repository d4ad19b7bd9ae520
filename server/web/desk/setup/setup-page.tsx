import type { ComponentChildren } from 'preact'
import { setupSteps, type SetupStep } from '../../../settings/setup.ts'
import { Form, Submit } from '../../ui/parts.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { MOVING } from '../moving/moving-address.ts'
import type { Progress } from './progress.ts'

interface SetupPageProps {
  readonly progress: Progress
  readonly step: SetupStep
  readonly children: ComponentChildren
}

/** A step of the set-up: all steps with how far they are, then what this one asks. */
export function setupPage(context: DeskContext, { progress, step, children }: SetupPageProps): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text(`desk.setup.${step}.title`),
    lead: texts.text(`desk.setup.${step}.lead`),
    children: (
      <div class="setup">
        <Steps context={context} progress={progress} current={step} />
        {(step === 'supplier' || step === 'services') && <FromAnotherPanel context={context} />}
        {children}
        <Ways context={context} progress={progress} step={step} />
      </div>
    ),
  })
}

function Steps({ context, progress, current }: { context: DeskContext; progress: Progress; current: SetupStep }) {
  const { texts } = context.ui.frame
  return (
    <ol class="setup-steps" aria-label={texts.text('desk.setup.steps')}>
      {progress.steps.map(({ step, state }) => (
        <li key={step} class={state}>
          <a href={`/desk/setup/${step}`} aria-current={step === current ? 'step' : undefined}>
            {texts.text(`desk.setup.${step}.short`)}
            <span class="visually-hidden"> – {texts.text(`desk.setup.state.${state}`)}</span>
          </a>
        </li>
      ))}
    </ol>
  )
}

/** Whoever has a panel already need not set all of it up again. */
function FromAnotherPanel({ context: { ui, staff } }: { context: DeskContext }) {
  const { texts } = ui.frame
  if (!staff.may.has('moving.manage')) return null
  return (
    <p class="soft">
      {texts.text('desk.setup.moving')} <a href={`${MOVING}/new`}>{texts.text('desk.moving.new')}</a>
    </p>
  )
}

/** To the step after this one, or past it. */
function Ways({ context, progress, step }: { context: DeskContext; progress: Progress; step: SetupStep }) {
  const { texts } = context.ui.frame
  const { state } = progress.steps.find((each) => each.step === step)!
  const next = stepAfter(step)
  return (
    <div class="setup-ways">
      {state === 'open' ? (
        <Form ui={context.ui} action="/desk/setup/skip" class="">
          <input type="hidden" name="step" value={step} />
          <Submit look="plain">{texts.text('desk.setup.skip')}</Submit>
        </Form>
      ) : (
        <a class="button plain" href={next === undefined ? '/desk' : `/desk/setup/${next}`}>
          {texts.text(next === undefined ? 'desk.setup.toDesk' : 'desk.setup.next')}
        </a>
      )}
      {progress.next !== undefined && (
        <Form ui={context.ui} action="/desk/setup/skip" class="">
          <input type="hidden" name="step" value="all" />
          <Submit look="plain">{texts.text('desk.setup.dismiss')}</Submit>
        </Form>
      )}
    </div>
  )
}

export function stepAfter(step: SetupStep): SetupStep | undefined {
  return setupSteps[setupSteps.indexOf(step) + 1]
}
