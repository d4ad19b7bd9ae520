import type { TicketPicture } from '../../support/messages.ts'
import type { Texts } from '../../texts/texts.ts'

interface MessagePicturesProps {
  readonly texts: Texts
  /** The address of the ticket, below which its pictures are. */
  readonly ticket: string
  readonly pictures: readonly TicketPicture[]
}

/** The pictures of a message, each of which opens in full; for one that was deleted, words. */
export function MessagePictures({ texts, ticket, pictures }: MessagePicturesProps) {
  if (pictures.length === 0) return null
  return (
    <ul class="message-pictures">
      {pictures.map(({ id, isGone }, index) => (
        <li key={id}>
          {isGone ? (
            <span class="soft small">{texts.text('tickets.picture.gone')}</span>
          ) : (
            <a href={`${ticket}/pictures/${id}`} target="_blank" rel="noopener">
              <img src={`${ticket}/pictures/${id}`} alt={texts.text('tickets.picture', { number: index + 1 })} loading="lazy" />
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}
