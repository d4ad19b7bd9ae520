import type { DeskView } from '../../../staff/views.ts'
import { Field } from '../../ui/form.tsx'
import { Form, Submit } from '../../ui/parts.tsx'
import type { DeskContext } from '../desk.ts'
import { addressOf, type Asked, ORDERS } from './asked.ts'

interface ViewsProps {
  readonly context: DeskContext
  readonly asked: Asked
  readonly views: readonly DeskView[]
}

/** The views that were kept, and the way to keep this one: its filters and columns under a name. */
export function Views({ context: { ui }, asked, views }: ViewsProps) {
  const { texts } = ui.frame
  const now = addressOf(asked)
  return (
    <div class="desk-views">
      {views.length > 0 && (
        <nav aria-label={texts.text('desk.orders.views')}>
          {views.map(({ id, name, address, own, owner }) => (
            <a
              key={id}
              class="view"
              href={address === '' ? ORDERS : `${ORDERS}?${address}`}
              aria-current={address === now ? 'page' : undefined}
            >
              <bdi>{name}</bdi>
              {!own && (
                <span class="soft small">
                  {' '}
                  <bdi>{owner}</bdi>
                </span>
              )}
            </a>
          ))}
        </nav>
      )}
      <details class="keep-view">
        <summary class="button small">{texts.text('desk.orders.views.keep')}</summary>
        <div class="keep-panel">
          <Form ui={ui} action={`${ORDERS}/views`} class="form">
            <input type="hidden" name="address" value={now} />
            <Field name="name" id="view-name" label={texts.text('desk.orders.views.name')} required />
            <label>
              <input type="checkbox" name="shared" value="yes" /> {texts.text('desk.orders.views.shared')}
            </label>
            <Submit>{texts.text('desk.orders.views.keep')}</Submit>
          </Form>
          {views.some(({ own }) => own) && (
            <ul class="own-views">
              {views
                .filter(({ own }) => own)
                .map(({ id, name, shared }) => (
                  <li key={id}>
                    <Form ui={ui} action={`${ORDERS}/views/drop`} class="inline">
                      <input type="hidden" name="view" value={id.toString()} />
                      <bdi>{name}</bdi>
                      {shared && <span class="soft small"> {texts.text('desk.orders.views.isShared')}</span>}{' '}
                      <Submit look="small">{texts.text('desk.orders.views.drop')}</Submit>
                    </Form>
                  </li>
                ))}
            </ul>
          )}
        </div>
      </details>
    </div>
  )
}
