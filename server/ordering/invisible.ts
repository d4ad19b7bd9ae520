/**
 * Characters that are not visible, by their UTF-16 code: marks of direction, zero-width spaces and joiners, byte order marks, fillers. Not in the set
 * are parts of visible signs, like the variation selectors and tags of emoji.
 */
function isInvisible(code: number): boolean {
  if (code < 0xad) return false
  return (
    code === 0xad || code === 0x34f || code === 0x61c || code === 0x115f || code === 0x1160 || code === 0x17b4 || code === 0x17b5 || code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
    code === 0x2800 || code === 0x3164 || code === 0xfeff || code === 0xffa0 || (code >= 0xfff9 && code <= 0xfffb)
  ) // prettier-ignore
}

/** Removes white space and invisible characters at both ends. Those inside stay: Persian paths need U+200C. */
export function trimmed(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && isBlank(text.charCodeAt(from))) from += 1
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1
  return from === 0 && to === text.length ? text : text.slice(from, to)
}

const SPACE = 0x20

function isBlank(code: number): boolean {
  if (code > SPACE && code < 0x7f) return false
  return isInvisible(code) || String.fromCharCode(code).trim() === ''
}
