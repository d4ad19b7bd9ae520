/**
 * The text of a VietQR code, which every bank's app in Vietnam reads: an EMV code of NAPAS (their "QR switching" format, service QRIBFTTA: to an
 * account), with the amount and the text of the transfer.
 */
export function vietQr(to: { readonly bin: string; readonly account: string }, amount: string, text: string): string {
  const beneficiary = field('00', to.bin) + field('01', to.account)
  const account = field('00', 'A000000727') + field('01', beneficiary) + field('02', 'QRIBFTTA')
  // 12: for one payment. 704: dong.
  const fields = [
    ['00', '01'],
    ['01', '12'],
    ['38', account],
    ['53', '704'],
    ['54', amount],
    ['58', 'VN'],
    ['62', field('08', text)],
  ] as const
  const before = `${fields.map(([id, value]) => field(id, value)).join('')}6304`
  return before + crc16(before)
}

/** Two digits of its name, two of its length, and the value. */
function field(id: string, value: string): string {
  return `${id}${String(value.length).padStart(2, '0')}${value}`
}

/** CRC-16/CCITT-FALSE, as EMV codes end with: of ASCII, in four capital digits of hex. */
export function crc16(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text, 'ascii')) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}
