import { defineConfig } from 'vite';

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  build: { ssr: true, outDir: 'dist/legacy', rollupOptions: { input: ['src/main.ts', 'src/parallel.ts'] } },
  ssr: { noExternal: true },
});
