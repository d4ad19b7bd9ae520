export const troubleKinds = [
  'unconfirmed',
  'refused',
  'stuck',
  'supplier',
  'below cost',
  'unknown word',
  'ticket',
  'speed-up',
  'cancel',
  'refill',
  'catalogue',
  'approval',
  'receipt',
  'payment',
  'owing',
  'child',
  'alert',
] as const
export type TroubleKind = (typeof troubleKinds)[number]

export function isTroubleKind(text: string | null | undefined): text is TroubleKind {
  return troubleKinds.some((kind) => kind === text)
}
