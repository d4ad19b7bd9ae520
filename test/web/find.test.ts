import { describe, expect, test } from 'vitest'
import { findBest, foldService } from '../../server/web/customer/services/find.ts'
import { wideOffer } from '../support/wide-offer.ts'

const service = (id: number, name: string, category = '', more: { otherName?: string; isFavourite?: boolean } = {}) => ({
  id,
  isFavourite: more.isFavourite ?? false,
  folded: foldService({ id, name, category, otherName: more.otherName }),
})
const found = (all: ReturnType<typeof service>[], asked: string) => findBest(all, asked).map(({ id }) => id)

describe('finding services', () => {
  test('the number itself comes first, then names that begin so, then words, then parts of words, then the category', () => {
    const all = [
      service(1, 'Something else', 'Views'),
      service(2, 'Overviews of pages'),
      service(3, 'Video views'),
      service(4, 'Views of videos'),
      service(77, 'Sevens'),
      service(5, '77 little things'),
      service(770, 'A number that begins so'),
    ]
    expect(found(all, 'views')).toEqual([4, 3, 2, 1])
    expect(found(all, '77')).toEqual([77, 5, 770])
  })

  test('each word has to stand somewhere, in any order', () => {
    const all = [service(1, 'Instagram followers, real people', 'Followers'), service(2, 'Instagram likes, real people', 'Likes')]
    expect(found(all, 'people REAL likes')).toEqual([2])
    expect(found(all, 'real people')).toEqual([1, 2])
    expect(found(all, 'real people of mars')).toEqual([])
  })

  test('capitals, accents and marks between words make no difference, in every script', () => {
    const all = [
      service(1, 'Señales/día — 4K'),
      service(2, 'Взгляды на видео'),
      service(3, 'इंस्टाग्राम फ़ॉलोअर'),
      service(4, '網頁瀏覽（香港）'),
      service(5, 'مُتابِعون'),
      service(6, 'Şirket'),
    ]
    for (const [asked, id] of [
      ['SENALES 4k dia', 1],
      ['видео взгл', 2],
      ['फ़ॉलोअर', 3],
      ['香港 瀏覽', 4],
      ['متابعون', 5],
      ['sirket', 6],
    ] as const)
      // prettier-ignore
      expect({ asked, found: found(all, asked) }).toEqual({ asked, found: [id] })
  })

  test('a service is found by the catalogue’s own name too', () => {
    expect(found([service(1, 'Obiski strani', 'Oglasi', { otherName: 'Page visits' })], 'visits')).toEqual([1])
  })

  test('nothing typed is everything, favourites first, else as it comes; favourites never push aside what fits better', () => {
    const all = [
      service(1, 'One likes'),
      service(2, 'Two', 'likes', { isFavourite: true }),
      service(3, 'Three likes', '', { isFavourite: true }),
    ]
    expect(found(all, '')).toEqual([2, 3, 1])
    expect(found(all, ' — ')).toEqual([2, 3, 1])
    expect(found(all, 'likes')).toEqual([3, 1, 2])
  })

  test('five thousand services are looked through in less than a frame', () => {
    const all = wideOffer(5000).map(({ service: id, name, category }) => service(id as number, name as string, category as string))
    const times = Array.from({ length: 25 }, () => {
      const begun = process.cpuUsage()
      expect(found(all, 'real followers instagram')).toHaveLength(5)
      const { user, system } = process.cpuUsage(begun)
      return (user + system) / 1000
    })
    // Time of the processor, and the quickest: other programs on this machine do not count.
    expect(Math.min(...times)).toBeLessThan(16)
  })
})
