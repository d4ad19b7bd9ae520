import {
  asciiJson,
  bracketed,
  type Fields,
  joined,
  multipart,
  pairs,
  phpEscape,
  phpJson,
  phpQuery,
  pythonEscape,
  repeated,
} from './client-encodings.ts'

/** How a client in the field writes a call: the exact bytes that its library puts on the wire. */
export interface ClientShape {
  readonly client: string
  readonly write: (host: string, fields: Fields) => Buffer
}

export const clientShapes: readonly ClientShape[] = [
  {
    client: 'PHP with curl and http_build_query, as the sample of the source pages does it',
    write: (host, fields) =>
      message(['POST /api/v2 HTTP/1.1', `Host: ${host}`, OLD_BROWSER, 'Accept: */*', LENGTH, FORM_TYPE], phpQuery(fields)),
  },
  {
    client: 'PHP with curl and an array of fields, lists joined by a comma',
    write: (host, fields) => {
      const boundary = '------------------------d74496d66958873e'
      const head = [
        'POST /api/v2 HTTP/1.1',
        `Host: ${host}`,
        'Accept: */*',
        LENGTH,
        `Content-Type: multipart/form-data; boundary=${boundary}`,
      ]
      return message(head, multipart(boundary, joined(fields)))
    },
  },
  {
    client: 'PHP with file_get_contents, HTTP/1.0',
    write: (host, fields) =>
      message([`GET /api/v2?${phpQuery(Object.fromEntries(joined(fields)))} HTTP/1.0`, `Host: ${host}`, 'Connection: close'], ''),
  },
  {
    client: 'PHP that sends json_encode under the type of a form',
    write: (host, fields) => message(['POST /api/v2/ HTTP/1.1', `Host: ${host}`, 'Connection: close', LENGTH, FORM_TYPE], phpJson(fields)),
  },
  {
    client: 'Laravel Http::asForm()->post()',
    write: (host, fields) =>
      message(['POST /api/v2 HTTP/1.1', LENGTH, 'User-Agent: GuzzleHttp/7', FORM_TYPE, `Host: ${host}`], phpQuery(fields)),
  },
  {
    client: 'Laravel Http::post()',
    write: (host, fields) =>
      message(['POST /api/v2 HTTP/1.1', LENGTH, 'User-Agent: GuzzleHttp/7', JSON_TYPE, `Host: ${host}`], phpJson(fields)),
  },
  {
    client: 'Python requests with data=',
    write: (host, fields) => message([...requests(host), LENGTH, FORM_TYPE], pairs(repeated(fields), pythonEscape)),
  },
  {
    client: 'Python requests with json=',
    write: (host, fields) =>
      message([...requests(host), LENGTH, JSON_TYPE], asciiJson(JSON.stringify(fields, null, 1).replaceAll(/\n\s*/g, ' '))),
  },
  {
    client: 'axios with an object',
    write: (host, fields) => message(axios(host, 'application/json', 'POST /api/v2'), JSON.stringify(fields)),
  },
  {
    client: 'axios with URLSearchParams',
    write: (host, fields) =>
      message(
        axios(host, 'application/x-www-form-urlencoded;charset=utf-8', 'POST /api/v2'),
        new URLSearchParams(repeated(fields)).toString(),
      ),
  },
  {
    client: 'axios with params, brackets as they are',
    write: (host, fields) => {
      const query = pairs(bracketed(fields), (text) => encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%3A', ':')).replaceAll(
        '%5B%5D=',
        '[]=',
      )
      return message(
        [`GET /api/v2?${query} HTTP/1.1`, 'Accept: application/json, text/plain, */*', 'User-Agent: axios/1.7.9', `Host: ${host}`],
        '',
      )
    },
  },
  {
    client: 'Go with url.Values, names in alphabetical order',
    write: (host, fields) => {
      const sorted = repeated(fields).toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
      const head = ['POST /api/v2 HTTP/1.1', `Host: ${host}`, 'User-Agent: Go-http-client/1.1', LENGTH, FORM_TYPE, 'Accept-Encoding: gzip']
      return message(head, pairs(sorted, pythonEscape))
    },
  },
  {
    client: 'Go with json.NewEncoder',
    write: (host, fields) => {
      const head = ['POST /api/v2 HTTP/1.1', `Host: ${host}`, 'User-Agent: Go-http-client/1.1', LENGTH, JSON_TYPE, 'Accept-Encoding: gzip']
      return message(head, `${JSON.stringify(fields).replaceAll('&', String.raw`\u0026`)}\n`)
    },
  },
  {
    client: 'curl -d with nothing escaped but what a form must',
    write: (host, fields) =>
      message(
        curl(host, FORM_TYPE),
        pairs(joined(fields), (text) => text.replaceAll(/[%&+]/g, encodeURIComponent)),
      ),
  },
  {
    client: 'curl -F',
    write: (host, fields) => {
      const boundary = '------------------------Zq2Tn0bYyq1hYxkC1rJYkA'
      return message(curl(host, `Content-Type: multipart/form-data; boundary=${boundary}`), multipart(boundary, repeated(fields)))
    },
  },
  {
    client: '.NET FormUrlEncodedContent',
    write: (host, fields) => message(['POST /api/v2 HTTP/1.1', `Host: ${host}`, FORM_TYPE, LENGTH], pairs(joined(fields), pythonEscape)),
  },
  {
    client: '.NET MultipartFormDataContent, boundary in quotes and names without',
    write: (host, fields) => {
      const boundary = '0f2a6f0e-6c0b-4d3e-8a53-4ef1a1b7a7c2'
      const head = ['POST /api/v2 HTTP/1.1', `Host: ${host}`, `Content-Type: multipart/form-data; boundary="${boundary}"`, LENGTH]
      const partHead = (name: string) => ['Content-Type: text/plain; charset=utf-8', `Content-Disposition: form-data; name=${name}`]
      return message(head, multipart(boundary, joined(fields), partHead))
    },
  },
  {
    client: '.NET PostAsJsonAsync, in chunks',
    write: (host, fields) => {
      const json = asciiJson(JSON.stringify(fields))
        .replaceAll('&', String.raw`\u0026`)
        .replaceAll('+', String.raw`\u002B`)
      const head = ['POST /api/v2 HTTP/1.1', `Host: ${host}`, 'Transfer-Encoding: chunked', 'Content-Type: application/json; charset=utf-8']
      return message(head, `${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`)
    },
  },
  {
    client: 'Java OkHttp FormBody',
    write: (host, fields) => message(okHttp(host, FORM_TYPE), pairs(joined(fields), encodeURIComponent)),
  },
  {
    client: 'Java OkHttp MultipartBody, each part with its length',
    write: (host, fields) => {
      const boundary = '5f6b3a0e-0d54-4b0e-a1b1-5a1c4f3f7a10'
      const partHead = (name: string, value: string) => [
        `Content-Disposition: form-data; name="${name}"`,
        `Content-Length: ${Buffer.byteLength(value)}`,
      ]
      return message(okHttp(host, `Content-Type: multipart/form-data; boundary=${boundary}`), multipart(boundary, joined(fields), partHead))
    },
  },
  {
    client: 'Java HttpURLConnection',
    write: (host, fields) => {
      const accept = 'Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2'
      const head = [
        'POST /api/v2 HTTP/1.1',
        'User-Agent: Java/1.8.0_292',
        `Host: ${host}`,
        accept,
        'Connection: keep-alive',
        FORM_TYPE,
        LENGTH,
      ]
      return message(
        head,
        pairs(joined(fields), (text) => phpEscape(text).replaceAll('%2A', '*')),
      )
    },
  },
  {
    client: 'Ruby Net::HTTP.post_form',
    write: (host, fields) => {
      const accept = ['Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3', 'Accept: */*']
      const head = ['POST /api/v2 HTTP/1.1', FORM_TYPE, ...accept, 'User-Agent: Ruby', `Host: ${host}`, 'Connection: close', LENGTH]
      return message(
        head,
        pairs(repeated(fields), (text) => phpEscape(text).replaceAll('%2A', '*')),
      )
    },
  },
  {
    client: 'n8n with a JSON body in which all is text',
    write: (host, fields) => message(axios(host, 'application/json', 'POST /api/v2'), JSON.stringify(Object.fromEntries(joined(fields)))),
  },
  {
    client: 'Make with indented JSON and numbers',
    write: (host, fields) => {
      const head = ['POST /api/v2 HTTP/1.1', 'user-agent: Make/production', 'content-type: application/json; charset=utf-8', 'accept: */*']
      return message([...head, LENGTH, `host: ${host}`, 'Connection: keep-alive'], JSON.stringify(fields, null, 4).replaceAll('\n', '\r\n'))
    },
  },
  {
    client: 'Postman with form-data',
    write: (host, fields) => {
      const boundary = '--------------------------485928749153692850212478'
      const head = ['POST /api/v2 HTTP/1.1', 'User-Agent: PostmanRuntime/7.43.0', 'Accept: */*', 'Cache-Control: no-cache']
      const token = ['Postman-Token: 4f4f0a3c-5b32-4a73-9c77-2dd3c31e4a0a', `Host: ${host}`, 'Accept-Encoding: gzip, deflate, br']
      const type = `Content-Type: multipart/form-data; boundary=${boundary}`
      return message([...head, ...token, 'Connection: keep-alive', type, LENGTH], multipart(boundary, repeated(fields)))
    },
  },
  {
    client: 'Postman with x-www-form-urlencoded and a key that stands in the address',
    write: (host, { key = '', ...fields }) => {
      const head = [
        `POST /api/v2?${pairs(joined({ key }), encodeURIComponent)} HTTP/1.1`,
        'User-Agent: PostmanRuntime/7.43.0',
        'Accept: */*',
        `Host: ${host}`,
        FORM_TYPE,
        LENGTH,
      ]
      return message(head, pairs(joined(fields), encodeURIComponent))
    },
  },
]

const FORM_TYPE = 'Content-Type: application/x-www-form-urlencoded'
const JSON_TYPE = 'Content-Type: application/json'
/** Stands where a client writes the length of its body. */
const LENGTH = 'Content-Length: '
const OLD_BROWSER = 'User-Agent: Mozilla/4.0 (compatible; MSIE 5.01; Windows NT 5.0)'

function message(head: readonly string[], body: string): Buffer {
  const lines = head.map((line) => (line === LENGTH ? `${LENGTH}${Buffer.byteLength(body)}` : line))
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

const requests = (host: string) => [
  'POST /api/v2 HTTP/1.1',
  `Host: ${host}`,
  'User-Agent: python-requests/2.32.3',
  'Accept-Encoding: gzip, deflate',
  'Accept: */*',
  'Connection: keep-alive',
]

const axios = (host: string, type: string, target: string) => [
  `${target} HTTP/1.1`,
  'Accept: application/json, text/plain, */*',
  `Content-Type: ${type}`,
  'User-Agent: axios/1.7.9',
  LENGTH,
  'Accept-Encoding: gzip, compress, deflate, br',
  `Host: ${host}`,
  'Connection: keep-alive',
]

const curl = (host: string, type: string) => [
  'POST /api/v2 HTTP/1.1',
  `Host: ${host}`,
  'User-Agent: curl/8.5.0',
  'Accept: */*',
  LENGTH,
  type,
]

const okHttp = (host: string, type: string) => [
  'POST /api/v2 HTTP/1.1',
  type,
  LENGTH,
  `Host: ${host}`,
  'Connection: Keep-Alive',
  'Accept-Encoding: gzip',
  'User-Agent: okhttp/4.12.0',
]
