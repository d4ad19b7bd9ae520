import type { Offer } from '../docs/samples-on-sale.ts'
import { type Frame, type Page, renderDocument } from '../ui/document.tsx'
import { Icon } from '../ui/icon.tsx'
import { Layout } from '../ui/layout.tsx'
import { codeLanguageNamed } from '../ui/samples.ts'
import { addressIn } from '../visitor.ts'
import { CodeShown } from './code-shown.tsx'
import { EntryLinks } from './entry-links.tsx'
import { type OfferedCategory, OnSale } from './on-sale.tsx'

interface LandingView {
  readonly mayRegister: boolean
  /** The API's address. */
  readonly address: string
  readonly chosenCode: string | undefined
  /** The categories on sale. Empty if nothing is on sale, or if the operator does not show them to visitors who are not signed in. */
  readonly categories: readonly OfferedCategory[]
  readonly offer: Offer
}

const promises = [
  { icon: 'newOrder', name: 'price' },
  { icon: 'keys', name: 'once' },
  { icon: 'orders', name: 'status' },
  { icon: 'funds', name: 'proof' },
  { icon: 'webhooks', name: 'feeds' },
  { icon: 'documentation', name: 'api' },
] as const

/** The landing page: the operator's name and promises, an example order, the categories on sale, and the links to sign in and to register. */
export function landingPage(frame: Frame, view: LandingView): string {
  const { texts, house } = frame
  const lead = texts.text('shell.home.lead', { name: house.name })
  const page: Page = { title: house.name, description: lead, script: 'front', inEachLanguage: true }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="landing">
        <div class="hero">
          <div class="hero-words">
            <h1>{texts.text('shell.home.title')}</h1>
            <p class="lead">{lead}</p>
            <EntryLinks frame={frame} mayRegister={view.mayRegister} />
          </div>
          <Tickets />
        </div>
        <ul class="promises">
          {promises.map(({ icon, name }) => (
            <li key={name}>
              <Icon name={icon} />
              <h2>{texts.text(`shell.home.${name}.title`)}</h2>
              <p>{texts.text(`shell.home.${name}.text`)}</p>
            </li>
          ))}
        </ul>
        <CodeShown texts={texts} address={view.address} chosen={codeLanguageNamed(view.chosenCode)} offer={view.offer} />
        {view.categories.length > 0 && (
          <OnSale
            texts={texts}
            categories={view.categories}
            all={frame.visitor.frontServices ? addressIn(texts.language, '/services') : undefined}
          />
        )}
        <section class="begin" aria-labelledby="begin">
          <h2 id="begin">{texts.text('shell.home.begin.title')}</h2>
          <p>{texts.text('shell.home.begin.text')}</p>
          <EntryLinks frame={frame} mayRegister={view.mayRegister} />
        </section>
      </main>
    </Layout>,
  )
}

/** A drawing of three overlapping tickets: ordered, in progress, done. */
function Tickets() {
  return (
    <svg class="drawn-tickets" viewBox="0 0 420 330" aria-hidden="true">
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
