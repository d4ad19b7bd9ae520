import type { FastifyReply } from 'fastify'
import type { MessageKey } from '../../../../contract/message.ts'
import { actorOf } from '../../../customers/account-context.ts'
import { field } from '../../form-faults.ts'
import { sendOwnPage } from '../../send.ts'
import { Field } from '../../ui/form.tsx'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { Form, FormFault, Submit } from '../../ui/parts.tsx'
import { appPage } from '../app-frame.tsx'
import type { OwnContext } from '../own-context.ts'
import type { OldKeys } from './old-keys.ts'
import { type Proof, proved, ProofFields } from '../proof.tsx'

const FAULTS = {
  'not a key': 'keys.old.fault.notKey',
  'not theirs': 'keys.old.fault.notTheirs',
  'no answer': 'keys.old.fault.noAnswer',
  'nothing to ask': 'keys.old.fault.nothing',
  taken: 'keys.old.fault.taken',
  later: 'keys.old.fault.later',
} as const satisfies Record<string, MessageKey>

export async function showOldKey(context: OwnContext): Promise<FastifyReply> {
  return draw(context, context.session, NO_FAULTS)
}

export function takeOldKey({ claim }: OldKeys) {
  return async (context: OwnContext): Promise<FastifyReply> => {
    const { request, reply, session, visit, ui } = context
    const { proof, faults } = await proved(context, session)
    if (Object.keys(faults).length > 0) return draw(context, proof, faults, UNPROCESSABLE)
    const outcome = await claim(session.accountId, field(request, 'old_key').trim(), actorOf(visit, session.userId))
    if (outcome === 'claimed') return reply.redirect('/keys?done=claimed', 303)
    return draw(context, proof, { old_key: ui.frame.texts.text(FAULTS[outcome]) }, UNPROCESSABLE)
  }
}

async function draw({ reply, ui }: OwnContext, proof: Proof, faults: Faults, status = 200): Promise<FastifyReply> {
  const { texts } = ui.frame
  const html = appPage({
    ui,
    title: texts.text('keys.old.title'),
    script: 'programs',
    children: (
      <Form ui={ui} action="/keys/old" class="form narrow-form">
        <p class="soft">{texts.text('keys.old.lead')}</p>
        <FormFault faults={faults} />
        <Field
          name="old_key"
          type="password"
          label={texts.text('keys.old.key')}
          required
          dir="ltr"
          autocomplete="off"
          fault={faults['old_key']}
        />
        <ProofFields texts={texts} faults={faults} proof={proof} next="/keys/old" />
        <Submit look="main">{texts.text('keys.old.submit')}</Submit>
      </Form>
    ),
  })
  return sendOwnPage(reply, html, status)
}
