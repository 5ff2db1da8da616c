// What visitors do on the demo, with and without scripts.

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

/** Asks again until an answer is there, or says what the last one was. */
export async function until(what, ask, milliseconds = 5000) {
  const end = Date.now() + milliseconds
  let answer
  do {
    answer = await ask()
    if (answer) return answer
    await sleep(25)
  } while (Date.now() < end)
  assert.fail(`${what}: not within ${milliseconds} ms`)
}

/** The jar holds exactly these names, now or within a moment. */
export async function jarSettles(visitor, names) {
  const expected = [...names].sort()
  let found
  try {
    await until('the jar', async () => {
      found = await visitor.cookieNames()
      return found.join() === expected.join()
    })
  } catch {
    assert.deepEqual(found, expected)
  }
}

export const banner = page => page.locator('#consent-banner')
export const dialog = page => page.locator('dialog#consent-settings')
export const action = (scope, word) => scope.locator(`[data-consent-action="${word}"]`)

/** Presses a button of the banner and waits until it is gone. */
export async function decide(page, word) {
  await action(banner(page), word).click()
  await banner(page).waitFor({ state: 'hidden' })
}

/** Waits until the module drives the page. */
export const driven = page => page.waitForFunction(() => document.querySelector('[data-consent-driven]'))

/** Opens the settings from the page's own link: a dialog with scripts, a page without. */
export async function openSettings(page, javaScript = true) {
  await page.locator('footer [data-consent-action="settings"]').first().click()
  if (javaScript) {
    await dialog(page).waitFor({ state: 'visible' })
    return dialog(page)
  }
  await page.waitForURL(/\/consent(\?|$)/)
  return page.locator('body')
}

export async function withdraw(page, javaScript = true) {
  const settings = await openSettings(page, javaScript)
  const [response] = await Promise.all([
    page.waitForResponse(response => response.request().method() === 'POST'),
    settings.locator('button[value="withdraw"]').click(),
  ])
  return response
}

export async function chooseTheme(page, site, theme) {
  await page.goto(site.url('/preferences'))
  await page.locator(`input[name="theme"][value="${theme}"]`).check({ force: true })
  await Promise.all([
    page.waitForResponse(response => response.request().method() === 'POST'),
    page.locator('form.preferences button[type="submit"]').click(),
  ])
  await page.waitForURL(/\/preferences$/)
}

export const shownTheme = page => page.locator('html').getAttribute('data-theme')

/** Marks the document, so that a reload shows. */
export const mark = page => page.evaluate(() => void (window.markedByTest = true))
export const isMarked = page => page.evaluate(() => window.markedByTest === true)
