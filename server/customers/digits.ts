/**
 * Turns digits of any script into 0 to 9, because people type a code with the keyboard they have. Unicode has digits in rows of ten, so a digit's
 * value is its place in its row.
 */
export function plainDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => String((digit.codePointAt(0)! - rowBegin(digit.codePointAt(0)!)) % 10))
}

function rowBegin(code: number): number {
  let begin = code
  while (/\p{Nd}/u.test(String.fromCodePoint(begin - 1))) begin -= 1
  return begin
}
