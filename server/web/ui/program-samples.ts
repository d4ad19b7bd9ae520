import { STREAM } from '../../../contract/extensions.ts'
import { type CodeLanguage, KEY_PLACEHOLDER } from './samples.ts'
import { sdkClient } from './sdk-sample.ts'

/** Programs for tasks that take more than one call. Each runs as it is: test/web/program-samples.test.ts runs those whose language is installed. */
type Programs = Readonly<Record<CodeLanguage, (address: string) => string>>

/** Asks for the list of services, and uses its own copy if the list has not changed. */
export const unchangedList: Programs = {
  curl: (address) =>
    `curl ${address} \\
  --etag-compare services.etag --etag-save services.etag \\
  --output services.json \\
  -d key=${KEY_PLACEHOLDER} -d action=services`,

  php: (address) => `<?php
$etag = (string) @file_get_contents('services.etag');
$call = curl_init('${address}');
curl_setopt_array($call, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => ["If-None-Match: $etag"],
    CURLOPT_POSTFIELDS => http_build_query(['key' => '${KEY_PLACEHOLDER}', 'action' => 'services']),
    CURLOPT_HEADERFUNCTION => function ($call, $line) use (&$etag) {
        if (stripos($line, 'etag:') === 0) $etag = trim(substr($line, 5));
        return strlen($line);
    },
]);
$list = curl_exec($call);
if (curl_getinfo($call, CURLINFO_RESPONSE_CODE) === 200) {
    file_put_contents('services.json', $list);
    file_put_contents('services.etag', $etag);
}`,

  python: (address) => `import pathlib, urllib.error, urllib.parse, urllib.request

etag = pathlib.Path('services.etag')
form = urllib.parse.urlencode({'key': '${KEY_PLACEHOLDER}', 'action': 'services'}).encode()
known = {'If-None-Match': etag.read_text()} if etag.exists() else {}
try:
    answer = urllib.request.urlopen(urllib.request.Request('${address}', form, known))
    pathlib.Path('services.json').write_bytes(answer.read())
    etag.write_text(answer.headers['ETag'])
except urllib.error.HTTPError as error:
    if error.code != 304:
        raise`,

  node: (address) => `import { readFile, writeFile } from 'node:fs/promises'

const etag = await readFile('services.etag', 'utf8').catch(() => '')
const answer = await fetch('${address}', {
  method: 'POST',
  headers: { 'If-None-Match': etag },
  body: new URLSearchParams({ key: '${KEY_PLACEHOLDER}', action: 'services' }),
})
if (answer.status === 200) {
  await writeFile('services.json', await answer.text())
  await writeFile('services.etag', answer.headers.get('etag'))
}`,

  go: (address) => `package main

import (
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
)

func main() {
	form := url.Values{"key": {"${KEY_PLACEHOLDER}"}, "action": {"services"}}
	call, _ := http.NewRequest("POST", "${address}", strings.NewReader(form.Encode()))
	call.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	etag, _ := os.ReadFile("services.etag")
	call.Header.Set("If-None-Match", string(etag))
	answer, err := http.DefaultClient.Do(call)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == 200 {
		list, _ := io.ReadAll(answer.Body)
		os.WriteFile("services.json", list, 0o644)
		os.WriteFile("services.etag", []byte(answer.Header.Get("ETag")), 0o644)
	}
}`,

  sdk: (address) => `${sdkClient(address, KEY_PLACEHOLDER)}
const services = await docket.services()
// An unchanged list is not sent again.
console.log(services === (await docket.services()))`,
}

/** Prints the events of orders as they happen. */
export const stream: Programs = {
  curl: (address) => `curl --no-buffer ${address} \\
  -H 'Authorization: Bearer ${KEY_PLACEHOLDER}'`,

  php: (address) => `<?php
$stream = curl_init('${address}');
curl_setopt_array($stream, [
    CURLOPT_HTTPHEADER => ['Authorization: Bearer ${KEY_PLACEHOLDER}'],
    CURLOPT_WRITEFUNCTION => function ($stream, $text) {
        echo $text;
        return strlen($text);
    },
]);
curl_exec($stream);`,

  python: (address) => `import urllib.request

headers = {'Authorization': 'Bearer ${KEY_PLACEHOLDER}'}
request = urllib.request.Request('${address}', headers=headers)
for line in urllib.request.urlopen(request):
    print(line.decode(), end='', flush=True)`,

  node: (address) => `const stream = await fetch('${address}', {
  headers: { Authorization: 'Bearer ${KEY_PLACEHOLDER}' },
})
for await (const text of stream.body.pipeThrough(new TextDecoderStream()))
  process.stdout.write(text)`,

  go: (address) => `package main

import (
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	call, _ := http.NewRequest("GET", "${address}", nil)
	call.Header.Set("Authorization", "Bearer ${KEY_PLACEHOLDER}")
	answer, err := http.DefaultClient.Do(call)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	io.Copy(os.Stdout, answer.Body)
}`,

  sdk: (address) => `${sdkClient(address.slice(0, -STREAM.length), KEY_PLACEHOLDER)}
for await (const { order, ...change } of docket.orders.watch())
  console.log(order, change.ok ? change.value.status : change.error)`,
}
