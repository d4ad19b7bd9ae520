import { documentName, type DocumentNumber, type PaymentDocument } from '../../../payments/documents.ts'
import type { Texts } from '../../../texts/texts.ts'

interface DocumentLinkProps {
  readonly texts: Texts
  readonly kind: PaymentDocument['kind']
  readonly number: DocumentNumber
}

export function DocumentLink({ texts, kind, number }: DocumentLinkProps) {
  return <a href={`/funds/receipts/${documentName(number)}`}>{documentTitle(texts, kind, number)}</a>
}

/** For example, "Receipt 2026-17". */
export function documentTitle(texts: Texts, kind: PaymentDocument['kind'], number: DocumentNumber): string {
  return texts.text(kind === 'receipt' ? 'payments.receipt' : 'payments.creditNote', { number: documentName(number) })
}
