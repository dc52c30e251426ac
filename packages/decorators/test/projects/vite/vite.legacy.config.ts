import { defineConfig } from 'vite';

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  build: { ssr: 'src/main.ts', outDir: 'dist/legacy' },
  ssr: { noExternal: true },
});
