// Pages with broken markup in a real browser: no gated element loads, with and without scripts, and
// placeholders end no form of the page.
//
// CASES=5000 tries more pages than the few of every run; SEED=… tries other ones.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { Firefox } from './harness/firefox.mjs'
import { start } from './harness/site.mjs'
import { jarSettles, until } from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

const CASES = Number(process.env.CASES ?? 120)
const SEED = Number(process.env.SEED ?? 1)
/** Firefox takes longer for a page. */
const CASES_IN_FIREFOX = Math.ceil(CASES / 4)
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** `@` is an address that is asked for only if the element is live. */
const GATED = [
  '<img data-consent=functionality src=@>', '<img alt=">" src="@" data-consent=functionality>',
  '<iframe data-consent=functionality src=@></iframe>', '<script data-consent=functionality src=@></script>',
  '<link rel=stylesheet data-consent=functionality href=@>', '<embed data-consent=functionality src=@>',
  '<object data-consent=functionality data=@></object>', '<video data-consent=functionality poster=@></video>',
  '<input type=image data-consent=functionality src=@>', '<IMG/DATA-CONSENT=functionality/SRCSET="@ 2x">',
  '<style data-consent=functionality>@import "@";</style>', '<image data-consent=functionality src=@>',
  '<svg><image data-consent=functionality xlink:href=@ width=9 height=9 /></svg>',
  '<table data-consent=functionality background=@><td>a</table>',
  '<p data-consent=functionality style="background:url(@)">a</p>',
  '<img data-consent=functionality src=@ ',
]

const MARKUP = [
  'text', '<p>', '</p>', '<div>', '</div>', '<b>', '</b>', '<!--', '-->', '--!>', '<!-->', '<![CDATA[', ']]>', '<?x', '>', '<', '"', "'",
  '<select>', '</select>', '<option>', '<svg>', '</svg>', '<svg/>', '<math>', '</math>', '<mi>', '</mi>', '<desc>', '</desc>',
  '<foreignObject>', '</foreignObject>', '<annotation-xml encoding=text/html>', '</annotation-xml>', '<title>', '</title>',
  '<style>', '</style>', '<script>', '</script>', '<xmp>', '</xmp>', '<noembed>', '</noembed>', '<noframes>', '</noframes>',
  '<noscript>', '</noscript>', '<iframe>', '</iframe>', '<textarea>', '</textarea>', '<template>', '</template>', '<table>',
  '<tr>', '<td>', '</table>', '<caption>', '<colgroup>', '<form>', '</form>', '<button>', '</button>', '<a href=#>', '</a>',
  '<frameset>', '</frameset>', '<frame>', '<body>', '</body>', '</html>', '<head>', '<plaintext>', '<font color=a>', '</br>',
  '<i title="', '<i title=\'', '<i ', '<p/', '<li>', '<ul>', '</ul>', '<object>', '</object>', '<image>', '<input>', '<h1>',
]

/** The same numbers for the same seed. */
const numbers = seed => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

function pageOf(number) {
  const next = numbers(SEED * 1_000_003 + number)
  const one = list => list[Math.floor(next() * list.length)]
  let html = next() < 0.7 ? '<!doctype html><body>' : next() < 0.5 ? '<!doctype html>' : ''
  let gated = 0
  const length = 2 + Math.floor(next() * 12)
  for (let at = 0; at < length || !gated; at++) {
    html += next() < 0.3 ? one(GATED).replace('@', `/gated/${number}-${gated++}`) : one(MARKUP)
  }
  return html
}

let site
before(async () => { site = await start('readings') })
after(() => site.stop())

const address = html => site.url(`/page?html=${encodeURIComponent(html)}`)

/** The addresses that a page asked for although an element in it that names them is gated. */
async function liveIn(page, html) {
  const asked = []
  const onRequest = request => { if (request.url().includes('/gated/')) asked.push(new URL(request.url()).pathname) }
  page.on('request', onRequest)
  await page.goto(address(html), { waitUntil: 'load' })
  page.off('request', onRequest)
  if (!asked.length) return []
  const named = await page.evaluate(() => [...document.querySelectorAll('[data-consent]')].map(element => element.outerHTML))
  return asked.filter(path => named.some(text => new RegExp(`${path}(?!\\d)`).test(text)))
}

/**
 * The pages, each with what was requested below `/gated` although a gated element of the page names it. The server says
 * what was requested, after all pages have loaded.
 */
async function liveInFirefox(firefox, addresses) {
  const { context } = await firefox.send('browsingContext.create', { type: 'tab' })
  const show = url => firefox.send('browsingContext.navigate', { context, url, wait: 'complete' })
  const asked = async () => (await fetch(site.url('/asked'))).json()
  // Not all requests of the pages in Chromium are intercepted.
  await asked()
  for (const url of addresses) await show(url)
  const live = []
  for (const name of await asked()) {
    const url = addresses[Number(name.split('-')[0])]
    await show(url)
    // Works without scripts. The elements come with their attributes and their text.
    const { nodes } = await firefox.send('browsingContext.locateNodes', {
      context,
      locator: { type: 'css', value: '[data-consent]' },
      serializationOptions: { maxDomDepth: 1 },
    })
    if (nodes.some(node => new RegExp(`/gated/${name}(?!\\d)`).test(JSON.stringify(node)))) live.push(`${url} ${name}`)
  }
  await asked()
  return live
}

describe('no gated element is live', () => {
  for (const javaScript of [true, false]) {
    test(`in ${CASES} pages ${javaScript ? 'with' : 'without'} scripts`, async t => {
      const visitor = await Visitor.arrive(t, { javaScript })
      await visitor.context.route('**/gated/**', route => route.abort())
      const failed = []
      for (let number = 0; number < CASES; number++) {
        const html = pageOf(number)
        const live = await liveIn(visitor.page, html)
        if (live.length) failed.push(`${html}\n  ${live}`)
      }
      visitor.reports.length = 0
      assert.deepEqual(failed, [])
    })

    test(`the check can fail, ${javaScript ? 'with' : 'without'} scripts`, async t => {
      const visitor = await Visitor.arrive(t, { javaScript })
      const html = '<!doctype html><body><img data-consent=functionality alt=x src=/gated/it>'
      await visitor.context.route('**/page?*', route => route.fulfill({ contentType: 'text/html', body: html }))
      assert.deepEqual(await liveIn(visitor.page, html), ['/gated/it'])
    })

    test(`in ${CASES_IN_FIREFOX} pages in Firefox ${javaScript ? 'with' : 'without'} scripts`, async t => {
      const firefox = await Firefox.start(t, { 'javascript.enabled': javaScript })
      const pages = Array.from({ length: CASES_IN_FIREFOX }, (_, number) => pageOf(number))
      assert.deepEqual(await liveInFirefox(firefox, pages.map(address)), [])
      // The check can fail.
      const bare = site.url(`/bare?html=${encodeURIComponent('<!doctype html><img data-consent=functionality src=/gated/0-0>')}`)
      assert.deepEqual(await liveInFirefox(firefox, [bare]), [`${bare} 0-0`])
    })
  }
})

describe('a placeholder in a form', () => {
  const FORM = `<!doctype html><html lang=en><title>Form</title><main><h1>Form</h1><form action=/sent>
    <label>Who <input name=who></label><iframe title=Film data-consent=functionality data-src=/gated/film></iframe>
    <button>Send</button></form></main>`
  const decide = page => page.locator('[data-consent-placeholder] [data-consent-action=save]')

  for (const javaScript of [true, false]) {
    const scripts = javaScript ? 'with scripts' : 'without scripts'

    test(`Enter sends the page's form and grants nothing, ${scripts}`, async t => {
      const visitor = await Visitor.arrive(t, { javaScript })
      await visitor.page.goto(address(FORM))
      await visitor.page.getByLabel('Who').fill('Ada')
      await visitor.page.getByLabel('Who').press('Enter')
      await visitor.page.waitForURL('**/sent?who=Ada')
      assert.deepEqual(await visitor.cookieNames(), [])
      await visitor.page.goto(address(FORM))
      await visitor.page.getByRole('button', { name: 'Send' }).click()
      await visitor.page.waitForURL('**/sent?who=')
      assert.deepEqual(await visitor.cookieNames(), [])
    })

    for (const html of [FORM, FORM.replace('</form></main>', '')]) {
      test(`its button grants, ${html === FORM ? '' : 'in a form that is left open, '}${scripts}`, async t => {
        const visitor = await Visitor.arrive(t, { javaScript })
        await visitor.page.goto(address(html))
        const frame = visitor.page.waitForRequest('**/gated/film')
        await decide(visitor.page).click()
        await frame
        await jarSettles(visitor, ['consent'])
        assert.match((await visitor.cookie('consent')).value, /functionality:g$/)
        assert.equal(new URL(visitor.page.url()).pathname, '/page')
      })
    }
  }

  test('axe-core finds nothing', async t => {
    const visitor = await Visitor.arrive(t)
    await visitor.page.goto(address(FORM))
    await until('the placeholder', () => decide(visitor.page).isVisible())
    await visitor.page.evaluate(AXE)
    const found = await visitor.page.evaluate(async () => (await window.axe.run('[data-consent-placeholder]')).violations.map(({ id }) => id))
    assert.deepEqual(found, [])
  })

  test('it does not break the element around it', async t => {
    const visitor = await Visitor.arrive(t)
    const frame = '<iframe data-consent=functionality data-src=/gated/film></iframe>'
    for (const [open, close] of [['<p>', '</p>'], ['<a href=#>', '</a>'], ['<button>', '</button>'], ['<label>', '</label>'],
      ['<h2>', '</h2>'], ['<picture>', '</picture>'], ['<video>', '</video>'], ['<ul><li>', '</ul>'], ['<table><tr><td>', '</table>']]) {
      const id = open.replace(/(\w)>$|(\w) href=#>$/, '$1$2 id=around>').replace('<a id', '<a href=# id')
      await visitor.page.goto(address(`<!doctype html><title>x</title><body>${id}${frame}<i id=last></i>${close}`))
      const whole = await visitor.page.evaluate(() => !!document.querySelector('#around > #last') && !!document.querySelector('#around > [data-consent-placeholder]'))
      assert.ok(whole, open)
    }
  })
})
