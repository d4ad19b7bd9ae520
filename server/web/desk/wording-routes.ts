import type { FastifyReply } from 'fastify'
import type { AnyAct } from '../../acts/act.ts'
import { isRefusal, type Refusal } from '../../refusal.ts'
import { languageByCode } from '../../texts/languages.ts'
import type { Wording } from '../../wording.ts'
import { NO_FAULTS, UNPROCESSABLE } from '../ui/page-ui.ts'
import { leadBack, runOnDesk } from './act-routes.ts'
import { faultsOfRefusal } from './act-words.ts'
import { DESK, type Desk, type DeskContext } from './desk.ts'
import { bodyOf } from './settings/settings-routes.ts'
import type { TypedWording } from './wording.tsx'
import { numberIn } from './wording-numbers.ts'

/** Something that staff write in several languages, as the form of one of them tells it. */
interface Written {
  readonly title: string
  readonly wordings: readonly Wording[]
  /** What the answer is in a language that there is not. */
  readonly unknownLanguage: Refusal
}

interface WordingForm {
  /** Its page, like `/incidents/:id`. */
  readonly page: string
  /** Its form, without the language. */
  readonly form: string
  readonly act: AnyAct
  /** Throws a Refusal when there is no such thing. */
  readonly find: (context: DeskContext) => Promise<Written>
  /** The fields of the act that say what is written. */
  readonly named: (context: DeskContext) => Readonly<Record<string, number>>
}

/** Routes the form on which something is written in one language: it is shown as readers would see it, or saved as a new version. */
export function routeWording(desk: Desk, { page, form, act, find, named }: WordingForm) {
  desk.page(`${form}/:language`, 'pages.read', (context) => show(context))
  desk.form(`${form}/:language`, 'pages.manage', take)

  async function show(context: DeskContext, again?: TypedWording, status = 200): Promise<FastifyReply> {
    const { wordingPage } = await import('./wording.tsx')
    const { title, wordings, unknownLanguage } = await find(context)
    const language = languageByCode(context.params['language'] ?? '')
    if (!language) throw unknownLanguage
    const said = wordings.find((each) => each.language === language.code)
    const typed = again ?? { title: said?.title ?? '', text: said?.text ?? '', faults: NO_FAULTS }
    const addresses = { here: addressOf(context, form), back: addressOf(context, page) }
    return context.send(wordingPage(context, { title, ...addresses, act, language, typed, isPreview: again !== undefined }), status)
  }

  async function take(context: DeskContext): Promise<FastifyReply> {
    const body = bodyOf(context)
    const typed = { title: body['title'] ?? '', text: body['text'] ?? '' }
    if (body['what'] !== 'save') return show(context, { ...typed, faults: NO_FAULTS })
    const isEmpty = typed.title.trim() === '' && typed.text.trim() === ''
    const wording = isEmpty ? { title: null, text: null } : typed
    try {
      const answer = await runOnDesk(context, act, { ...named(context), language: context.params['language'], ...wording })
      return leadBack(context, addressOf(context, page), answer)
    } catch (error) {
      if (!isRefusal(error)) throw error
      return show(context, { ...typed, faults: faultsOfRefusal(context.ui.frame.texts, error) }, UNPROCESSABLE)
    }
  }
}

function addressOf(context: DeskContext, path: string): string {
  return DESK + path.replace(/:(\w+)/g, (_, name: string) => String(numberIn(context, name)))
}
