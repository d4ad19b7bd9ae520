import { describe, expect, test } from 'vitest'
import { trimmed } from '../../server/ordering/invisible.ts'
import { linesOf } from '../../server/ordering/lines.ts'
import { isLink, linkNormalForm } from '../../server/ordering/link.ts'

describe('a link', () => {
  test('loses white space and invisible characters at both ends, and keeps those inside', () => {
    for (const mark of ['\u200B', '\u200E', '\u200F', '\u2066', '\u2069', '\uFEFF', '\u00AD', '\u3164', ' \u200B ', '\u2060\t']) {
      expect(trimmed(`${mark}https://example.com/p${mark}`)).toBe('https://example.com/p')
      expect(trimmed(mark)).toBe('')
    }
    expect(trimmed('https://example.com/می\u200Cخواهم')).toBe('https://example.com/می\u200Cخواهم')
    // These are part of what one sees.
    for (const text of ['❤\uFE0F', '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}', '\0', '\u0600'])
      expect(trimmed(text)).toBe(text)
  })

  test('that is an address has one scheme, in front, and a host with a dot or an IPv6 address', () => {
    const right = ['https://example.com/p', 'HTTP://Example.com', 'https://[2001:db8::1]/p', 'https://example.com/?u=https://other.example/', 'https://bücher.example/', 'https://192.0.2.1:8080/a', 'anna', '@anna', 'example.com/p', 'example.com:8080/p', 'https://a@example.com/'] // prettier-ignore
    const wrong = ['(https://example.com/p', '"https://example.com/p', '‹https://example.com/p›', '[x](https://example.com/p)', 'url=https://example.com/p', 'https://https://example.com/p', 'https//example.com/p', 'http//example.com', 'https:/example.com', 'https:example.com', 'https://localhost/p', 'https://example', 'https://', 'https:///example.com', 'ftp://example.com', 'javascript:alert(1)', '://example.com', 'https://a b.example/'] // prettier-ignore
    expect(right.filter((text) => !isLink(text))).toEqual([])
    expect(wrong.filter(isLink)).toEqual([])
  })

  test('has one normal form, however its scheme, the letters of its host, its end and its fragment are written', () => {
    const same = ['https://example.com/p', 'http://example.com/p', 'HTTPS://EXAMPLE.com/p/', 'https://example.com/p#top', 'https://example.com:443/p//', 'example.com/p', 'https://example.com./p'] // prettier-ignore
    expect(new Set(same.map(linkNormalForm))).toEqual(new Set(['example.com/p']))
    const others = ['https://example.com/P', 'https://example.com/p?a=1', 'https://example.com/q', 'https://example.com:8080/p', 'https://www.example.com/p', 'anna', 'Anna', '@anna', 'anna.b', 'Anna.B'] // prettier-ignore
    expect(new Set([...same, ...others].map(linkNormalForm)).size).toBe(others.length + 1)
    for (const link of [...same, ...others]) expect(linkNormalForm(linkNormalForm(link))).toBe(linkNormalForm(link))
    expect(linkNormalForm('https://')).toBe('https://')
  })
})

test('a comment line that shows nothing is empty, and costs nothing', () => {
  expect(linesOf('one\n\u200B\n \u2066\u2069\r\n\uFEFF\ntwo\n❤\uFE0F')).toEqual(['one', 'two', '❤\uFE0F'])
})
