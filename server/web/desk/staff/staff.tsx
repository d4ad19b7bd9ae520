import { roleDemandCode } from '../../../acts/role-demand-code.ts'
import { staffAdd } from '../../../acts/staff-add.ts'
import { staffKeyAdd } from '../../../acts/staff-key-add.ts'
import { staffKeyRevoke } from '../../../acts/staff-key-revoke.ts'
import { formatUnits } from '../../../ledger/money.ts'
import { everyRole, permissionsOf, type Permission, type Role } from '../../../staff/roles.ts'
import type { StaffKeyRow } from '../../../staff/staff-keys.ts'
import type { StaffRow, StaffState } from '../../../staff/staff-table.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Prose } from '../../ui/prose.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

const STAFF = `${DESK}/staff`

interface StaffView {
  readonly staff: readonly StaffRow[]
  readonly demanded: ReadonlySet<Role>
  readonly keys: readonly StaffKeyRow[]
}

/** Who works here, what each role may do, and the keys of bots. */
export function staffPage(context: DeskContext, view: StaffView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.place.staff'),
    actions: <ActLink context={context} act={staffAdd} with={{ invite: 'yes' }} back={STAFF} look="main" />,
    children: (
      <>
        <People texts={texts} staff={view.staff} />
        <Roles context={context} demanded={view.demanded} />
        <Keys context={context} keys={view.keys} />
      </>
    ),
  })
}

function People({ texts, staff }: { readonly texts: Texts; readonly staff: readonly StaffRow[] }) {
  const headings = ['name', 'email', 'role', 'state', 'code', 'seen'] as const
  return (
    <div class="scroll">
      <table class="desk-staff">
        <caption class="visually-hidden">{texts.text('desk.place.staff')}</caption>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col">
                {texts.text(`desk.staff.${heading}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {staff.map((person) => (
            <tr key={person.id} data-row>
              <th scope="row">
                <a href={`${STAFF}/${person.id}`}>
                  <bdi>{person.name}</bdi>
                </a>
              </th>
              <td>
                <bdi>{person.email}</bdi>
              </td>
              <td>{texts.text(`desk.option.${person.role}`)}</td>
              <td>
                <StateBadge texts={texts} state={person.state} />
              </td>
              <td>{texts.text(person.code ? 'desk.staff.code.on' : 'desk.staff.code.off')}</td>
              <td>{person.seenAt ? <Moment texts={texts} at={person.seenAt} /> : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const TONES: Readonly<Record<StaffState, Tone>> = { in: 'good', invited: 'busy', out: 'warn', left: 'idle' }

export function StateBadge({ texts, state }: { readonly texts: Texts; readonly state: StaffState }) {
  return <Badge tone={TONES[state]}>{texts.text(`desk.staff.state.${state}`)}</Badge>
}

/** What each role may do, and whether its people must have a code. */
function Roles({ context, demanded }: { readonly context: DeskContext; readonly demanded: ReadonlySet<Role> }) {
  const { texts } = context.ui.frame
  return (
    <section aria-labelledby="roles-title">
      <h2 id="roles-title">{texts.text('desk.staff.roles')}</h2>
      <ul class="rows desk-roles">
        {everyRole.map((role) => (
          <li key={role}>
            <div>
              <h3>
                {texts.text(`desk.option.${role}`)}{' '}
                {demanded.has(role) && <Badge tone="good">{texts.text('desk.staff.codeDemanded')}</Badge>}
              </h3>
              <details>
                <summary>{texts.text('desk.staff.may', { count: permissionsOf(role).size })}</summary>
                <ul>
                  {[...permissionsOf(role)].map((permission) => (
                    <li key={permission}>{permissionWords(texts, permission)}</li>
                  ))}
                </ul>
              </details>
            </div>
            <ActLink
              context={context}
              act={roleDemandCode}
              with={{ role, demanded: demanded.has(role) ? 'no' : 'yes' }}
              back={STAFF}
              text={texts.text(demanded.has(role) ? 'desk.staff.demandNoCode' : 'desk.act.role-demand-code')}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What a permission allows; its name where there are no words for it yet. */
function permissionWords(texts: Texts, permission: Permission): string {
  const key = `desk.permission.${permission}`
  return texts.has(key) ? texts.text(key) : permission
}

function Keys({ context, keys }: { readonly context: DeskContext; readonly keys: readonly StaffKeyRow[] }) {
  const { texts } = context.ui.frame
  const headings = [
    'desk.staff.key',
    'desk.field.label',
    'desk.place.suppliers',
    'desk.staff.keys.funds',
    'desk.place.tickets',
    'desk.staff.made',
    'desk.staff.state',
  ] as const
  return (
    <section aria-labelledby="keys-of-bots">
      <header class="desk-title">
        <h2 id="keys-of-bots">{texts.text('desk.staff.keys')}</h2>
        <ActLink context={context} act={staffKeyAdd} back={STAFF} />
        <p class="soft">
          <Prose text={texts.text('desk.staff.keys.lead')} />
        </p>
      </header>
      {keys.length > 0 && (
        <div class="scroll">
          <Table
            caption={texts.text('desk.staff.keys')}
            headings={headings.map((key) => texts.text(key))}
            rows={keys.map((key) => [
              <code key="key">{key.prefix}…</code>,
              <bdi key="label">{key.label}</bdi>,
              key.suppliers === null ? texts.text('desk.staff.keys.all') : <bdi key="suppliers">{key.suppliers.join(', ')}</bdi>,
              key.fundsADay === null ? '' : texts.number(Number(formatUnits(key.fundsADay))),
              key.tickets ? texts.text('desk.form.yes') : '',
              <Moment key="made" texts={texts} at={key.createdAt} />,
              key.revokedAt ? (
                texts.text('desk.staff.revoked')
              ) : (
                <ActLink key="revoke" context={context} act={staffKeyRevoke} with={{ key: String(key.id) }} back={STAFF} look="small" />
              ),
            ])}
          />
        </div>
      )}
    </section>
  )
}
