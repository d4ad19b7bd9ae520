import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, stop } from 'esbuild'

/** Older browsers lack newer CSS (light-dark(), :has()) but still show a readable page. */
const BROWSERS = ['chrome111', 'firefox113', 'safari16.4']

/** The texts of `style.css` and of `<island>.js`, bundled in memory from the sources. In the published package this module is replaced by one that
 * has them already (cli/pack.mjs), so that no bundler comes with it. */
export async function assetTexts(islands: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const scripts = islands.map((name) => [name, `islands/${name}.ts`])
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
    entryPoints: { ...Object.fromEntries(scripts), style: 'styles/style.css' },
    outdir: '.',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: BROWSERS,
    legalComments: 'none',
    logLevel: 'silent',
  })
  // esbuild has nothing more to build, so its process may end.
  await stop()
  return new Map(outputFiles.map((file) => [path.basename(file.path), file.text]))
}
