import { transform } from 'esbuild';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [
    {
      // Vite 8 leaves standard decorators as they are, and Node cannot parse them: esbuild lowers them first.
      name: 'standard-decorators',
      enforce: 'pre',
      transform: {
        filter: { id: /\.ts$/, code: '@' },
        handler: (code, id) =>
          transform(code, { loader: 'ts', target: 'es2022', sourcefile: id, sourcemap: true }),
      },
    },
  ],
  build: { ssr: 'src/main.ts' },
  ssr: { noExternal: true },
});
