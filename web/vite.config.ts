import { promises as fs } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The server puts a fresh nonce in this place of every page it answers. */
const NONCE = "__CSP_NONCE__";
const COMPRESSIBLE = /\.(js|css|svg|json|txt|map)$/;
const SMALLEST_WORTH = 1024;

/** Writes `.gz` and `.br` beside what is worth it, so that the server never compresses. */
function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    async writeBundle(options, bundle) {
      const folder = options.dir ?? "dist";
      const names = Object.keys(bundle).filter((name) => COMPRESSIBLE.test(name));
      await Promise.all(names.map((name) => compress(path.join(folder, name))));
    },
  };
}

async function compress(file: string): Promise<void> {
  const content = await fs.readFile(file);
  if (content.length < SMALLEST_WORTH) return;
  const [zipped, brotli] = await Promise.all([
    promisify(gzip)(content, { level: 9 }),
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  ]);
  await Promise.all([fs.writeFile(`${file}.gz`, zipped), fs.writeFile(`${file}.br`, brotli)]);
}

const server = process.env.RUNWRIGHT_URL ?? "http://127.0.0.1:8700";

export default defineConfig({
  plugins: [react(), precompress()],
  html: { cspNonce: NONCE },
  build: {
    outDir: "../src/runwright/web/dist",
    emptyOutDir: true,
    target: "es2023",
    // Inlined files would be data: addresses, which the content security policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": server, "/healthz": server } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
