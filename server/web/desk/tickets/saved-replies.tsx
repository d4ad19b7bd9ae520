import { savedReplyAdd, savedReplyRemove, savedReplySet } from '../../../acts/saved-reply.ts'
import { replyValues, type SavedReply } from '../../../support/saved-replies.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { countText } from '../../ui/figures.tsx'
import { Empty } from '../../ui/notice.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { TICKETS } from './asked.ts'

const HERE = `${DESK}/saved-replies`

/** The texts that are sent often, the one that is used most first. */
export function repliesPage(context: DeskContext, replies: readonly SavedReply[]): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.tickets.replies'),
    lead: texts.text('desk.tickets.replies.lead'),
    actions: (
      <>
        <a class="button plain" href={TICKETS}>
          {texts.text('desk.place.tickets')}
        </a>
        <ActLink context={context} act={savedReplyAdd} back={HERE} look="main" />
      </>
    ),
    children: (
      <>
        <p class="soft small">
          {replyValues.map((name) => (
            <>
              <code key={name} dir="ltr">{`{${name}}`}</code>{' '}
            </>
          ))}
        </p>
        {replies.length === 0 && (
          <Empty title={texts.text('desk.tickets.replies.none')} text={texts.text('desk.tickets.replies.none.text')} />
        )}
        <ul class="rows">
          {replies.map((reply) => (
            <li key={reply.id} data-row>
              <div class="what">
                <h2>
                  <bdi>{reply.name}</bdi>
                </h2>
                <PlainText text={reply.text} />
                <p class="soft small">
                  {texts.text('desk.tickets.used', { count: countText(texts, reply.uses) })}
                  {reply.locale !== null && ` · ${languageByCode(reply.locale)?.name ?? reply.locale}`}
                </p>
              </div>
              <p class="buttons">
                <ActLink
                  context={context}
                  act={savedReplySet}
                  with={{ reply: String(reply.id), name: reply.name, text: reply.text, language: reply.locale ?? 'none' }}
                  back={HERE}
                  look="small"
                />
                <ActLink context={context} act={savedReplyRemove} with={{ reply: String(reply.id) }} back={HERE} look="small" />
              </p>
            </li>
          ))}
        </ul>
      </>
    ),
  })
}
