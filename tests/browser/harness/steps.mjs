// Actions of visitors on the demo, with and without scripts.

import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

/** Every page of the demo and of the layer. */
export const PAGES = [
  '/',
  '/notes',
  '/notes/one-press',
  '/preferences',
  '/sign-in',
  '/embed/office-map',
  '/misbehaviour',
  '/misbehaviour/302',
  '/misbehaviour/404',
  '/misbehaviour/500',
  '/nowhere',
  '/consent',
  '/consent/policy',
  '/consent/policy/1',
]

/** The longest that anything may take, in milliseconds. A loaded machine with one core must keep this limit. */
export const LIMIT = 30_000

/**
 * Calls `ask` until it returns a truthy value, and returns that value. Fails after `LIMIT`.
 *
 * `ask` must not evaluate in a page that may navigate, and its errors are not caught: await the navigation first.
 */
export async function until(what, ask) {
  const end = Date.now() + LIMIT
  let answer
  do {
    answer = await ask()
    if (answer) return answer
    await sleep(25)
  } while (Date.now() < end)
  assert.fail(`${what}: not within ${LIMIT} ms`)
}

/** Waits until the jar holds exactly these names. */
export async function jarSettles(visitor, names) {
  const expected = [...names].sort()
  const end = Date.now() + LIMIT
  let found
  do {
    found = await visitor.cookieNames()
    if (found.join() === expected.join()) return
    await sleep(25)
  } while (Date.now() < end)
  assert.deepEqual(found, expected)
}

export const banner = page => page.locator('#consent-banner')
export const dialog = page => page.locator('dialog#consent-settings')
export const action = (scope, word) => scope.locator(`[data-consent-action="${word}"]`)

/** Waits for the response to the next decision that the page sends. Its cookies are in the jar then. */
export const decisionOf = page =>
  page.waitForResponse(response =>
    response.request().method() === 'POST' && new URL(response.url()).pathname === '/consent')

/** The contexts that run no scripts. */
export const withoutScripts = new WeakSet()
const hasScripts = page => !withoutScripts.has(page.context())

/**
 * Presses a control that decides, and returns the response. `navigates`: the next page has loaded then.
 */
export async function press(page, control, { navigates = !hasScripts(page) } = {}) {
  const [response] = await Promise.all([decisionOf(page), navigates && page.waitForEvent('load'), control.click()])
  return response
}

/** Presses a button of the banner. Waits for the response, and until the banner is gone. */
export async function decide(page, word) {
  // A press before the module drives the page would submit the form, and the page would go.
  if (hasScripts(page)) await ready(page)
  await press(page, action(banner(page), word))
  await banner(page).waitFor({ state: 'hidden' })
}

/** Waits until the module drives the page, and keeps its API in `window.consentOfTest`. */
export const ready = page => page.evaluate(async () => {
  const { default: init, consent } = await import('/consent/assets/consent.js')
  await init()
  window.consentOfTest = consent
})

/**
 * Waits until the page and its frames have loaded, and until the browser has done what their scripts asked it to
 * store.
 */
export async function storesSettle(page) {
  for (const frame of page.frames()) await frame.waitForLoadState('load')
  // The browser handles requests to one kind of storage in order. When these return, the earlier ones are
  // done.
  await page.evaluate(() => Promise.all([window.cookieStore?.getAll(), indexedDB.databases(), caches.keys()]))
}

/** Opens the settings from the page's own link: a dialog with scripts, a page without. */
export async function openSettings(page) {
  const javaScript = hasScripts(page)
  if (javaScript) await ready(page)
  await page.locator('footer [data-consent-action="settings"]').first().click()
  if (javaScript) {
    await dialog(page).waitFor({ state: 'visible' })
    return dialog(page)
  }
  await page.waitForURL(/\/consent(\?|$)/)
  return page.locator('body')
}

/**
 * Withdraws in the settings and returns the response.
 *
 * Waits until the next page has loaded if `reloads`: without scripts, and if a gated script ran that only a reload ends.
 * Otherwise waits until the dialog is closed: then the module has applied the decision, and the page stays.
 */
export async function withdraw(page, { reloads = !hasScripts(page) } = {}) {
  const settings = await openSettings(page)
  const response = await press(page, settings.locator('button[value="withdraw"]'), { navigates: reloads })
  if (!reloads) await dialog(page).waitFor({ state: 'hidden' })
  return response
}

export async function chooseTheme(page, site, theme) {
  await page.goto(site.url('/preferences'))
  await page.locator(`input[name="theme"][value="${theme}"]`).check({ force: true })
  await Promise.all([
    page.waitForEvent('load'),
    page.locator('form.preferences button[type="submit"]').click(),
  ])
}

export const shownTheme = page => page.locator('html').getAttribute('data-theme')

/** Marks the document, so that a reload shows. */
export const mark = page => page.evaluate(() => void (window.markedByTest = true))
export const isMarked = page => page.evaluate(() => window.markedByTest === true)
