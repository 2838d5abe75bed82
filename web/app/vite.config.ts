import { fileURLToPath } from "node:url";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` passes tickets and sign-ins on to: a chat that `make run` serves. */
const LOCAL_RUN = process.env.CHAT_ORIGIN ?? "http://127.0.0.1:8080";

const pathTo = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      // The SDK's source rather than its build: the app is built, tested and served without an order to keep.
      "@chat-stack/sdk": pathTo("../sdk/src/index.ts"),
      "react-dom": "preact/compat",
      "react/jsx-runtime": "preact/jsx-runtime",
      react: "preact/compat",
    },
  },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // Libraries mark modules for servers that render React; there is no server here.
    rolldownOptions: { onwarn: (warning, warn) => warning.code !== "MODULE_LEVEL_DIRECTIVE" && warn(warning) },
  },
  server: {
    proxy: Object.fromEntries(["/ticket", "/cognito", "/config.json"].map((path) => [path, LOCAL_RUN])),
  },
  plugins: [
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src/offline",
      filename: "sw.ts",
      outDir: "dist",
      injectRegister: false,
      pwaAssets: { config: true, overrideManifestIcons: true, injectThemeColor: false },
      injectManifest: { globPatterns: ["**/*.{js,css,html,svg,png}"], rollupFormat: "iife" },
      manifest: {
        name: "Chat Stack",
        short_name: "Chat",
        description: "Rooms and direct messages.",
        id: "/",
        start_url: "/",
        display: "standalone",
        background_color: "#f7f6f3",
        theme_color: "#0f766e",
        categories: ["social", "productivity"],
      },
    }),
  ],
  test: { include: ["tests/**/*.test.{ts,tsx}"], restoreMocks: true },
});
