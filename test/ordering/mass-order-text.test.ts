import { describe, expect, test } from 'vitest'
import { MOST_LINES, readMassOrderText, unusedColumns } from '../../server/ordering/mass-order-text.ts'

const read = (text: string) => readMassOrderText(text).lines.map(({ parameters, refusal }) => parameters ?? refusal!.code)

describe('a list of orders', () => {
  test('is read by any of the four separators, found out by itself', () => {
    const wanted = [{ service: '101', link: 'https://example.com/p/1?a=b', quantity: '1000' }]
    for (const separator of ['|', ' | ', '\t', ';', ',', ', ']) {
      expect(read(['101', 'https://example.com/p/1?a=b', '1000'].join(separator))).toEqual(wanted)
      expect(read(`service${separator}link${separator}quantity\n101${separator}https://example.com/p/1?a=b${separator}1000`)).toEqual(
        wanted,
      )
    }
  })

  test('a bar may be followed by runs and interval, and what is empty is absent', () => {
    expect(read('101|a|10|5|60\n101|a||\n101|a')).toEqual([
      { service: '101', link: 'a', quantity: '10', runs: '5', interval: '60' },
      { service: '101', link: 'a' },
      { service: '101', link: 'a' },
    ])
  })

  test('the other separators may stand in a link', () => {
    expect(read('101|https://example.com/a,b;c|10')).toEqual([{ service: '101', link: 'https://example.com/a,b;c', quantity: '10' }])
    expect(read('101,"https://example.com/a,b",10')).toEqual([{ service: '101', link: 'https://example.com/a,b', quantity: '10' }])
  })

  test('a table names its columns, in any order and any case, and quotes what needs it', () => {
    const text = '\uFEFF Link ;SERVICE;comments\r\nhttps://example.com/p/1;301;"Nice; really\r\nShe said ""yes"""\r\n\r\nx;302;\r\n'
    const { heading, lines } = readMassOrderText(text)
    expect(heading).toBe(' Link ;SERVICE;comments')
    expect(lines.map(({ number, parameters }) => ({ number, parameters }))).toEqual([
      { number: 2, parameters: { link: 'https://example.com/p/1', service: '301', comments: 'Nice; really\nShe said "yes"' } },
      { number: 5, parameters: { link: 'x', service: '302' } },
    ])
  })

  test('a number with a comma between its thousands is refused, and says why', () => {
    for (const line of [
      '1,https://example.com/a,1,000',
      '1,https://example.com/a,10,000',
      '1,https://example.com/a,1,234,567',
      '1, a, 1, 000,',
    ]) {
      expect(readMassOrderText(line).lines[0]!.refusal).toEqual({
        code: 'separated_number',
        text: expect.stringMatching(/^[\d,]+ may be one number: /),
      })
    }
    expect(read('1,a,1000\n1,a,100,5,60\n1|a|100|250|300\nservice')).toHaveLength(4)
    expect(read('1|a|100|250|300')).toEqual([{ service: '1', link: 'a', quantity: '100', runs: '250', interval: '300' }])
    expect(read('service,link,quantity,runs\n1,a,1,000')).toEqual(['zero_runs'])
    expect(read('1|a|10|0|60')).toEqual(['zero_runs'])
  })

  test('a quantity in front of its link is told apart from a link in front of its quantity', () => {
    const wanted = { service: '1', link: 'https://example.com/a', quantity: '100' }
    expect(read('1|100|https://example.com/a\n1|https://example.com/a|100\n1|100|example.com/a')).toEqual([
      wanted,
      wanted,
      { ...wanted, link: 'example.com/a' },
    ])
    // A number may be a link.
    expect(read('1|100|200\n1|100|anna')).toEqual([
      { service: '1', link: '100', quantity: '200' },
      { service: '1', link: '100', quantity: 'anna' },
    ])
  })

  test('line breaks of every kind, and the line in which spreadsheets name the separator', () => {
    expect(readMassOrderText('1|a|1\r2|b|2\r\n3|c|3\n').lines.map((line) => line.number)).toEqual([1, 2, 3])
    const { lines } = readMassOrderText('sep=;\nservice;link\n1;"a,b"')
    expect(lines).toEqual([{ number: 3, source: '1;"a,b"', parameters: { service: '1', link: 'a,b' }, refusal: undefined }])
  })

  test('a line that is none is told, and spoils no other', () => {
    expect(read('101|a|10\njust words\n101|a|10|1|2|3\n|b|\n101|c|1')).toEqual([
      { service: '101', link: 'a', quantity: '10' },
      'columns',
      'columns',
      { link: 'b' },
      { service: '101', link: 'c', quantity: '1' },
    ])
    expect(read('service,link\n1,"never closed\n2,b')).toEqual(['open_quote'])
  })

  test('the rows of a result file that have an order are left out, the others are read as they were', () => {
    const text =
      "line,service,link,quantity,charge,currency,order,error\r\n1,101,a,5,0.1,USD,23501,\r\n2,101,'@b,5,,USD,,Incorrect link\r\n"
    expect(read(text)).toEqual(['has_order', { service: '101', link: '@b', quantity: '5' }])
    expect(unusedColumns(text.split('\r\n')[0]!)).toEqual([])
    expect(unusedColumns('service,link,qty')).toEqual(['qty'])
  })

  test('nothing, too many lines and too many bytes are refused as a whole', () => {
    const code = (text: string) => {
      try {
        readMassOrderText(text)
        return 'taken'
      } catch (error) {
        return (error as { code?: string }).code
      }
    }
    expect(['', ' \n\n', 'service,link', '\uFEFF'].map(code)).toEqual(Array(4).fill('list_empty'))
    expect(code('1|a|1\n'.repeat(MOST_LINES))).toBe('taken')
    expect(code('1|a|1\n'.repeat(MOST_LINES + 1))).toBe('list_too_long')
    expect(code(`1|${'ä'.repeat(500_001)}|1`)).toBe('list_too_long')
  })

  test('what no database takes does not come through', () => {
    expect(read('1|a\0b\uD800|1')).toEqual([{ service: '1', link: 'ab\uFFFD', quantity: '1' }])
  })
})
