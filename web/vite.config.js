// The page is built into the Python package, with the hash of its sources beside it.
import { execFileSync } from "node:child_process";
import { defineConfig } from "vite";

const recordSources = {
  name: "record-sources",
  closeBundle() {
    execFileSync("python3", ["sources_hash.py", "--write"], { stdio: "inherit" });
  },
};

export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/lasagna_relight/apps/studio/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
    rollupOptions: {
      output: { entryFileNames: "studio.js", assetFileNames: "[name][extname]" },
    },
  },
  plugins: [recordSources],
});
