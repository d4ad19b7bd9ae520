import type { LogLine } from '../../../customers/account-log.ts'
import { accountPage } from './account-frame.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { actKey } from '../../log-words.ts'
import { deviceWords } from '../../device-words.ts'

interface LogView {
  readonly lines: readonly LogLine[]
  /** The id that the next page continues from; null on the last page. */
  readonly older: bigint | null
}

/** The events of an account, newest first. */
export function logPage(ui: PageUi, { lines, older }: LogView): string {
  const { texts, house } = ui.frame
  return accountPage({
    ui,
    tab: '/account/log',
    children: (
      <>
        <p class="soft">{texts.text('account.log.lead')}</p>
        {lines.length === 0 && <p>{texts.text('account.log.none')}</p>}
        <ul class="rows">
          {lines.map((line) => (
            <li key={line.id}>
              <div>
                <h2>{texts.text(actKey(line.act))}</h2>
                {line.about !== null && line.act !== 'session ended' && (
                  <p class="about">
                    <bdi>{line.about}</bdi>
                  </p>
                )}
                <p class="soft small">
                  {line.by === 'staff' ? (
                    texts.text('account.log.by', { name: house.name })
                  ) : (
                    <>
                      {deviceWords(texts, line.agent ?? '')} · <bdi>{line.address}</bdi>
                    </>
                  )}
                </p>
              </div>
              <p class="soft small">
                <Moment texts={texts} at={line.at} />
              </p>
            </li>
          ))}
        </ul>
        {older !== null && (
          <p>
            <a class="button plain" href={`/account/log?before=${older}`}>
              {texts.text('account.log.older')}
            </a>
          </p>
        )}
      </>
    ),
  })
}
