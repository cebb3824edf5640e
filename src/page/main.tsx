// Where the page begins in the browser.

import { render } from 'preact'
import { App } from './app.tsx'
import { createPage, PageProvider } from './page.ts'
import './style/page.css'

const root = document.getElementById('app')
if (root !== null) {
  const page = createPage()
  render(
    <PageProvider value={page}>
      <App />
    </PageProvider>,
    root,
  )
}
