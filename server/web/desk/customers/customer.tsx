import type { ComponentChildren } from 'preact'
import { accountExcuse } from '../../../acts/account-excuse.ts'
import { accountInvite } from '../../../acts/account-invite.ts'
import { accountNote } from '../../../acts/account-note.ts'
import { accountRemoveCodes } from '../../../acts/account-remove-codes.ts'
import { accountSet } from '../../../acts/account-set.ts'
import { accountSignOut } from '../../../acts/account-sign-out.ts'
import { accountResume, accountSuspend } from '../../../acts/account-suspend.ts'
import { accountViewAs } from '../../../acts/account-view-as.ts'
import { bonusGive } from '../../../acts/bonus-give.ts'
import { groupMove } from '../../../acts/group-move.ts'
import { fund } from '../../../acts/fund.ts'
import { ticketOpen } from '../../../acts/ticket-open.ts'
import { percentText, Money } from '../../ui/figures.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActForm } from '../act-form.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { LineRows } from '../money/line-rows.tsx'
import { PaymentRows } from '../payments/payments.tsx'
import { PAGE } from './asked.ts'
import { CustomerLogs } from './customer-logs.tsx'
import { CustomerPrograms } from './customer-programs.tsx'
import { AccountState } from './customers.tsx'
import type { PartProps } from './part.ts'
import type { Customer } from './read-customer.ts'

/** One customer: what they have, who they are, what they may, and what was done. */
export function customerPage(context: DeskContext, customer: Customer): string {
  const { account } = customer
  const back = `${DESK}${PAGE}/${account.id}`
  const part = { context, customer, back }
  return deskPage(context, {
    title: account.email,
    actions: <Actions {...part} />,
    children: (
      <div class="desk-customer">
        <Facts {...part} />
        <People {...part} />
        <LatestPayments {...part} />
        <LatestLines {...part} />
        <CustomerPrograms {...part} />
        <Rates {...part} />
        <Notes {...part} />
        <CustomerLogs {...part} />
      </div>
    ),
  })
}

function Actions({ context, customer: { account, money }, back }: PartProps) {
  const { texts } = context.ui.frame
  const of = { account: String(account.id) }
  const owes = money?.some(({ owed }) => owed > 0n) === true
  const acts = [fund, ...(owes ? [accountExcuse] : []), bonusGive, accountSet, account.suspended ? accountResume : accountSuspend]
  return (
    <>
      {context.staff.may.has(accountViewAs.permission) && !account.suspended && (
        <a class="button plain" href={`${back}/view`}>
          {texts.text('desk.customers.view')}
        </a>
      )}
      {acts.map((act) => (
        <ActLink key={act.name} context={context} act={act} with={of} back={back} look={act === accountSuspend ? 'bad' : 'plain'} />
      ))}
    </>
  )
}

function Facts({ context, customer: { account, referral, group, money }, back }: PartProps) {
  const { texts } = context.ui.frame
  const facts: [string, ComponentChildren][] = [
    [texts.text('desk.customers.account'), account.id],
    [texts.text('desk.customers.state'), <AccountState key="state" texts={texts} suspended={account.suspended} />],
    ...(money ?? []).flatMap(({ play, currency, wallet, spent, paidIn, given, owed }): [string, ComponentChildren][] =>
      play
        ? [[texts.text('desk.customers.testBalance'), <Money key="test" texts={texts} units={wallet} currency={currency} />]]
        : [
            [texts.text('desk.customers.balance'), <Money key="wallet" texts={texts} units={wallet} currency={currency} />],
            [texts.text('desk.customers.spent'), <Money key="spent" texts={texts} units={spent} currency={currency} />],
            [texts.text('desk.customers.paidIn'), <Money key="paid" texts={texts} units={paidIn} currency={currency} />],
            ...(given === 0n
              ? []
              : [
                  [texts.text('desk.customers.given'), <Money key="given" texts={texts} units={given} currency={currency} />] as [
                    string,
                    ComponentChildren,
                  ],
                ]),
            ...(owed === 0n
              ? []
              : [
                  [
                    texts.text('desk.payments.owed'),
                    <b key="owed" class="bad">
                      <Money texts={texts} units={owed} currency={currency} />
                    </b>,
                  ] as [string, ComponentChildren],
                ]),
          ],
    ),
    [texts.text('desk.customers.group'), group ? <bdi key="group">{group.name}</bdi> : '–'],
    [texts.text('desk.customers.discount'), percentText(texts, account.discountBasisPoints / 10_000)],
    [texts.text('desk.customers.repeatWindow'), texts.text('desk.customers.seconds', { count: account.repeatWindowSeconds })],
    [texts.text('desk.customers.opened'), <Moment key="opened" texts={texts} at={account.createdAt} />],
    ...(referral
      ? [
          [
            texts.text('desk.referrals.by'),
            <a key="by" href={`${DESK}/customers/${referral.referrerId}`}>
              <bdi dir="ltr">{referral.referrerEmail}</bdi>
            </a>,
          ] as [string, ComponentChildren],
        ]
      : []),
  ]
  return (
    <section>
      <dl class="own-facts">
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      <p class="buttons">
        <ActLink context={context} act={groupMove} with={{ accounts: String(account.id) }} back={back} />
        {context.staff.may.has('orders.read') && (
          <a class="button plain" href={address(`${DESK}/orders`, { account: account.id })}>
            {texts.text('desk.place.orders')}
          </a>
        )}
        {context.staff.may.has('tickets.read') && (
          <a class="button plain" href={address(`${DESK}/tickets`, { find: account.email })}>
            {texts.text('desk.place.tickets')}
          </a>
        )}
        <ActLink context={context} act={ticketOpen} with={{ account: String(account.id) }} back={back} />
        {money !== undefined && (
          <a class="button plain" href={address(`${DESK}/money/statement`, { account: account.id })}>
            {texts.text('desk.money.statement')}
          </a>
        )}
      </p>
    </section>
  )
}

function People({ context, customer: { account, people }, back }: PartProps) {
  const { texts } = context.ui.frame
  const yesNo = (is: boolean) => texts.text(is ? 'desk.form.yes' : 'desk.form.no')
  return (
    <section>
      <h2>{texts.text('desk.customers.people')}</h2>
      <div class="scroll">
        <Table
          caption={texts.text('desk.customers.people')}
          headings={[
            texts.text('desk.customers.email'),
            texts.text('desk.customers.password'),
            texts.text('desk.customers.codes'),
            texts.text('desk.customers.language'),
          ]}
          rows={people.map(({ email, passwordHash, secondFactor, locale }) => [
            <bdi key="email">{email}</bdi>,
            yesNo(passwordHash !== null),
            yesNo(secondFactor),
            locale ?? '–',
          ])}
        />
      </div>
      <p class="buttons">
        {[accountInvite, accountSignOut, ...(people.some(({ secondFactor }) => secondFactor) ? [accountRemoveCodes] : [])].map((act) => (
          <ActLink key={act.name} context={context} act={act} with={{ account: String(account.id) }} back={back} look="small" />
        ))}
      </p>
    </section>
  )
}

function LatestPayments({ context, customer: { account, payments, methods } }: PartProps) {
  const { texts } = context.ui.frame
  if (payments === undefined || payments.length === 0) return null
  return (
    <section>
      <h2>{texts.text('desk.place.payments')}</h2>
      <PaymentRows context={context} rows={payments} methods={methods} ofOneAccount />
      <p>
        <a href={address(`${DESK}/payments`, { account: account.id })}>{texts.text('desk.customers.allPayments')}</a>
      </p>
    </section>
  )
}

function LatestLines({ context, customer: { account, lines } }: PartProps) {
  const { texts } = context.ui.frame
  if (lines === undefined || lines.length === 0) return null
  return (
    <section>
      <h2>{texts.text('desk.customers.latest')}</h2>
      <div class="scroll">
        <LineRows texts={texts} lines={lines} ofOneAccount />
      </div>
      <p>
        <a href={address(`${DESK}/money`, { account: account.id })}>{texts.text('desk.customers.allLines')}</a>
      </p>
    </section>
  )
}

function Rates({ context, customer: { rates } }: PartProps) {
  const { texts } = context.ui.frame
  if (rates === undefined || rates.length === 0) return null
  return (
    <section>
      <h2>{texts.text('desk.customers.rates')}</h2>
      <div class="scroll">
        <Table
          caption={texts.text('desk.customers.rates')}
          headings={[texts.text('desk.customers.service'), texts.text('desk.customers.ownRate'), texts.text('desk.customers.usualRate')]}
          figures={[1, 2]}
          rows={rates.map(({ service, name, customRate, rate }) => [
            <a key="service" href={`${DESK}/services/${service}`}>
              <bdi>
                {service} {name}
              </bdi>
            </a>,
            customRate,
            rate,
          ])}
        />
      </div>
    </section>
  )
}

function Notes({ context, customer: { account, notes }, back }: PartProps) {
  const { texts } = context.ui.frame
  return (
    <section id="notes">
      <h2>{texts.text('desk.customers.notes')}</h2>
      <p class="soft">{texts.text('desk.customers.notes.lead')}</p>
      <ul class="rows">
        {notes.map(({ id, at, who, note }) => (
          <li key={id}>
            <div>
              <p class="note">
                <bdi>{note}</bdi>
              </p>
              <p class="soft small">
                <bdi>{who}</bdi> · <Moment texts={texts} at={at} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      <ActForm context={context} act={accountNote} with={{ account: String(account.id) }} fixed={new Set(['account'])} back={back} />
    </section>
  )
}
