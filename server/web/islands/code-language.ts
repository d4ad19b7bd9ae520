import { remember } from './choice.ts'

/** The language of examples that was chosen here is the one that is shown next time. */
export function rememberCodeLanguage() {
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=code]'))
    radio.addEventListener('change', () => remember('code', radio.value))
}
