/** Expressions that may stay although the checker finds them slow, each with what bounds the text that it reads. */
export const exceptions: readonly { readonly file: string; readonly expression: string; readonly because: string }[] = [
  {
    file: 'server/json.ts',
    expression: String.raw`/"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g`,
    because: 'It reads only what JSON.parse has just accepted: every string in it is closed, so the way back is never taken.',
  },
  {
    file: 'server/suppliers/reading.ts',
    expression: '/0+$/',
    because: 'It reads the twelve digits behind the dot of one amount.',
  },
  {
    file: 'server/web/ui/code.tsx',
    expression: 'new RegExp(',
    because: 'It colours our own examples; all that a visitor chooses in them is the name of the host, which has at most 253 characters.',
  },
  {
    file: 'packages/embedded-postgres/src/lock.ts',
    expression: 'new RegExp(',
    because: 'It is made of the name of a lock file of ours and reads names of files in its directory.',
  },
  {
    file: 'sdk/src/values.ts',
    expression: String.raw`/"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g`,
    because: 'It reads only what JSON.parse has just accepted: every string in it is closed, so the way back is never taken.',
  },
  {
    file: 'sdk/src/values.ts',
    expression: '/0+$/',
    because: 'It reads the twelve digits behind the dot of one amount.',
  },
]
