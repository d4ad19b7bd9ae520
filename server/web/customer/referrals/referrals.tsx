import type { ReferralProgram } from '../../../referrals/program.ts'
import type { Commission, Referral } from '../../../referrals/referrals.ts'
import type { Referrer } from '../../../referrals/referrers.ts'
import { moneyText } from '../../../texts/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge } from '../../ui/badge.tsx'
import { CopyPanel } from '../../ui/copy-panel.tsx'
import { percentText } from '../../ui/figures.tsx'
import { Notice } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import { appPage } from '../app-frame.tsx'
import { maskedEmail } from './masked.ts'

interface ReferralsView {
  readonly program: ReferralProgram
  readonly referrer: Referrer | undefined
  readonly link: string | undefined
  readonly people: readonly Referral[]
  readonly morePeople: boolean
  readonly lines: readonly Commission[]
  readonly moreLines: boolean
  readonly isFirst: boolean
  readonly currency: string
  readonly now: Date
}

const PATH = '/referrals'

/** The link of a customer, who came by it, and what each of their orders brought. */
export function referralsPage(ui: PageUi, view: ReferralsView): string {
  const { texts } = ui.frame
  const { program, people, lines, currency, isFirst } = view
  const share = view.referrer?.basisPoints ?? program.basisPoints
  const terms = { percent: percentText(texts, share / 10_000), days: program.days, least: moneyText(texts, program.least, currency) }
  return appPage({
    ui,
    title: texts.text('app.referrals'),
    children: (
      <>
        <p class="soft">{texts.text('referrals.lead', terms)}</p>
        <Link ui={ui} view={view} />
        <ul class="soft small">
          <li>{texts.text('referrals.rule.refunds')}</li>
          <li>{texts.text('referrals.rule.share')}</li>
          <li>{texts.text('referrals.rule.own')}</li>
        </ul>
        <h2>{texts.text('referrals.people')}</h2>
        {people.length === 0 ? (
          <p class="soft">{texts.text('referrals.people.none')}</p>
        ) : (
          <ul class="rows">
            {people.map((one) => (
              <li key={one.id}>
                <div class="what">
                  <p>
                    <bdi dir="ltr">{maskedEmail(one.email)}</bdi>{' '}
                    <Badge tone={one.endedAt ? 'idle' : 'good'}>{texts.text(one.endedAt ? 'referrals.ended' : 'referrals.counts')}</Badge>
                  </p>
                  <p class="soft small">
                    {texts.text('referrals.since')} <Moment texts={texts} at={one.at} /> · {texts.text('referrals.share')}{' '}
                    {percentText(texts, one.basisPoints / 10_000)}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
        <h2>{texts.text('referrals.earned')}</h2>
        {view.referrer && <p>{texts.text('referrals.total', { amount: moneyText(texts, view.referrer.paid, currency) })}</p>}
        {lines.length === 0 ? (
          <p class="soft">{texts.text('referrals.earned.none')}</p>
        ) : (
          <ul class="rows">
            {lines.map((line) => (
              <li key={line.id}>
                <div class="what">
                  <p>
                    <bdi dir="ltr">{maskedEmail(line.email)}</bdi>
                  </p>
                  <p class="soft small">
                    <Moment texts={texts} at={line.at} /> · {texts.text('referrals.kept')}{' '}
                    <bdi dir="ltr">{moneyText(texts, line.charged - line.givenBack, currency)}</bdi>
                  </p>
                </div>
                <p class="price">
                  <bdi class="figure amount" dir="ltr">
                    {moneyText(texts, line.share, currency)}
                  </bdi>
                  <br />
                  <span class="soft small">
                    <State texts={texts} line={line} now={view.now} currency={currency} />
                  </span>
                </p>
              </li>
            ))}
          </ul>
        )}
        <PageLinks
          links={[
            { href: isFirst ? null : PATH, text: texts.text('app.newest') },
            { href: view.moreLines ? address(PATH, { before: lines.at(-1)!.id }) : null, text: texts.text('referrals.olderLines') },
            { href: view.morePeople ? address(PATH, { people: people.at(-1)!.id }) : null, text: texts.text('referrals.olderPeople') },
          ]}
        />
      </>
    ),
  })
}

function Link({ ui, view: { program, referrer, link } }: { readonly ui: PageUi; readonly view: ReferralsView }) {
  const { texts } = ui.frame
  if (referrer?.refusedAt) return <Notice mood="warn">{texts.text('referrals.refused')}</Notice>
  if (!program.isOn) return <Notice mood="plain">{texts.text('referrals.off')}</Notice>
  if (link !== undefined) {
    return (
      <CopyPanel texts={texts} title={texts.text('referrals.link')}>
        {link}
      </CopyPanel>
    )
  }
  return (
    <Form ui={ui} action="/referrals/link">
      <Submit>{texts.text('referrals.make')}</Submit>
    </Form>
  )
}

/** What a line stands at: when it is paid, what was paid, or what is taken off what comes next. */
function State({
  texts,
  line,
  now,
  currency,
}: {
  readonly texts: Texts
  readonly line: Commission
  readonly now: Date
  readonly currency: string
}) {
  const { paid, share, ripensAt, ended, orderId } = line
  if (paid > share) return texts.text('referrals.takenOff', { amount: moneyText(texts, paid - share, currency) })
  if (orderId === null) return texts.text('referrals.takenBack')
  if (paid > 0n && paid === share) return texts.text('referrals.paid')
  if (ended) return texts.text('referrals.ended')
  if (share === 0n) return texts.text('referrals.nothing')
  if (ripensAt === null) return texts.text('referrals.underWay')
  if (ripensAt <= now) return texts.text('referrals.ripe')
  return (
    <>
      {texts.text('referrals.ripens')} <Moment texts={texts} at={ripensAt} />
    </>
  )
}
