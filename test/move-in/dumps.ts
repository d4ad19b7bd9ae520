import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

/** Dumps of the two script families, after the schemas that they have in use; every oddity that their tables are known for is in the first rows. */

export interface Size {
  readonly services: number
  readonly customers: number
  readonly orders: number
}

export const SMALL: Size = { services: 20, customers: 30, orders: 400 }

/** The key of a customer, as the scripts make them: 32 digits of a hash. */
export function keyOf(customer: number): string {
  return `a1b2c3d4e5f60718293a${String(customer).padStart(12, '0')}`
}

type Value = string | number | null

interface Table {
  readonly name: string
  readonly columns: readonly (readonly [name: string, type: string])[]
  readonly rows: () => Iterable<readonly Value[]>
}

const DAY = 86_400_000
const START = Date.UTC(2024, 0, 1)
const at = (order: number) => new Date(START + (order % 700) * DAY + order * 1000).toISOString().slice(0, 19).replace('T', ' ')

const LONG_LINK = `https://social.example/p/${'x'.repeat(166)}`

/** Statuses of old orders; those with the highest numbers are open. */
function statusOf(order: number, size: Size, words: readonly [done: readonly string[], open: readonly string[]]): string {
  const [done, open] = words
  return order > size.orders - Math.min(100, size.orders / 10) ? open[order % open.length]! : done[order % done.length]!
}

export function glyconTables(size: Size, supplierUrl: string): Table[] {
  return [
    {
      name: 'categories',
      columns: [['category_id', 'int(11)'], ['category_name', 'text'], ['name_lang', 'text'], ['category_line', 'double']],
      rows: () => [[1, 'Views', '{"en":"Views","tr":"İzlenme"}', 2], [2, "Caf\u00c3\u00a9's", null, 1]],
    },
    {
      name: 'clients',
      columns: [
        ['client_id', 'int(11)'], ['email', 'varchar(225)'], ['username', 'varchar(225)'], ['balance', 'double'], ['balance_type', "enum('1','2')"], ['debit_limit', 'double'],
        ['spent', 'double'], ['apikey', 'text'], ['client_type', "enum('1','2')"], ['lang', 'varchar(255)'], ['timezone', 'double'], ['register_date', 'datetime'],
      ],
      *rows() {
        yield [1, 'one@shop.example', 'one', 100.5, '2', 0, 12, keyOf(1), '2', 'tr', 0, at(1)]
        yield [2, 'two@shop.example', 'two', 0.30000000000000004, '2', 0, 0, keyOf(2), '2', 'en', 0, '0000-00-00 00:00:00']
        yield [3, 'three@shop.example', 'three', -5.25, '1', 50, 0, keyOf(3), '2', 'xx', 0, at(3)]
        yield [4, 'ONE@shop.example', "o'neil \\ \"quote\"\n", 1e-5, '2', 0, 0, keyOf(4), '2', 'en', 0, at(4)]
        yield [5, 'not an address', 'five', 7, '2', 0, 0, '', '1', 'en', 0, at(5)]
        yield [6, 'six@shop.example', 'six', 1.123456789, '2', 0, 0, keyOf(1), '2', 'en', 0, at(6)]
        yield [0, 'zero@shop.example', 'zero', 3, '2', 0, 0, '', '2', 'en', 0, at(7)]
        for (let id = 7; id <= size.customers; id += 1) yield [id, `c${id}@shop.example`, `c${id}`, id + 0.1 + 0.2, '2', 0, 0, keyOf(id), '2', 'en', 0, at(id)]
      },
    },
    {
      name: 'clients_price',
      columns: [['id', 'int(11)'], ['client_id', 'int(11)'], ['service_price', 'double'], ['service_id', 'int(11)']],
      rows: () => [[1, 2, 0.5, 1], [2, 2, 0.25, 2], [3, 999_999, 1, 1], [4, 7, 1e-5, 3]],
    },
    {
      name: 'orders',
      columns: [
        ['order_id', 'bigint(20)'], ['client_id', 'int(11)'], ['service_id', 'int(11)'], ['api_orderid', 'int(11)'], ['order_error', 'text'], ['order_detail', 'text'],
        ['order_api', 'int(11)'], ['api_charge', 'double'], ['order_quantity', 'double'], ['order_charge', 'double'], ['order_url', 'text'], ['order_create', 'datetime'],
        ['order_start', 'double'], ['order_remains', 'double'], ['order_extras', 'text'], ['order_status', 'varchar(20)'], ['dripfeed', "enum('1','2','3')"],
        ['subscriptions_type', "enum('1','2')"], ['last_check', 'datetime'],
      ],
      *rows() {
        yield [1, 1, 1, 0, '', '{"order":"1"}', 1, 0, 1000, 0.9, 'https://a.example/1', at(1), 10, 5, '[]', 'completed', '1', '1', at(3)]
        yield [2, 1, 777, 5002, '', '', 1, 0, 100, 0.1 + 0.2, 'https://a.example/2', '0000-00-00 00:00:00', 0, 0, '', 'canceled', '1', '1', at(3)]
        yield [3, 888_888, 1, 5003, '', '', 1, 0, 100, 0.1, 'https://a.example/3', at(3), 0, 0, '', 'completed', '1', '1', at(3)]
        yield [4, 1, 2, 5004, '', '', 1, 0, 0, 0.5, 'https://a.example/caf\u00c3\u00a9', at(4), 0, 0, '', 'partial', '1', '1', at(4)]
        yield [-5, 1, 2, 5005, '', '', 1, 0, 100, 0.5, 'https://a.example/5', at(5), 0, 0, '', 'completed', '1', '1', at(4)]
        yield [6, 3, 1, 0, 'Not enough funds', '', 0, 0, 500, 0.5, 'https://a.example/6', at(6), 0, 500, '', 'fail', '1', '1', at(6)]
        yield [7, 3, 3, 5007, '', '', 1, 0, 2, 2, 'https://a.example/7', at(7), 0, 2, '{"comments":"good\\r\\nwhere?"}', 'pending', '1', '1', at(7)]
        yield [8, 2, 1, 5007, '', '', 1, 0, 1000, 0.5, 'https://a.example/8', at(8), 0, 1000, '', 'inprogress', '1', '1', at(8)]
        yield [9, 2, 1, 0, '', '', 1, 0, 1000, 0.5, 'https://a.example/9', at(9), 0, 0, '', 'pending', '2', '1', at(9)]
        yield [10, 2, 1, 0, '', '', 1, 0, 10, 0, 'someone', at(10), 0, 0, '', 'pending', '1', '2', at(9)]
        for (let id = 11; id <= size.orders; id += 1) {
          const status = statusOf(id, size, [['completed', 'completed', 'completed', 'partial', 'canceled'], ['pending', 'inprogress', 'processing']])
          const quantity = 100 + (id % 900)
          const charge = status === 'canceled' ? 0 : (quantity * (1 + (id % 7))) / 1000
          const remains = status === 'completed' ? 0 : status === 'partial' ? 10 : quantity
          yield [id, 7 + (id % (size.customers - 6)), 1 + (id % size.services), 10_000 + id, '', '', 1, 0, quantity, charge, `https://a.example/post/${id}`, at(id), 5, remains, '', status, '1', '1', at(id + 1)]
        }
      },
    },
    {
      name: 'service_api',
      columns: [['id', 'int(11)'], ['api_name', 'varchar(225)'], ['api_url', 'text'], ['api_key', 'varchar(225)']],
      rows: () => [[1, 'acme', supplierUrl, 'fake-key/0123456789'], [2, 'gone', '', '']],
    },
    {
      name: 'services',
      columns: [
        ['service_id', 'int(11)'], ['service_api', 'int(11)'], ['api_service', 'int(11)'], ['category_id', 'int(11)'], ['service_line', 'double'], ['service_type', "enum('1','2')"],
        ['service_package', "enum('1','2','3','4','11','17')"], ['service_name', 'text'], ['service_description', 'text'], ['service_price', 'varchar(225)'], ['service_min', 'double'],
        ['service_max', 'double'], ['service_dripfeed', "enum('1','2')"], ['refill_type', "enum('1','2')"], ['refill_time', 'varchar(20)'], ['cancel_type', "enum('1','2')"],
        ['service_secret', "enum('1','2')"], ['name_lang', 'text'],
      ],
      *rows() {
        yield [1, 1, 77, 1, 2, '2', '1', 'Views', null, '1', 10, 100_000, '2', '2', '30', '2', '2', '{"en":"Views","tr":"İzlenme"}']
        yield [2, 2, 0, 1, 1, '2', '17', 'Odd type', 'x', '2.5', 10, 5, '1', '1', '0', '1', '2', null]
        yield [3, 1, 78, 2, 3, '1', '3', 'Comments', "it's; done -- really /* no */", '1000', 1, 100, '1', '1', '30', '1', '1', 'not json']
        for (let id = 4; id <= size.services; id += 1) yield [id, 1, 100 + id, 1 + (id % 2), id, '2', '1', `Service ${id}`, '', String(1 + (id % 7)), 1, 10_000, '1', '2', '30', '1', '2', null]
      },
    },
  ] // prettier-ignore
}

export function smartpanelTables(size: Size, supplierUrl: string): Table[] {
  return [
    {
      name: 'api_providers',
      columns: [['id', 'int'], ['ids', 'text'], ['name', 'varchar(255)'], ['url', 'text'], ['key', 'text'], ['type', 'varchar(100)'], ['balance', 'decimal(15,4)'], ['currency_code', 'varchar(20)'], ['status', 'int']],
      rows: () => [[1, 'a', 'acme', supplierUrl, 'fake-key/0123456789', 'standard', 10, 'USD', 1]],
    },
    {
      name: 'categories',
      columns: [['id', 'int'], ['ids', 'text'], ['name', 'text'], ['sort', 'int'], ['status', 'int']],
      rows: () => [[1, 'a', 'Views', 1, 1]],
    },
    {
      name: 'general_users',
      columns: [['id', 'int'], ['ids', 'text'], ['email', 'varchar(255)'], ['balance', 'decimal(15,4)'], ['custom_rate', 'int'], ['api_key', 'varchar(191)'], ['spent', 'varchar(225)'], ['status', 'int'], ['created', 'datetime']],
      *rows() {
        yield [1, 'a', 'admin@shop.example', '0.0000', 0, keyOf(1), '0', 1, at(1)]
        yield [2, 'b', 'two@shop.example', '-3.5000', 10, keyOf(2), '0', 1, at(2)]
        yield [3, 'c', 'three@shop.example', '50.2500', 0, keyOf(3), '0', 0, at(3)]
        for (let id = 4; id <= size.customers; id += 1) yield [id, `x${id}`, `c${id}@shop.example`, `${id}.1000`, 0, keyOf(id), '0', 1, at(id)]
      },
    },
    {
      name: 'general_users_price',
      columns: [['id', 'int'], ['uid', 'int'], ['service_id', 'int'], ['service_price', 'double']],
      rows: () => [[1, 2, 1, 0.75]],
    },
    {
      name: 'orders',
      columns: [
        ['id', 'int'], ['ids', 'text'], ['type', 'varchar(20)'], ['cate_id', 'int'], ['service_id', 'int'], ['service_type', 'varchar(50)'], ['main_order_id', 'int'], ['api_provider_id', 'int'],
        ['api_order_id', 'int'], ['uid', 'int'], ['link', 'varchar(191)'], ['quantity', 'varchar(191)'], ['usernames', 'text'], ['hashtags', 'text'], ['comments', 'text'], ['charge', 'decimal(15,4)'],
        ['formal_charge', 'decimal(15,4)'], ['status', 'varchar(20)'], ['start_counter', 'varchar(191)'], ['remains', 'varchar(191)'], ['is_drip_feed', 'int'], ['runs', 'int'], ['interval', 'int'],
        ['changed', 'datetime'], ['created', 'datetime'],
      ],
      *rows() {
        yield [1, 'a', 'direct', 1, 1, 'default', null, 1, 4001, 4, LONG_LINK, '1000', null, null, null, '1.0000', '0.5', 'completed', '5', '0', 0, 0, 0, at(2), at(1)]
        yield [2, 'b', 'direct', 1, 1, 'default', null, 1, 4002, 4, 'https://a.example/2', '1000', null, null, null, '1.0000', '0.5', 'refunded', '', '1000', 0, 0, 0, at(2), at(2)]
        yield [3, 'c', 'direct', 1, 1, 'default', null, 1, -1, 4, 'https://a.example/3', '1000', null, null, null, '1.0000', '0.5', 'error', '', '', 0, 0, 0, at(3), at(3)]
        yield [4, 'd', 'direct', 1, 1, 'default', null, 0, 0, 4, 'https://a.example/4', '1000', null, null, null, '1.0000', '0.5', 'awaiting', '', '', 0, 0, 0, at(3), at(4)]
        yield [5, 'e', 'direct', 1, 1, 'subscriptions', null, 0, 0, 4, '', '10', 'someone', null, null, '0.0000', '0', 'active', '', '', 0, 0, 0, at(3), at(5)]
        yield [6, 'f', 'direct', 1, 1, 'default', null, 0, 0, 4, 'https://a.example/6', '3000', null, null, null, '3.0000', '0.5', 'inprogress', '', '', 1, 3, 60, at(6), at(6)]
        yield [7, 'g', 'direct', 1, 1, 'default', 6, 1, 4107, 4, 'https://a.example/6', '1000', null, null, null, '1.0000', '0.5', 'inprogress', '', '', 1, 0, 0, at(6), at(6)]
        for (let id = 8; id <= size.orders; id += 1) {
          const status = statusOf(id, size, [['completed', 'completed', 'partial', 'canceled', 'refunded'], ['pending', 'inprogress', 'processing', 'active']])
          const quantity = 100 + (id % 900)
          const charge = status === 'canceled' || status === 'refunded' ? '0.0000' : (quantity / 1000).toFixed(4)
          yield [id, `o${id}`, 'direct', 1, 1 + (id % size.services), 'default', null, 1, 10_000 + id, 4 + (id % (size.customers - 3)), `https://a.example/post/${id}`, String(quantity), null, null, null, charge, '0.1', status, '5', status === 'completed' ? '0' : '10', 0, 0, 0, at(id + 1), at(id)]
        }
      },
    },
    {
      name: 'services',
      columns: [
        ['id', 'int'], ['ids', 'text'], ['cate_id', 'int'], ['name', 'text'], ['desc', 'text'], ['price', 'decimal(15,4)'], ['original_price', 'decimal(15,4)'], ['min', 'int'], ['max', 'int'],
        ['type', 'varchar(100)'], ['add_type', 'varchar(20)'], ['api_service_id', 'varchar(200)'], ['api_provider_id', 'int'], ['dripfeed', 'int'], ['status', 'int'],
      ],
      *rows() {
        for (let id = 1; id <= size.services; id += 1) yield [id, `s${id}`, 1, `Service ${id}`, '', '1.0000', '0.5000', 1, 10_000, 'default', 'api', String(76 + id), 1, 1, 1]
      },
    },
  ] // prettier-ignore
}

export type Style = 'mysqldump' | 'phpMyAdmin'

/** Writes a dump as that tool does. */
export async function writeDump(file: string, tables: readonly Table[], style: Style = 'mysqldump'): Promise<void> {
  const out = createWriteStream(file)
  const write = async (text: string) => {
    if (!out.write(text)) await once(out, 'drain')
  }
  await write(
    style === 'mysqldump'
      ? '-- MySQL dump 10.13  Distrib 8.0\n/*!40101 SET NAMES utf8mb4 */;\n'
      : '-- phpMyAdmin SQL Dump\nSET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";\n',
  )
  for (const { name, columns, rows } of tables) {
    const defined = columns.map(([column, type]) => `  \`${column}\` ${type} DEFAULT NULL COMMENT 'a; (b), ''c'''`).join(',\n')
    await write(
      `\nDROP TABLE IF EXISTS \`${name}\`;\nCREATE TABLE \`${name}\` (\n${defined},\n  KEY \`k\` (\`${columns[0]![0]}\`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n`,
    )
    const names = style === 'mysqldump' ? '' : ` (${columns.map(([column]) => `\`${column}\``).join(', ')})`
    const [between, head] =
      style === 'mysqldump' ? [',', `INSERT INTO \`${name}\` VALUES `] : [',\n', `INSERT INTO \`${name}\`${names} VALUES\n`]
    let count = 0
    for (const row of rows()) {
      await write(
        `${count % 500 === 0 ? (count === 0 ? head : `;\n${head}`) : between}(${row.map(literal).join(style === 'mysqldump' ? ',' : ', ')})`,
      )
      count += 1
    }
    if (count > 0) await write(';\n')
  }
  await write('/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;\n-- Dump completed\n')
  out.end()
  await once(out, 'close')
}

function literal(value: Value): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `'${escaped}'`
}
