// Starts and stops the demo site.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { LIMIT } from './steps.mjs'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

let built
/** The folder of the built programs, wherever the user's settings put it. */
export function programs() {
  built ??= JSON.parse(
    execFileSync('cargo', ['metadata', '--no-deps', '--offline', '--format-version=1'], { cwd: root, encoding: 'utf8' }),
  ).target_directory
  return path.join(built, 'debug')
}

/**
 * Starts a program that prints `http://127.0.0.1:PORT` when it listens.
 *
 * @param {string} program the name of a built program
 * @param {Record<string, string>} env
 */
export async function start(program, env = {}) {
  const child = spawn(path.join(programs(), program), [], {
    cwd: root,
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines = []
  const origin = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', line => {
        lines.push(line)
        const address = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(line)
        if (address) resolve(address[0])
      })
    }
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${program} ended with ${code}:\n${lines.join('\n')}`)))
    setTimeout(() => reject(new Error(`${program} printed no address:\n${lines.join('\n')}`)), LIMIT).unref()
  })
  return {
    origin,
    /** Whether the consent cookie is `__Host-consent`. */
    secure: env.HTTPS_COOKIES === '1',
    consentCookie: env.HTTPS_COOKIES === '1' ? '__Host-consent' : 'consent',
    url: address => new URL(address, origin).href,
    log: lines,
    async stop() {
      if (child.exitCode !== null) return
      child.kill()
      await once(child, 'exit')
    },
  }
}

/** The demo, over plain http as `cargo run` has it, or with the cookies of https. */
export const startSite = ({ secure = false, env = {} } = {}) =>
  start('site', secure ? { HTTPS_COOKIES: '1', ...env } : env)
