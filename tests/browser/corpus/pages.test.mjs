// Which headers make browsers show HTML, and whether the layer then sees a page: every set in `tests/corpus/pages.json`.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Firefox } from '../harness/firefox.mjs'
import { start } from '../harness/site.mjs'
import { Visitor } from '../harness/visitor.mjs'

const CORPUS = JSON.parse(readFileSync(new URL('../../corpus/pages.json', import.meta.url), 'utf8'))

/** In a page: how it is shown, and whether the layer wrote the guard and the banner into it. */
const LOOK = `JSON.stringify({
  html: document.contentType === 'text/html' && !!document.querySelector('body > p'),
  layered: !!document.querySelector('script[data-consent-rules]') && !!document.querySelector('#consent-banner'),
})`

/** How Chromium says that it saves a response, or refuses it. */
const NOT_SHOWN = /Download is starting|ERR_RESPONSE_HEADERS_MULTIPLE/

const looks = {
  async chromium(t) {
    const visitor = await Visitor.arrive(t)
    return async url => {
      const page = await visitor.newTab()
      const isShown = await page.goto(url).then(() => true, error => {
        if (!NOT_SHOWN.test(error)) throw error
        return false
      })
      const look = isShown ? JSON.parse(await page.evaluate(LOOK)) : { html: false, layered: false }
      await page.close()
      return look
    }
  },
  async firefox(t) {
    const browser = await Firefox.start(t)
    return async url => {
      const tab = await browser.open(url)
      const look = JSON.parse(await browser.evaluate(tab, LOOK))
      await browser.send('browsingContext.close', { context: tab })
      return look
    }
  },
}

for (const browser of ['chromium', 'firefox']) {
  const skip = browser === 'firefox' && process.env.WITHOUT_FIREFOX === '1' && 'left out by --without-firefox'
  test(`${browser} shows no HTML that the layer takes for something else`, { skip }, async t => {
    const site = await start('pages')
    t.after(() => site.stop())
    const look = await looks[browser](t)
    const wrong = []
    let pages = 0
    for (const [number, headers] of CORPUS.entries()) {
      const { html } = await look(site.url(`/bare/${number}`))
      const { layered } = await look(site.url(`/layered/${number}`))
      pages += html
      if (html !== layered) wrong.push({ headers: JSON.stringify(headers), html, layered })
    }
    t.diagnostic(`${pages} of ${CORPUS.length} are shown as HTML`)
    assert.deepEqual(wrong, [])
    assert.ok(pages > 25, `${pages}`)
  })
}
