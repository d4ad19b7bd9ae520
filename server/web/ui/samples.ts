import { type SampleCall, singleQuoted } from './sample-call.ts'
import { sdkSample } from './sdk-sample.ts'

/** The languages that examples are shown in. */
export const codeLanguages = [
  { id: 'curl', name: 'curl' },
  { id: 'php', name: 'PHP' },
  { id: 'python', name: 'Python' },
  { id: 'node', name: 'Node' },
  { id: 'go', name: 'Go' },
  { id: 'sdk', name: 'SDK' },
] as const
export type CodeLanguage = (typeof codeLanguages)[number]['id']

/** The chosen language if it exists, else the first. */
export function codeLanguageNamed(name: string | undefined): CodeLanguage {
  return codeLanguages.find((language) => language.id === name)?.id ?? codeLanguages[0].id
}

/** Shown in place of the reader's key until there is one. */
export const KEY_PLACEHOLDER = 'YOUR_KEY'

/** One call as a whole program. It runs as it is, with nothing but the standard library of its language, or our SDK. */
export function sample(language: CodeLanguage, call: SampleCall): string {
  return samples[language](call)
}

const samples: Readonly<Record<CodeLanguage, (call: SampleCall) => string>> = {
  curl: ({ address, parameters }) =>
    [`curl ${address}`, ...parameters.map(([name, value]) => `${curlOption(value)} ${shellWord(`${name}=${value}`)}`)].join(' \\\n  '),

  php: ({ address, parameters }) => `<?php
$call = curl_init(${singleQuoted(address)});
curl_setopt_array($call, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_POSTFIELDS => http_build_query([
${parameters.map(([name, value]) => `        '${name}' => ${phpText(value)},`).join('\n')}
    ]),
]);
print_r(json_decode(curl_exec($call), true));`,

  python: ({ address, parameters }) => `import json, urllib.parse, urllib.request

form = urllib.parse.urlencode({
${parameters.map(([name, value]) => `    '${name}': ${singleQuoted(value)},`).join('\n')}
})
answer = urllib.request.urlopen(${singleQuoted(address)}, form.encode())
print(json.load(answer))`,

  node: ({ address, parameters }) => `const answer = await fetch(${singleQuoted(address)}, {
  method: 'POST',
  body: new URLSearchParams({
${parameters.map(([name, value]) => `    ${name}: ${singleQuoted(value)},`).join('\n')}
  }),
})
console.dir(await answer.json(), { depth: null })`,

  go: ({ address, parameters }) => `package main

import (
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
)

func main() {
	answer, err := http.PostForm(${JSON.stringify(address)}, url.Values{
${goPairs(parameters)}
	})
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	io.Copy(os.Stdout, answer.Body)
}`,

  sdk: sdkSample,
}

// -d sends its value unchanged; a value that a form would encode needs --data-urlencode.
function curlOption(value: string): string {
  return /^[\w.:/,-]*$/.test(value) ? '-d' : '--data-urlencode'
}

function shellWord(text: string): string {
  return /^[\w.:/,=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** PHP reads \n only in double quotes, and there $ begins a variable. */
function phpText(text: string): string {
  return text.includes('\n') ? JSON.stringify(text).replaceAll('$', String.raw`\$`) : singleQuoted(text)
}

/** Aligned as gofmt aligns them. */
function goPairs(parameters: SampleCall['parameters']): string {
  const widest = Math.max(...parameters.map(([name]) => name.length))
  return parameters.map(([name, value]) => `\t\t"${name}":${' '.repeat(widest - name.length + 1)}{${JSON.stringify(value)}},`).join('\n')
}
