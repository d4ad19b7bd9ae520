import type { KeyRow } from '../../../customers/keys.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Empty } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { countText, Money } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { KeyBadges, keyName, KeyPrefix, keyState, scopeWords } from './key-words.tsx'

interface KeysView {
  readonly keys: readonly KeyRow[]
  readonly currency: string
  readonly now: Date
  readonly done: string | undefined
  /** It came from a panel that did not tell its keys. */
  readonly mayClaim: boolean
}

const MOST_REVOKED = 50

/** An account's keys: the active ones, newest first, then the former ones. */
export function keysPage(ui: PageUi, { keys, currency, now, done, mayClaim }: KeysView): string {
  const { texts } = ui.frame
  const newest = keys.toReversed()
  const inUse = newest.filter((key) => !key.revokedAt)
  const revoked = newest.filter((key) => key.revokedAt).slice(0, MOST_REVOKED)
  const rows = (list: readonly KeyRow[]) => (
    <ul class="rows">
      {list.map((key) => (
        <KeyItem key={key.id} texts={texts} row={key} currency={currency} now={now} />
      ))}
    </ul>
  )
  return appPage({
    ui,
    title: texts.text('app.keys'),
    done,
    script: 'programs',
    children: (
      <>
        <div class="page-head">
          <p class="soft">{texts.text('keys.lead')}</p>
          <a class="button main" href="/keys/new">
            {texts.text('keys.new')}
          </a>
        </div>
        {mayClaim && (
          <p>
            <a href="/keys/old">{texts.text('keys.old.link')}</a>
          </p>
        )}
        {inUse.length === 0 ? <Empty title={texts.text('keys.none.title')} text={texts.text('keys.none.text')} /> : rows(inUse)}
        {revoked.length > 0 && (
          <details class="fold">
            <summary>{texts.text('keys.revokedKeys')}</summary>
            {rows(revoked)}
          </details>
        )}
      </>
    ),
  })
}

function KeyItem({ texts, row, currency, now }: { texts: Texts; row: KeyRow; currency: string; now: Date }) {
  return (
    <li class="stacking">
      <div class="what">
        <h2>
          <a href={`/keys/${row.id}`}>
            <bdi>{keyName(row)}</bdi>
          </a>{' '}
          <KeyBadges texts={texts} test={row.test} state={keyState(row, now)} />
        </h2>
        <p class="small">
          <KeyPrefix prefix={row.prefix} />{' '}
          <span class="soft">
            {texts.text('keys.made')} <Moment texts={texts} at={row.createdAt} />
          </span>
        </p>
        <p class="small">{scopeWords(texts, row.scopes)}</p>
        <Limits texts={texts} row={row} />
      </div>
      <div class="price small">
        {row.dailyCap !== null && <SpentToday texts={texts} spent={row.spentToday} cap={row.dailyCap} currency={currency} />}
        <p class="soft">{texts.text('keys.lastUsed')}</p>
        <p>{row.lastUsedAt ? <Moment texts={texts} at={row.lastUsedAt} /> : texts.text('keys.neverUsed')}</p>
      </div>
    </li>
  )
}

function Limits({ texts, row }: { texts: Texts; row: KeyRow }) {
  const { serviceIds, addresses, expiresAt } = row
  if (!serviceIds && !addresses && !expiresAt) return null
  return (
    <p class="small soft">
      {serviceIds && <span class="limit">{texts.text('app.services')}: {countText(texts, BigInt(serviceIds.length))}</span>}
      {addresses && <span class="limit">{texts.text('keys.networks')}: <bdi dir="ltr">{shortened(addresses)}</bdi></span>}
      {expiresAt && <span class="limit">{texts.text('keys.expires')}: <Moment texts={texts} at={expiresAt} /></span>}
    </p>
  ) // prettier-ignore
}

function shortened(addresses: readonly string[]): string {
  return addresses.length <= 2 ? addresses.join(', ') : `${addresses.slice(0, 2).join(', ')} +${addresses.length - 2}`
}

/** The used share of a daily cap, as a bar and as figures. */
export function SpentToday({ texts, spent, cap, currency }: { texts: Texts; spent: bigint; cap: bigint; currency: string }) {
  const share = Number((spent * 100n) / cap)
  return (
    <div class="spent-today">
      <p class="soft">{texts.text('keys.today')}</p>
      <p>
        <Money texts={texts} units={spent} currency={currency} /> / <Money texts={texts} units={cap} currency={currency} />
      </p>
      <meter min={0} max={100} high={90} value={Math.min(share, 100)} aria-label={texts.text('keys.today')}>
        {share} %
      </meter>
    </div>
  )
}
