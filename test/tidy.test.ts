import { readFileSync } from 'node:fs'
import { Visitor } from 'oxc-parser'
import { describe, expect, test } from 'vitest'
import { importableFrom, ownersOfTables } from './support/architecture.ts'
import { ownSources, roomOf } from './support/own-sources.ts'
import { tablesOfMigrations, type Write, writesOf, writesOfRoutines } from './support/table-writes.ts'

const sources = ownSources()
const importable = importableFrom()

describe('the arrows of ARCHITECTURE.md', () => {
  test('name each room and each file at the top of server/', () => {
    const rooms = new Set(sources.map(({ room }) => room))
    expect([...rooms, 'locales'].toSorted()).toEqual([...importable.keys()].toSorted())
  })

  test('lead back to no room', () => {
    expect([...importable].filter(([room, below]) => below.has(room)).map(([room]) => room)).toEqual([])
  })

  test('are the only ways in which files import, types included', () => {
    const against = sources.flatMap(({ file, room, imports }) =>
      imports.filter((to) => roomOf(to) !== room && !importable.get(room)?.has(roomOf(to))).map((to) => `${file} → ${to}`),
    )
    expect(against).toEqual([])
  })

  test('are the rules of the linter', () => {
    const rooms = [...new Set(sources.filter(({ file }) => /^server\/[^/]+\//.test(file)).map(({ room }) => room))].toSorted()
    const wanted = rooms.map((room) => [room, rooms.filter((other) => other !== room && !importable.get(room)?.has(other))] as const)
    const linted = rooms.map((room) => [room, roomsRefusedByLinter(room).filter((other) => rooms.includes(other))] as const)
    expect(Object.fromEntries(linted)).toEqual(Object.fromEntries(wanted))
  })
})

describe('a table', () => {
  const owners = ownersOfTables()
  const tables = new Set(owners.keys())

  test('has one owner in ARCHITECTURE.md', () => {
    // The tool that migrates makes the table of migrations.
    expect([...tables].toSorted()).toEqual([...tablesOfMigrations(), 'migrations'].toSorted())
  })

  test('is written by its owner, and by nobody else without a reason', () => {
    const { writes } = writesOf(sources, tables)
    expect(foreignWrites(writes, owners)).toEqual(Object.keys(WRITTEN_BY_OTHERS).toSorted())
  })

  test('is written in SQL by the routines of its owner, and by no others without a reason', () => {
    expect(foreignWrites(writesOfRoutines(tables), owners)).toEqual(Object.keys(WRITTEN_BY_OTHER_ROUTINES).toSorted())
  })

  test('is named where it is written', () => {
    // A backup copies every table that there is.
    expect(writesOf(sources, tables).hidden.filter((file) => !file.startsWith('server/db/backup'))).toEqual([])
  })
})

describe('what acts change', () => {
  test('is changed by nobody else without a reason', () => {
    const changers = functionsThatActsCall()
    const others = sources.filter(({ room }) => room !== 'acts')
    const found = others.flatMap(({ room, names }) =>
      names.filter(({ from, name }) => changers.has(`${from} ${name}`) && roomOf(from) !== room).map(({ name }) => `${room}: ${name}`),
    )
    expect([...new Set(found)].toSorted()).toEqual(Object.keys(CHANGED_BY_OTHERS).toSorted())
  })
})

/** The functions of other rooms that an act calls within its transaction, but for those that only read. */
function functionsThatActsCall(): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { room, file, names } of sources) {
    if (room !== 'acts') continue
    const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
    for (const { name, as, from } of names) {
      const isCalled = new RegExp(String.raw`\b${as}\((?:\{ db: |context\.)?tx\b`).test(text)
      if (isCalled && roomOf(from) !== 'acts' && !READS.test(name)) found.add(`${from} ${name}`)
    }
  }
  return found
}

const READS = /^(find|list|read|show|check|rowOf|supplierByName|catalogueCurrency)/

const CUSTOMERS_OWN = 'customers change what is theirs, on their pages; their account has a log of its own'
const TOLD_TO_THE_CUSTOMER = 'what is done to an account is told in its own log, by whoever does it and in the same transaction'
const BROUGHT_OVER = 'a panel is brought over in many transactions, by a command on the machine, which writes one line for all of it'
const IN_THE_CHILD = 'what a parent does in the database of its child, and what unpaid rent does, is a line of the log by itself'
const CAUSE_IS_GONE = 'an alert closes by itself when its cause is gone'

/** `room: function`, with the reason. */
const CHANGED_BY_OTHERS: Readonly<Record<string, string>> = {
  'admin-api: feedPosts': 'bots report posts by the published API, which has a log of its own',
  'admin-api: lockTicket': 'bots answer tickets by the published API, and each call is a line of the log',
  'admin-api: logAct': 'a script adds a payment by the published API: the customer reads it in the log of the account',
  'admin-api: writeAsStaff': 'bots answer tickets by the published API, and each call is a line of the log',
  'children: addKey': 'the sale of a panel is an act, and makes the key by which the panel orders',
  'children: addSupplier': IN_THE_CHILD,
  'children: revokeKey': 'the key that an act has renewed is revoked once the child orders with the new one',
  'children: writeLine': IN_THE_CHILD,
  'fulfilment: closeAlerts': CAUSE_IS_GONE,
  'fulfilment: setPriceSettings': 'an import keeps its margin, and belongs to an act itself',
  'mails: closeAlerts': CAUSE_IS_GONE,
  'move-in: addSupplier': BROUGHT_OVER,
  'move-in: logAct': TOLD_TO_THE_CUSTOMER,
  'move-in: setSupplier': BROUGHT_OVER,
  'move-in: writeLine': BROUGHT_OVER,
  'panels: closeAlerts': CAUSE_IS_GONE,
  'payments: closeAlerts': CAUSE_IS_GONE,
  'roles: attributeReferral': 'whoever comes by a link opens an account of their own; the edge that does it is handed it',
  'staff: logAct': TOLD_TO_THE_CUSTOMER,
  'web: addKey': CUSTOMERS_OWN,
  'web: closeTicket': CUSTOMERS_OWN,
  'web: lockTicket': CUSTOMERS_OWN,
  'web: reopenTicket': CUSTOMERS_OWN,
  'web: revokeKey': CUSTOMERS_OWN,
  'web: sellChild': CUSTOMERS_OWN,
  'web: setKeyLimits': CUSTOMERS_OWN,
  'webhooks: closeAlerts': CAUSE_IS_GONE,
  'webhooks: logAct': TOLD_TO_THE_CUSTOMER,
}

/** `room: table`, with the reason. */
const WRITTEN_BY_OTHERS: Readonly<Record<string, string>> = {
  'admin-api: refill_hand_offs': 'staff tell how a refill stands that was never handed to a supplier, and edges never import each other',
  'fulfilment: alerts': 'it closes what orders and suppliers have made good, and loops know neither',
  'ledger: conversions': 'how far a conversion of old books has come is noted in the transaction that converts them',
  'orders: conversions': 'how far a conversion of old orders has come is noted in the transaction that converts them',
}

/** Of routines that touch the tables of several rooms in one statement, so that all of it is done or nothing. */
const WRITTEN_BY_OTHER_ROUTINES: Readonly<Record<string, string>> = {
  'admin-api: hand_offs': 'pulling an order hands it to staff in the same statement, so that two bots never get the same one',
  'admin-api: orders': 'pulling an order marks it as sent in the same statement, and a refused cancel is taken back with its hand-off',
  'admin-api: refill_hand_offs': 'pulling a refill hands it to staff in the same statement',
  'fulfilment: alerts': 'an order that is cancelled closes what was asked of staff about it',
  'orders: alerts': "a supplier's child order that cannot be charged is told to staff by the trigger that finds it",
  'orders: books': 'an order is charged in the statement that writes it',
  'orders: hand_offs': "a supplier's child order is with the supplier from the commit that notes it (docs/decisions/0011)",
  'orders: transfers': 'an order is charged in the statement that writes it',
}

function foreignWrites(writes: readonly Write[], owners: ReadonlyMap<string, string>): string[] {
  const foreign = writes.filter(({ room, table }) => owners.get(table) !== room)
  return [...new Set(foreign.map(({ room, table }) => `${room}: ${table}`))].toSorted()
}

test('each text that a page asks for by name is in locales/', () => {
  const keys = ['en', 'desk/en'].flatMap((place) =>
    Object.keys(JSON.parse(readFileSync(new URL(`../locales/${place}.json`, import.meta.url), 'utf8')) as object),
  )
  const asked = sources.flatMap(({ file, program }) => keysAskedIn(program).map((pattern) => ({ file, pattern })))
  const missing = asked
    .filter(({ pattern }) => !keys.some((key) => pattern.test(key)))
    .map(({ file, pattern }) => `${file}: ${pattern.source}`)
  expect(asked.length).toBeGreaterThan(500)
  expect(missing).toEqual([])
})

interface LinterSettings {
  readonly overrides: readonly {
    readonly files: readonly string[]
    readonly rules: Readonly<Record<string, [string, { readonly patterns?: readonly { readonly group: readonly string[] }[] }]>>
  }[]
}

/** The last rule for a file is the one that holds. */
function roomsRefusedByLinter(room: string): string[] {
  const { overrides } = JSON.parse(readFileSync(new URL('../.oxlintrc.json', import.meta.url), 'utf8')) as LinterSettings
  const own = overrides.findLast(({ files, rules }) => files.includes(`server/${room}/**`) && 'no-restricted-imports' in rules)
  const groups = own?.rules['no-restricted-imports']?.[1].patterns?.flatMap(({ group }) => group) ?? []
  return groups.flatMap((group) => /^\*\*\/([a-z-]+)\/\*\*$/.exec(group)?.[1] ?? []).toSorted()
}

/** What is handed to `text()`, as a pattern: `app.cause.${cause}` stands for every key that begins so. */
function keysAskedIn(program: (typeof sources)[number]['program']): RegExp[] {
  const found: RegExp[] = []
  const asPattern = (parts: readonly string[]) => new RegExp(`^${parts.map((part) => part.replaceAll('.', String.raw`\.`)).join('.+')}$`)
  new Visitor({
    CallExpression: ({ callee, arguments: [first] }) => {
      const name = callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : ''
      if (name !== 'text' && name !== 'pluralForms') return
      const key = first?.type === 'TSAsExpression' || first?.type === 'TSSatisfiesExpression' ? first.expression : first
      if (key?.type === 'Literal' && typeof key.value === 'string') found.push(asPattern([key.value]))
      if (key?.type === 'TemplateLiteral') found.push(asPattern(key.quasis.map(({ value }) => value.raw)))
    },
  }).visit(program)
  return found
}
