#!/usr/bin/env node
// Checks that comments wrap where the code does: at `max_width` of rustfmt.toml, which rustfmt applies to code only.
//
//   comments.mjs                 checks
//   comments.mjs --fix [FILE…]   wraps the paragraphs that are too wide, in these files or in all
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.join(here, '../..')
const width = Number(/^max_width = (\d+)/m.exec(readFileSync(path.join(root, 'rustfmt.toml'), 'utf8'))[1])

/** A comment that fills its line: indentation with slashes, and the text. */
const COMMENT = /^(\s*\/\/[/!]?) ?(.*)$/
/** Lines that cannot be wrapped: rows of tables, definitions of links, commands of a shell, a single long word. */
const isWhole = text => /^\||^\$ |^\[[^\]]*\]: /.test(text) || !/\S\s+\S/.test(text.replace(/^([-*]|\d+\.) /, ''))
const isWide = line => {
  const found = COMMENT.exec(line)
  return found && [...line].length > width && !isWhole(found[2].trim())
}

/** Words, with code and addresses in one piece; what would begin a list or a heading stays on its line. */
const words = text =>
  text.match(/(?:`[^`]*`|[^\s`])+/g).reduce((all, word) => {
    if (all.length > 0 && /^(?:[-+*>]|#+|\d+[.)])$/.test(word)) all.push(`${all.pop()} ${word}`)
    else all.push(word)
    return all
  }, [])

function wrap(prefix, lines) {
  const [, marker] = /^(\s*(?:[-*] |\d+\. )?)/.exec(lines[0])
  const hanging = ' '.repeat(marker.length)
  const wrapped = []
  let line = prefix + (prefix ? ' ' : '') + marker
  let isEmpty = true
  for (const word of words([lines[0].slice(marker.length), ...lines.slice(1)].join(' '))) {
    if (!isEmpty && [...line, ' ', ...word].length > width) {
      wrapped.push(line)
      line = `${prefix} ${hanging}`
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...wrapped, line]
}

/** The text with its wide paragraphs wrapped. Code in documentation is left alone. */
export function fix(source) {
  const out = []
  let paragraph = []
  let prefix = ''
  let isCode = false
  const end = () => {
    const texts = paragraph.map(line => COMMENT.exec(line)[2])
    out.push(...(paragraph.some(isWide) ? wrap(prefix, texts) : paragraph))
    paragraph = []
  }
  for (const line of source.split('\n')) {
    const [, slashes, text] = COMMENT.exec(line) ?? []
    const isFence = /^\s*```/.test(text ?? '')
    const isApart = /^\s*$|^#|^\||^\[[^\]]*\]: /.test(text ?? '')
    if (slashes !== prefix) end()
    if (slashes === undefined || isFence || isCode || isApart) {
      end()
      if (slashes === undefined) isCode = false
      if (isFence) isCode = !isCode
      out.push(line)
    } else {
      if (/^\s*(?:[-*] |\d+\. )/.test(text)) end()
      paragraph.push(line)
    }
    prefix = slashes ?? ''
  }
  end()
  return out.join('\n')
}

const files = () => execFileSync('git', ['ls-files', '*.rs'], { cwd: root, encoding: 'utf8' }).trim().split('\n')

if (process.argv[2] === '--fix') {
  for (const file of process.argv.length > 3 ? process.argv.slice(3) : files().map(file => path.join(root, file))) {
    const source = readFileSync(file, 'utf8')
    const fixed = fix(source)
    if (fixed !== source) writeFileSync(file, fixed)
  }
} else {
  const wide = files().flatMap(file =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (isWide(line) ? [`${file}:${index + 1}`] : [])),
  )
  if (wide.length > 0) {
    console.error(`These comment lines are wider than ${width} columns:\n  ${wide.join('\n  ')}`)
    process.exitCode = 1
  }
}
