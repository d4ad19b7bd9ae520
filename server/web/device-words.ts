import { describeAgent } from '../customers/agent-words.ts'
import type { Texts } from '../texts/texts.ts'

/** For example, `Firefox 140 on Windows`, or as much of it as is known. */
export function deviceWords(texts: Texts, agent: string): string {
  const { browser, system } = describeAgent(agent)
  if (browser !== null && system !== null) return texts.text('account.sessions.browserOn', { browser, system })
  return browser ?? system ?? texts.text('account.sessions.unknown')
}
