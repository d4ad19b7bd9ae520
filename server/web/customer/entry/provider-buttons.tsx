import type { OfferedProvider } from '../../../sign-in-providers/providers.ts'
import type { PageUi } from '../../ui/page-ui.ts'
import { Form, Submit } from '../../ui/parts.tsx'

interface ProviderButtonsProps {
  readonly ui: PageUi
  readonly providers: readonly OfferedProvider[]
  readonly next: string
}

/** The buttons that sign in by a provider, below the form that does it by password or by mail. Nothing where the house offers none. */
export function ProviderButtons({ ui, providers, next }: ProviderButtonsProps) {
  const { texts } = ui.frame
  if (providers.length === 0) return null
  return (
    <div class="providers">
      <p class="soft small or">
        <span>{texts.text('account.with.or')}</span>
      </p>
      {providers.map(({ name, title }) => (
        <Form key={name} ui={ui} action={`/sign-in/with/${name}`}>
          <input type="hidden" name="next" value={next} />
          <Submit look="plain">{texts.text('account.with.continue', { provider: title })}</Submit>
        </Form>
      ))}
    </div>
  )
}
