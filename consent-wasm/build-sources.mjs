// What the module is built from, read so that a change of anything else does not count.
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * The source files that have code in a module, by its line table: section `.debug_line`, DWARF 4, 6.2.
 *
 * @param {Uint8Array<ArrayBuffer>} wasm a module with line tables
 * @returns {string[]} paths as the compiler wrote them, sorted
 */
export function filesWithCode(wasm) {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), ".debug_line");
  if (!section) throw Error("the module has no line table");
  const bytes = new DataView(section);
  let at = 0;
  const u8 = () => bytes.getUint8(at++);
  const u16 = () => bytes.getUint16((at += 2) - 2, true);
  const u32 = () => bytes.getUint32((at += 4) - 4, true);
  const leb128 = () => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = u8();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const sleb128 = () => {
    const from = at;
    const value = leb128();
    const size = 128 ** (at - from);
    return value < size / 2 ? value : value - size;
  };
  const text = () => {
    const from = at;
    while (u8());
    return Buffer.from(section, from, at - 1 - from).toString();
  };

  const found = new Set();
  while (at < bytes.byteLength) {
    const end = u32() + at;
    const version = u16();
    if (version !== 4) throw Error(`the line table is of DWARF ${version}, not 4`);
    const program = u32() + at;
    at += 3;
    const lineBase = bytes.getInt8(at++);
    const lineRange = u8();
    const firstSpecial = u8();
    const operands = Array.from({ length: firstSpecial - 1 }, u8);
    const folders = [""];
    for (let folder; (folder = text()); ) folders.push(folder);
    const files = [""];
    for (let name; (name = text()); ) {
      const folder = folders[leb128()];
      files.push(folder ? `${folder}/${name}` : name);
      leb128(); // When it was modified.
      leb128(); // Its length.
    }

    at = program;
    let [file, line, isRemoved] = [1, 1, false];
    const row = () => {
      // What the compiler makes by itself has line 0.
      if (!isRemoved && line > 0) found.add(files[file]);
    };
    while (at < end) {
      const opcode = u8();
      if (opcode >= firstSpecial) {
        line += lineBase + ((opcode - firstSpecial) % lineRange);
        row();
      } else if (opcode === 1) {
        row();
      } else if (opcode === 0) {
        const next = leb128() + at;
        const extended = u8();
        if (extended === 1) [file, line, isRemoved] = [1, 1, false];
        // The linker gives functions that it removed no address.
        if (extended === 2) isRemoved = [0, 0xfffffffe, 0xffffffff].includes(u32());
        at = next;
      } else if (opcode === 3) line += sleb128();
      else if (opcode === 4) file = leb128();
      else if (opcode === 9) at += 2;
      else for (let left = operands[opcode - 1]; left > 0; left--) leb128();
    }
  }
  return [...found].sort();
}

const TOKEN =
  /\/\/[^\n]*|\/\*(?:[^/*]|\*(?!\/)|\/(?!\*)|\/\*(?:[^/*]|\*(?!\/)|\/(?!\*))*\*\/)*\*\/|\b[bc]?r(#*)"[^]*?"\1|"(?:\\[^]|[^"\\])*"|'(?:\\[^']+|[^'\\\n])'|\s+/g;

/** Rust without comments, layout and unit tests. */
export const code = (rust) =>
  rust
    .replace(/^#\[cfg\(test\)\]\n(?:#\[.*\n)*mod tests \{\n[^]*?^\}\n/gm, "")
    .replace(TOKEN, (token) => (/^\s|^\/[/*]/.test(token) ? " " : token))
    .replace(/ +/g, " ")
    .trim();

/** Definitions that other files may use although these give no code themselves. Fields of structs count where they are read. */
const DEFINITION =
  /^(?:#\[.*\n)*(?:pub(?:\(.*?\))? )?(?:const|static|enum) (?!fn)(\w+)(?:.*;$|[^]*?^[}\])]+;?$)/gm;

function* rustFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* rustFiles(path);
    else if (entry.name.endsWith(".rs")) yield path;
  }
}

/**
 * The text that counts: all of the files with code; of other files, the constants and enums that such text names.
 *
 * @param {string} root the workspace
 * @param {string[]} folders where its sources are
 * @param {string[]} withCode the files that have code in the module
 * @returns {string[]} sorted
 */
export function relevant(root, folders, withCode) {
  const parts = withCode.map((path) => `${path} ${code(readFileSync(join(root, path), "utf8"))}`);
  const others = new Map();
  for (const folder of folders) {
    for (const path of rustFiles(join(root, folder))) {
      if (withCode.includes(relative(root, path)) || /\/tests?[./]|\/testing\//.test(path)) continue;
      for (const [definition, name] of readFileSync(path, "utf8").matchAll(DEFINITION)) {
        others.set(name, [...(others.get(name) ?? []), code(definition)]);
      }
    }
  }
  for (const part of parts) {
    for (const [word] of part.matchAll(/\w+/g)) {
      parts.push(...(others.get(word) ?? []));
      others.delete(word);
    }
  }
  return parts.sort();
}
