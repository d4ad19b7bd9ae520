import type { openApi } from './openapi.ts'

interface Described {
  readonly info: { readonly title: string; readonly description: string }
  readonly servers: readonly [{ readonly url: string }]
  readonly paths: Readonly<Record<string, { readonly post: Operation }>>
  readonly components: { readonly schemas: Readonly<Record<string, { readonly title?: string; readonly description?: string }>> }
}

interface Operation {
  readonly requestBody: { readonly content: Readonly<Record<string, Content<Parameters>>> }
  readonly responses: { readonly 200: { readonly content: Readonly<Record<string, Content<unknown>>> } }
}

interface Content<Value> {
  readonly examples: Readonly<Record<string, { readonly value: Value }>>
}

type Parameters = Readonly<Record<string, string>>

/** What has an address of its own, below that of the API. */
interface BesideOperation {
  readonly summary: string
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly example: Parameters } } }
}

const FORM = 'application/x-www-form-urlencoded'
const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'

/** A Postman collection of every example in the OpenAPI document: one folder per action, the address and the key as variables. */
export function postmanCollection(document: ReturnType<typeof openApi>) {
  const { info, servers, paths, components } = document as unknown as Described
  const [path, { post }] = Object.entries(paths)[0]!
  const requests = Object.entries(post.requestBody.content[FORM]!.examples)
  const answers = post.responses[200].content['application/json']!.examples
  const actions = new Set(requests.map(([, { value }]) => value['action']!))
  return {
    info: { name: info.title, description: info.description, schema: SCHEMA },
    variable: [
      { key: 'url', value: servers[0].url + path },
      { key: 'key', value: '' },
    ],
    item: [
      ...[...actions].map((action) => ({
        name: action,
        item: requests.filter(([, { value }]) => value['action'] === action).map(([name, { value }]) => itemOf(name, value)),
      })),
      ...besides(path, paths as unknown as Readonly<Record<string, Readonly<Record<string, BesideOperation>>>>),
    ],
  }

  function itemOf(name: string, parameters: Parameters) {
    const [id, ...rest] = name.split(' ')
    const schema = `${id!.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}Request`
    const { title = id!, description = '' } = components.schemas[schema] ?? {}
    const urlencoded = Object.entries({ ...parameters, key: '{{key}}' }).map(([key, value]) => ({ key, value, type: 'text' }))
    const request = { method: 'POST', url: '{{url}}', description, body: { mode: 'urlencoded', urlencoded } }
    return {
      name: [title, ...(rest.length > 0 ? [rest.join(' ')] : [])].join(' · '),
      request,
      response: [
        {
          name,
          originalRequest: request,
          code: 200,
          status: 'OK',
          _postman_previewlanguage: 'json',
          body: JSON.stringify(answers[name]!.value, null, 2),
        },
      ],
    }
  }
}

/** A folder for each way beside v2, like deposits; the key goes in a header. */
function besides(api: string, paths: Readonly<Record<string, Readonly<Record<string, BesideOperation>>>>) {
  const folders = new Map<string, object[]>()
  for (const [path, operations] of Object.entries(paths)) {
    if (path === api) continue
    const below = path.slice(api.length)
    const folder = below.split('/')[1]!
    const items = Object.entries(operations).map(([method, { summary, requestBody }]) => {
      const fields = Object.entries(requestBody?.content['application/json'].example ?? {})
      const urlencoded = fields.map(([key, value]) => ({ key, value, type: 'text' }))
      return {
        name: summary,
        request: {
          method: method.toUpperCase(),
          url: `{{url}}${below.replaceAll(/\{(\w+)\}/g, ':$1')}`,
          header: [{ key: 'Authorization', value: 'Bearer {{key}}' }],
          ...(urlencoded.length > 0 && { body: { mode: 'urlencoded', urlencoded } }),
        },
      }
    })
    folders.set(folder, [...(folders.get(folder) ?? []), ...items])
  }
  return [...folders].map(([name, item]) => ({ name, item }))
}
