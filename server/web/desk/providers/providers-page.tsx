import { providerRemove } from '../../../acts/provider-remove.ts'
import { providerSet } from '../../../acts/provider-set.ts'
import { providerTest } from '../../../acts/provider-test.ts'
import { redirectUriOf } from '../../../sign-in-providers/context.ts'
import { GOOGLE, type Provider } from '../../../sign-in-providers/providers.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/form.tsx'
import { Form, FormFault } from '../../ui/parts.tsx'
import { ActLink } from '../act-link.tsx'
import { actTitle, fieldLabel } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PROVIDERS } from './address.ts'

interface ProvidersView {
  readonly providers: readonly Provider[]
  readonly siteUrl: string
  readonly fault: string | undefined
}

/** Others by whom customers may sign in, what is entered there, and the way to another. */
export function providersPage(context: DeskContext, { providers, siteUrl, fault }: ProvidersView): string {
  const { texts } = context.ui.frame
  const hasGoogle = providers.some(({ name }) => name === 'google')
  return deskPage(context, {
    title: texts.text('desk.signIn'),
    lead: texts.text('desk.signIn.lead'),
    actions: (
      <>
        {!hasGoogle && (
          <ActLink
            context={context}
            act={providerSet}
            with={{ provider: 'google', name: 'Google', issuer: GOOGLE }}
            back={PROVIDERS}
            text={texts.text('desk.signIn.google')}
            look="main"
          />
        )}
        <ActLink context={context} act={providerSet} back={PROVIDERS} text={texts.text('desk.signIn.other')} />
      </>
    ),
    children: (
      <>
        <FormFault faults={fault === undefined ? {} : { form: fault }} />
        {!hasGoogle && (
          <section>
            <h2>{texts.text('desk.signIn.google')}</h2>
            <p class="soft">{texts.text('desk.signIn.google.text')}</p>
            <RedirectUri context={context} name="google" siteUrl={siteUrl} />
          </section>
        )}
        {providers.length > 0 && (
          <ul class="desk-methods">
            {providers.map((provider) => (
              <OneProvider key={provider.id} context={context} provider={provider} siteUrl={siteUrl} />
            ))}
          </ul>
        )}
      </>
    ),
  })
}

function OneProvider({ context, provider, siteUrl }: { context: DeskContext; provider: Provider; siteUrl: string }) {
  const { ui, staff } = context
  const { texts } = ui.frame
  const { name, title, issuer, clientId, offered, sealedSecret } = provider
  const given = { provider: name, name: title, issuer, client_id: clientId, private_network: provider.privateNetwork ? 'yes' : 'no' }
  return (
    <li class="card" data-row>
      <h2>
        <bdi>{title}</bdi> <Badge tone={offered ? 'good' : 'idle'}>{texts.text(offered ? 'desk.payments.on' : 'desk.payments.off')}</Badge>
      </h2>
      {sealedSecret === null && <p class="bad">{texts.text('desk.signIn.noSecret')}</p>}
      <dl class="own-facts">
        <dt>{fieldLabel(texts, 'issuer')}</dt>
        <dd>
          <bdi dir="ltr" class="break">
            {issuer}
          </bdi>
        </dd>
        <dt>{fieldLabel(texts, 'client_id')}</dt>
        <dd>
          <bdi dir="ltr" class="break">
            {clientId}
          </bdi>
        </dd>
      </dl>
      <RedirectUri context={context} name={name} siteUrl={siteUrl} />
      {staff.may.has(providerTest.permission) && (
        <div class="buttons">
          <Form ui={ui} action={PROVIDERS} class="at-once">
            <input type="hidden" name="provider" value={name} />
            <Button type="submit">{actTitle(texts, providerTest.name)}</Button>
          </Form>
          <ActLink context={context} act={providerSet} with={given} back={PROVIDERS} text={texts.text('desk.signIn.change')} />
          <ActLink context={context} act={providerRemove} with={{ provider: name }} back={PROVIDERS} look="bad" />
        </div>
      )}
    </li>
  )
}

/** The address that is entered at the provider. */
function RedirectUri({ context, name, siteUrl }: { context: DeskContext; name: string; siteUrl: string }) {
  const { texts } = context.ui.frame
  const address = redirectUriOf(siteUrl, name)
  const id = `redirect-${name}`
  return (
    <div class="desk-hook">
      <p class="small" id={id}>
        {texts.text('desk.signIn.redirect')}
      </p>
      <p>
        <code dir="ltr" class="break">
          {address}
        </code>{' '}
        <Button look="small" class="needs-script" data-copy={address} data-done={texts.text('docs.copied')} aria-describedby={id}>
          {texts.text('docs.copy')}
        </Button>
      </p>
    </div>
  )
}
