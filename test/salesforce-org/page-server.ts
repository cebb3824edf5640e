// Serves a page on loopback that runs the companion, its template and the Aura utility as they are deployed; only what Salesforce brings along
// (Lightning's engine, Aura, Apex) is replaced by what stands in `page/`.

import { createServer } from 'node:http'
import { transformSync } from '@lwc/compiler'
import { AURA, LWC, read } from './org-files.ts'

const PAGE = 'test/salesforce-org/page'
const NAME = 'presenceBridgeCompanion'

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Presence bridge companion</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<link rel="stylesheet" href="/companion.css">
<script type="importmap">{"imports": {"lwc": "/lwc.js",
  "@salesforce/apex/PresenceBridgeToken.settings": "/apex/settings.js",
  "@salesforce/apex/PresenceBridgeToken.token": "/apex/token.js"}}</script>
<script type="module" src="/aura.js"></script>
</head>
<body><main class="panel"><header>Presence Bridge</header><c-presence-bridge-companion></c-presence-bridge-companion></main></body>
</html>`

type Served = { readonly type: string; readonly body: string }

/** `connectSrc`: what Lightning's Content Security Policy lets pages connect with besides themselves: the trusted sites. */
export async function servePage({ connectSrc }: { readonly connectSrc: () => string }) {
  const server = createServer((request, response) => {
    const found = fileFor((request.url ?? '/').split('?')[0] ?? '/')
    if (!found) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, {
      'Content-Type': found.type,
      'Content-Security-Policy': `connect-src 'self' ${connectSrc()}`,
    })
    response.end(found.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    /** The same page under another name, which is another origin. */
    otherOrigin: `http://localhost:${port}`,
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function fileFor(path: string): Served | null {
  if (path === '/') return { type: 'text/html', body: HTML }
  if (path === '/page.css') return { type: 'text/css', body: read(`${PAGE}/page.css`) }
  if (path === '/companion.css') return { type: 'text/css', body: read(`${LWC}/${NAME}.css`) }
  if (path === '/controller.js') return script(read(`${AURA}/presenceBridgeUtilityController.js`))
  if (path === '/helper.js') return script(read(`${AURA}/presenceBridgeUtilityHelper.js`))
  if (path === '/lwc.js' || path === '/aura.js') return script(read(`${PAGE}${path}`))
  if (path === `/${NAME}.html`) return script(templateModule())
  if (path === `/${NAME}.js`) return script(compiled())
  const apex = /^\/apex\/(settings|token)\.js$/.exec(path)?.[1]
  if (apex !== undefined) return script(apexModule(apex))
  const plain = /^\/(\w+)$/.exec(path)?.[1]
  return plain === undefined ? null : script(read(`${LWC}/${plain}.js`))
}

function script(body: string): Served {
  return { type: 'text/javascript', body }
}

function compiled(): string {
  const options = { name: NAME, namespace: 'c' }
  return transformSync(read(`${LWC}/${NAME}.js`), `${NAME}.js`, options).code
}

function templateModule(): string {
  return `import { template } from 'lwc'\nexport default template(${JSON.stringify(read(`${LWC}/${NAME}.html`))})`
}

/** Apex rejects with its words in `body`. */
function apexModule(method: string): string {
  return `export default async () => {
  const { ok, result, message } = await window.askApex('${method}')
  if (!ok) throw { body: { message } }
  return result
}`
}
