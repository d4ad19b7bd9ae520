import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { panelOfCsv } from '../../server/move-in/from-csv.ts'
import { readCsvRows } from '../../server/move-in/read-csv.ts'
import { openDocket } from '../support/docket.ts'
import { bring, openDumpDirectory, SECRET, timesOf } from './moved.ts'

const docket = openDocket({ DOCKET_SECRET: SECRET })
const inDirectory = openDumpDirectory()

async function* pieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function read(text: string, size: number) {
  const found: Record<string, string>[] = []
  for await (const rows of readCsvRows(pieces(text, size))) found.push(...rows.map((row) => Object.fromEntries(row)))
  return found
}

describe('CSV files', () => {
  test.each([
    ['commas', 'Order ID,Link\n1,a\n2,b', [{ orderid: '1', link: 'a' }, { orderid: '2', link: 'b' }]],
    ['semicolons and the line ends of Windows', '\uFEFFid;link\r\n1;a,b\r\n', [{ id: '1', link: 'a,b' }]],
    ['quotation marks', 'id,link\n1,"a,""b""\nc"\n\n2,"x"\n', [{ id: '1', link: 'a,"b"\nc' }, { id: '2', link: 'x' }]],
    ['too few cells', 'id,link\n1\n2,b,c\n', [{ id: '1', link: '' }, { id: '2', link: 'b' }]],
  ])('are read with %s, however they are cut', async (_, text, rows) => {
    for (const size of [1, 3, text.length]) expect(await read(text, size)).toEqual(rows)
  }) // prettier-ignore

  test('that are cut within a quotation mark are refused', async () => {
    await expect(read('id\n"1', 10)).rejects.toThrow('within a quotation mark')
  })

  test('move a panel by the names of their columns', async () => {
    const directory = await inDirectory('files')
    await mkdir(directory)
    const files = {
      'Suppliers.csv': 'id,name,api_url,api_key\n1,acme,https://acme.example/api/v2,secret\n',
      'services.csv':
        'Service ID;Name;Category;Type;Price;Min;Max;Provider;Provider Service ID\n7;Likes;Social;default;0,5;10;100;1;55\n8;Views;Social;default;0.5;10;100;1;56\n',
      'users.csv':
        'ID,E-mail,Balance,API key,Status\n3,three@shop.example,"1,250.50",0123456789abcdef0123456789abcdef,active\n4,four@shop.example,1,short,banned\n',
      'orders.csv':
        'ID,User ID,Service,Provider,External ID,Link,Quantity,Charge,Status,Remains,Created\n9,3,8,1,123,https://a.example,100,0.05,In progress,50,2024-05-01 10:00\n8,3,8,1,122,https://a.example,100,0.05,Completed,0,2024-05-01T10:00:00Z\n',
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
    const report = await bring(docket, await panelOfCsv(directory, 'files'))
    expect(report.counts).toMatchObject({
      suppliers: { brought: 1 },
      services: { read: 2, brought: 1 },
      accounts: { brought: 2 },
      keys: { brought: 1 },
    })
    expect(report.counts).toMatchObject({ 'ended orders': { brought: 1 }, 'open orders': { brought: 1 } })
    expect(timesOf(report, 'the price of a service is no number')).toBe(1)
    expect(timesOf(report, 'too short')).toBe(1)
    expect(await docket.balance('0123456789abcdef0123456789abcdef')).toBe('1250.50000')
    expect(await docket.call({ key: '0123456789abcdef0123456789abcdef', action: 'status', order: 9 })).toMatchObject({
      status: 'In progress',
      remains: '50',
    })
  })

  test('of a directory without any are refused', async () => {
    const directory = await inDirectory('empty')
    await mkdir(directory)
    await expect(panelOfCsv(directory, 'empty')).rejects.toThrow('There is nothing to move in from')
  })
})
