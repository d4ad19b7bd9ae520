import { type Frame, type Page, renderDocument } from '../ui/document.tsx'
import { Icon } from '../ui/icon.tsx'
import { Layout } from '../ui/layout.tsx'
import { addressIn } from '../visitor.ts'

const reasons = [
  { icon: 'newOrder', title: 'shell.home.price.title', text: 'shell.home.price.text' },
  { icon: 'orders', title: 'shell.home.follow.title', text: 'shell.home.follow.text' },
  { icon: 'documentation', title: 'shell.home.api.title', text: 'shell.home.api.text' },
] as const

/** What this house is, and the ways in. */
export function landingPage(frame: Frame, { mayRegister }: { readonly mayRegister: boolean }): string {
  const { texts, house } = frame
  const lead = texts.text('shell.home.lead', { name: house.name })
  const page: Page = { title: house.name, description: lead, script: 'site', inEachLanguage: true }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="landing">
        <div class="hero">
          <div class="hero-words">
            <h1>{texts.text('shell.home.title')}</h1>
            <p class="lead">{lead}</p>
            <p class="ways">
              <a class="button main" href="/sign-in">
                {texts.text('account.signIn')}
              </a>
              {mayRegister && (
                <a class="button" href="/register">
                  {texts.text('account.register')}
                </a>
              )}
              <a class="button" href={addressIn(texts.language, '/api')}>
                {texts.text('site.docs')}
              </a>
            </p>
          </div>
          <Tickets />
        </div>
        <ul class="reasons">
          {reasons.map(({ icon, title, text }) => (
            <li key={title}>
              <Icon name={icon} />
              <h2>{texts.text(title)}</h2>
              <p>{texts.text(text)}</p>
            </li>
          ))}
        </ul>
      </main>
    </Layout>,
  )
}

/** Three dockets, one on the other: ordered, under way, done. */
function Tickets() {
  return (
    <svg class="tickets" viewBox="0 0 420 330" aria-hidden="true">
      <g class="far">
        <path d="M104 24h260a8 8 0 0 1 8 8v50a18 18 0 0 0 0 36v50a8 8 0 0 1-8 8H104a8 8 0 0 1-8-8v-50a18 18 0 0 0 0-36V32a8 8 0 0 1 8-8z" />
      </g>
      <g class="middle">
        <path d="M74 70h274a8 8 0 0 1 8 8v54a18 18 0 0 0 0 36v54a8 8 0 0 1-8 8H74a8 8 0 0 1-8-8v-54a18 18 0 0 0 0-36V78a8 8 0 0 1 8-8z" />
      </g>
      <g class="near">
        <path
          class="paper"
          d="M40 118h292a8 8 0 0 1 8 8v62a18 18 0 0 0 0 36v62a8 8 0 0 1-8 8H40a8 8 0 0 1-8-8v-62a18 18 0 0 0 0-36v-62a8 8 0 0 1 8-8z"
        />
        <path class="tear" d="M244 132v148" />
        <path class="strong" d="M62 156h96" />
        <path class="line" d="M62 184h150M62 206h118" />
        <path class="track" d="M62 254h152" />
        <path class="done" d="M62 254h104" />
        <path class="seal" d="M284 178a28 28 0 1 0 0 56 28 28 0 0 0 0-56" />
        <path class="tick" d="M272 206l8.5 8.5 16-18" />
      </g>
    </svg>
  )
}
