import type { Texts } from '../../texts/texts.ts'
import { CopyButton } from '../ui/code-samples.tsx'
import { Code } from '../ui/code.tsx'
import { Prose } from '../ui/prose.tsx'
import { Table } from '../ui/table.tsx'
import { Name } from './operation.tsx'

const events = [
  ['order.*', 'hooks.event.order'],
  ['refill.*', 'hooks.event.refill'],
  ['balance.low', 'hooks.event.balance'],
  ['deposit.*', 'hooks.event.deposit'],
  ['ticket.*', 'hooks.event.ticket'],
] as const

/** What the receiver of webhook messages must know. */
export function HookWords({ texts }: { readonly texts: Texts }) {
  return (
    <>
      <ul class="sentences">
        <li>
          {texts.text('hooks.url')}: {texts.text('hooks.url.hint')}
        </li>
        <li>
          <Prose text={texts.text('docs.hooks.retries')} />
        </li>
        <li>
          <Prose text={texts.text('hooks.verify.lead')} />
        </li>
        <li>
          <Prose text={texts.text('hooks.verify.twice')} />{' '}
          <a href="https://www.standardwebhooks.com" rel="noreferrer">
            Standard Webhooks
          </a>
        </li>
      </ul>
      <Table
        caption={texts.text('hooks.events')}
        headings={['type', texts.text('docs.meaning')]}
        rows={events.map(([name, about]) => [<Name name={name} />, texts.text(about)])}
      />
      <p>
        <a href="/webhooks">{texts.text('hooks.new')}</a> · <a href="/webhooks/verify">{texts.text('hooks.verify')}</a>
      </p>
    </>
  )
}

const headers = `POST /docket-hook HTTP/1.1
content-type: application/json
webhook-id: msg_7_1042
webhook-timestamp: 1772366400
webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=`
const message = {
  type: 'order.completed',
  timestamp: '2026-03-01T12:00:00.000Z',
  data: { order: 23501, status: 'Completed', charge: '0.27819', start_count: '3572', remains: '0', currency: 'USD' },
}

/** An example of a message, exactly as it arrives. */
export function MessagePanel({ texts }: { readonly texts: Texts }) {
  return (
    <div class="panel whole-program">
      <div class="panel-head">
        <h4>{texts.text('hooks.sent')}</h4>
        <CopyButton texts={texts} />
      </div>
      <pre tabIndex={0} role="group" aria-label={texts.text('hooks.sent')}>
        <Code code={`${headers}\n\n${JSON.stringify(message, null, 2)}`} grammar="json" />
      </pre>
    </div>
  )
}
