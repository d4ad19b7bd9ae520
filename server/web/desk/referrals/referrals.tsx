import type { ComponentChildren } from 'preact'
import { referralEnd } from '../../../acts/referral-end.ts'
import { referrerAllow, referrerRefuse, referrerSet } from '../../../acts/referrer-set.ts'
import { type Referral, type ReferralKind, referralKinds, type TopReferrer } from '../../../referrals/referrals.ts'
import { moneyText } from '../../../texts/money.ts'
import { Badge } from '../../ui/badge.tsx'
import { percentText } from '../../ui/figures.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { NewestLinks } from '../newest-links.tsx'

const PATH = `${DESK}/referrals`

interface ListProps {
  readonly context: DeskContext
  readonly tab: ReferralKind | 'top'
  readonly headings: readonly ('who' | 'by' | 'share' | 'brought' | 'paid' | 'kept' | 'came' | 'state')[]
  readonly figures: readonly number[]
  readonly rows: readonly (readonly ComponentChildren[])[]
  readonly first: string | null
  readonly next: string | null
}

function listPage({ context, tab, headings, figures, rows, first, next }: ListProps): string {
  const { texts } = context.ui.frame
  const title = texts.text('desk.place.referrals')
  return deskPage(context, {
    title,
    lead: texts.text('desk.referrals.lead'),
    children: (
      <>
        <nav class="tabs-inline" aria-label={title}>
          {(['top', ...referralKinds] as const).map((each) => (
            <a key={each} href={each === 'top' ? PATH : `${PATH}/${each}`} aria-current={each === tab ? 'page' : undefined}>
              {texts.text(`desk.referrals.tab.${each}`)}
            </a>
          ))}
        </nav>
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.referrals.none')} text={texts.text('desk.referrals.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={texts.text(`desk.referrals.tab.${tab}`)}
              headings={[...headings.map((name) => texts.text(`desk.referrals.${name}`)), texts.text('desk.payments.toDo')]}
              figures={figures}
              rows={rows}
            />
          </div>
        )}
        <NewestLinks texts={texts} newest={first} older={next} />
      </>
    ),
  })
}

function AccountLink({ id, email }: { readonly id: number; readonly email: string }) {
  return (
    <a href={`${DESK}/customers/${id}`}>
      <bdi dir="ltr">{email}</bdi>
    </a>
  )
}

interface ReferrersView {
  readonly rows: readonly TopReferrer[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** Customers with a link; whoever was paid most first. */
export function referrersPage(context: DeskContext, { rows, hasMore, isFirst }: ReferrersView): string {
  const { texts } = context.ui.frame
  const last = rows.at(-1)
  return listPage({
    context,
    tab: 'top',
    headings: ['who', 'share', 'brought', 'paid', 'state'],
    figures: [1, 2, 3],
    rows: rows.map((row) => {
      const account = String(row.accountId)
      return [
        <AccountLink key="who" id={row.accountId} email={row.email} />,
        row.basisPoints === null ? texts.text('desk.referrals.usual') : percentText(texts, row.basisPoints / 10_000),
        <a key="brought" href={address(`${PATH}/all`, { referrer: row.accountId })}>
          {texts.number(row.brought)}
        </a>,
        <bdi key="paid">{moneyText(texts, row.paid, row.currency)}</bdi>,
        row.refusedAt && (
          <>
            <Badge tone="bad">{texts.text('desk.referrals.refused')}</Badge> <bdi>{row.refusedWhy}</bdi>
          </>
        ),
        <span key="acts" class="buttons">
          <ActLink context={context} act={referrerSet} with={{ account }} back={PATH} look="small" />
          <ActLink context={context} act={row.refusedAt ? referrerAllow : referrerRefuse} with={{ account }} back={PATH} look="small" />
        </span>,
      ]
    }),
    first: isFirst ? null : PATH,
    next: hasMore && last ? address(PATH, { paid: last.paid, behind: last.accountId }) : null,
  })
}

interface ReferralsView {
  readonly kind: ReferralKind
  readonly referrer: number | null
  readonly rows: readonly Referral[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** Who came by whose link. */
export function referralsPage(context: DeskContext, { kind, referrer, rows, hasMore, isFirst }: ReferralsView): string {
  const { texts } = context.ui.frame
  const path = `${PATH}/${kind}`
  return listPage({
    context,
    tab: kind,
    headings: ['who', 'by', 'came', 'share', 'kept', 'state'],
    figures: [3, 4],
    rows: rows.map((row) => [
      <AccountLink key="who" id={row.accountId} email={row.email} />,
      <AccountLink key="by" id={row.referrerId} email={row.referrerEmail} />,
      <Moment key="came" texts={texts} at={row.at} />,
      percentText(texts, row.basisPoints / 10_000),
      <bdi key="kept">{moneyText(texts, row.kept > row.unpaid ? row.kept - row.unpaid : 0n, row.currency)}</bdi>,
      <State key="state" context={context} row={row} />,
      row.endedAt === null && (
        <ActLink key="act" context={context} act={referralEnd} with={{ referral: String(row.id) }} back={path} look="small" />
      ),
    ]),
    first: isFirst ? null : address(path, { referrer }),
    next: hasMore ? address(path, { referrer, before: rows.at(-1)!.id }) : null,
  })
}

function State({ context, row }: { readonly context: DeskContext; readonly row: Referral }) {
  const { texts } = context.ui.frame
  if (row.endedByRule !== null) {
    return (
      <>
        <Badge tone="bad">{texts.text(`desk.referrals.rule.${RULES[row.endedByRule]}`)}</Badge> <bdi>{row.endedWhy}</bdi>
      </>
    )
  }
  return row.sameNetwork ? <Badge tone="warn">{texts.text('desk.referrals.sameNetwork')}</Badge> : null
}

const RULES = {
  'same e-mail': 'email',
  'same browser': 'browser',
  loop: 'loop',
  'same card': 'card',
  abuse: 'abuse',
} as const satisfies Readonly<Record<NonNullable<Referral['endedByRule']>, string>>
