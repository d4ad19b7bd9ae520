import type { Choice } from './palette-choices.ts'

export interface Group {
  readonly name: string
  readonly choices: readonly Choice[]
}

/** Draws the choices, and a placeholder while more are loading. */
export function fillList(list: HTMLElement, groups: readonly Group[], waiting: boolean) {
  const drawn = groups.filter(({ choices }) => choices.length > 0).map(groupElement)
  list.replaceChildren(...drawn, ...(waiting ? [skeleton()] : []))
  list.querySelectorAll('[role=option]').forEach((option, at) => (option.id = `choice-${at}`))
}

/** Marks the choice that the keyboard has reached. The focus stays in the field. */
export function markChosen(input: HTMLInputElement, list: HTMLElement, at: number) {
  list.querySelectorAll('[role=option]').forEach((option, index) => {
    option.setAttribute('aria-selected', String(index === at))
    if (index !== at) return
    input.setAttribute('aria-activedescendant', option.id)
    option.scrollIntoView({ block: 'nearest' })
  })
  if (list.querySelector('[role=option]') === null) input.removeAttribute('aria-activedescendant')
}

/** The number of matches, in the plural form of the language. */
export function foundText(texts: Readonly<Record<string, string>>, query: string, count: number): string {
  if (count === 0) return texts['none']!.replace('#', query)
  if (query === '') return ''
  const { lang } = document.documentElement
  const forms = JSON.parse(texts['found']!) as Record<string, string>
  const wording = forms[new Intl.PluralRules(lang).select(count)] ?? forms['other']!
  return wording.replace('#', new Intl.NumberFormat(`${lang}-u-nu-latn`).format(count))
}

function groupElement({ name, choices }: Group, at: number): HTMLElement {
  const group = document.createElement('div')
  const heading = document.createElement('p')
  heading.id = `choices-${at}`
  heading.textContent = name
  heading.setAttribute('aria-hidden', 'true')
  group.setAttribute('role', 'group')
  group.setAttribute('aria-label', name)
  group.append(heading, ...choices.map(optionElement))
  return group
}

function optionElement({ title, detail, icon }: Choice): HTMLElement {
  const option = document.createElement('div')
  const name = document.createElement('span')
  const further = document.createElement('small')
  option.setAttribute('role', 'option')
  name.append(isolated(title))
  further.append(isolated(detail))
  if (icon) option.append(icon.cloneNode(true))
  option.append(name, further)
  return option
}

/** A text with its own direction, aligned with the start of the page's text. */
function isolated(text: string): HTMLElement {
  const words = document.createElement('bdi')
  words.textContent = text
  return words
}

function skeleton(): HTMLElement {
  const waiting = document.createElement('div')
  waiting.className = 'skeleton'
  waiting.setAttribute('aria-hidden', 'true')
  waiting.append(document.createElement('span'), document.createElement('span'))
  return waiting
}
