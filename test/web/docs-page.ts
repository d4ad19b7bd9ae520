/** One example as the page shows it. */
export interface ShownExample {
  /** `action` and its parameters, as the button beside it tries them. */
  readonly parameters: Record<string, string>
  /** The program in each language. */
  readonly code: Readonly<Record<string, string>>
  readonly answer: unknown
}

/** Reads the examples out of the page's HTML, as its reader copies them. */
export function shownExamples(html: string): ShownExample[] {
  return html
    .split('<div class="panel">')
    .slice(1)
    .map((panel) => {
      const blocks = [...panel.matchAll(/<pre[^>]* data-code="([^"]+)"[^>]*>(.*?)<\/pre>/gs)].slice(0, 7)
      const { json, ...code } = Object.fromEntries(blocks.map(([, language, inner]) => [language!, textOf(inner!)]))
      const tried = /data-try="([^"]*)"/.exec(panel)![1]!
      return { parameters: JSON.parse(textOf(tried)) as Record<string, string>, code, answer: JSON.parse(json!) }
    })
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" }

export function textOf(html: string): string {
  return html.replaceAll(/<[^>]+>/g, '').replaceAll(/&(lt|gt|quot|amp|#39);/g, (_, name: string) => entities[name]!)
}
