// The page before its script runs: small, the same for everybody, and plain about what is missing.

import { html } from 'hono/html'
import type { Assets } from './assets.ts'

export function pageShell({ name, assets }: { name: string; assets: Assets }): ReturnType<typeof html> {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name} – presence-bridge</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets.style}">
<script type="module" src="${assets.script}"></script>
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript. The same can be asked for at /api/agents, /api/log and /api/status, or with the command line.</noscript>
</body>
</html>`
}

export function pageMissing(why: string): ReturnType<typeof html> {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>presence-bridge</title></head>
<body><h1>The page cannot be shown</h1><p>${why}</p><p>The bridge itself is not concerned; /readyz and /api/status answer.</p></body></html>`
}
