import { type Conversion, convertedPrice } from '../customer/other-currency/convert.ts'
import { findBest } from '../customer/services/find.ts'
import { remember } from './choice.ts'
import { openCombobox } from './combobox.ts'
import { openNewest, partOf } from './newest.ts'
import { fetchOffer, type Offered } from './offer.ts'
import { openOrderForm } from './order-form.ts'
import { pluralText } from './plural.ts'

interface Messages {
  readonly found: Readonly<Record<string, string>>
  readonly none: string
  readonly loading: string
  readonly failed: string
  readonly formFailed: string
  readonly favourite: string
  readonly perPackage: string
  readonly marks: readonly string[]
}

/** Finds a service as the user types its name, and inserts its form. */
export function openPicker() {
  const form = document.querySelector<HTMLFormElement>('form.service-picker')
  const input = form?.querySelector('input')
  if (!form || !input) return
  const messages = JSON.parse(form.dataset['messages']!) as Messages
  const favourites = new Set(form.dataset['favourites']!.split(',').map(Number))
  let offer: ReturnType<typeof fetchOffer> | undefined
  const openOffer = () => {
    // A failed request is tried again next time.
    offer ??= fetchOffer(favourites).catch((error: unknown) => {
      offer = undefined
      throw error
    })
    return offer
  }
  openCombobox<Offered>({
    input,
    find: async (asked) => findBest(await openOffer(), asked),
    draw: drawing(messages, form.dataset['currency']!),
    choose(service) {
      input.value = `${service.id} · ${service.name}`
      input.removeAttribute('aria-invalid')
      document.getElementById(`${input.id}-fault`)?.remove()
      void putForm(service.id, messages)
    },
    messages: { ...messages, summary: (count) => (count === 0 ? messages.none : pluralText(messages.found, count)) },
  })
  input.addEventListener('focus', () => void openOffer().catch(() => {}))
  followPrices(messages)
}

function drawing({ favourite, perPackage, marks: names }: Messages, currency: string) {
  const locale = `${document.documentElement.lang}-u-nu-latn`
  const rates = new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: 12 })
  const counts = new Intl.NumberFormat(locale)
  const about = (rate: string) => {
    const { conversion } = document.getElementById('order')!.dataset
    return conversion === undefined
      ? []
      : [span('other-price', figure(aboutPrice(locale, rate, JSON.parse(conversion) as Conversion))), ' ']
  }
  return (option: HTMLElement, { id, name, category, rate, min, max, marks, isPackage, isFavourite }: Offered) => {
    const what = span('what')
    const title = span('title', isFavourite ? span('kept', '★ ', hidden(`${favourite}: `)) : '', isolated(name))
    const traits = names.filter((_, at) => marks[at]).map((mark) => span('badge', mark))
    what.append(title, span('meta', span('soft small', isolated(String(id)), category === '' ? '' : ' · ', isolated(category)), ...traits))
    const range = isPackage ? isolated(perPackage) : figure(`${counts.format(min)}–${counts.format(max)}`)
    const price = span('figure', figure(rates.format(rate as `${number}`)))
    option.append(what, span('price', price, ' ', ...about(rate), span('soft small', range)))
  }
}

function aboutPrice(locale: string, rate: string, conversion: Conversion): string {
  const amount = convertedPrice(rate, conversion)
  const places = amount.split('.')[1]?.length ?? 0
  const options = {
    style: 'currency',
    currency: conversion.currency,
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  } as const
  return `≈ ${new Intl.NumberFormat(locale, options).format(amount as `${number}`)}`
}

function span(name: string, ...content: (string | Node)[]): HTMLElement {
  const element = document.createElement('span')
  element.className = name
  element.append(...content)
  return element
}

function isolated(text: string): HTMLElement {
  const element = document.createElement('bdi')
  element.textContent = text
  return element
}

/** A text that reads from left to right in every language. */
function figure(text: string): HTMLElement {
  const element = isolated(text)
  element.dir = 'ltr'
  return element
}

const hidden = (text: string) => span('visually-hidden', text)

/** Another currency for prices: the form is drawn again with it, and keeps what was typed. */
function followPrices(messages: Messages) {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('#order a[data-prices]') : null
    const service = document.querySelector<HTMLInputElement>('.order-form input[name=service]')
    if (!link || !service || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    remember('prices', link.dataset['prices']!)
    void putForm(Number(service.value), messages, '.other-currency summary')
  })
}

const newest = openNewest()
/** All values typed on this page, by field name, so that two service types share the fields that both have. */
const typed = new Map<string, string>()

/** Replaces the form by that of another service, and keeps the values of fields that both have. */
async function putForm(service: number, { formFailed }: Messages, focused?: string) {
  const place = document.getElementById('order')!
  for (const field of fieldsIn(place)) if (field.value !== '') typed.set(field.name, field.value)
  place.setAttribute('aria-busy', 'true')
  const address = `/order?service=${service}`
  try {
    const fresh = await newest.ask(address, {}, (response) => partOf(response, 'order'))
    if (!fresh) return
    for (const field of fieldsIn(fresh)) field.value = typed.get(field.name) ?? field.value
    place.replaceWith(fresh)
    history.replaceState(null, '', address)
    openOrderForm()
    const fields = fieldsIn(fresh)
    const field = fields.find((each) => each.value === '') ?? fields[0]
    ;(focused === undefined ? field : fresh.querySelector<HTMLElement>(focused))?.focus()
  } catch (error) {
    place.removeAttribute('aria-busy')
    // The answer is not such a form (the user is signed out, or the service no longer exists), so the browser opens it as a page.
    if (!(error instanceof TypeError)) return location.assign(address)
    const notice = document.createElement('p')
    notice.className = 'notice bad'
    notice.setAttribute('role', 'alert')
    notice.textContent = formFailed
    place.replaceChildren(notice)
  }
}

type FormField = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

function fieldsIn(place: Element): FormField[] {
  return [...place.querySelectorAll<FormField>('.field input, .field textarea, .field select')]
}
