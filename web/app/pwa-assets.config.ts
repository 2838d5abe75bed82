import { defineConfig, minimal2023Preset } from "@vite-pwa/assets-generator/config";

const ACCENT = "#0f766e";
const filled = { padding: 0.2, resizeOptions: { background: ACCENT } };

export default defineConfig({
  headLinkOptions: { preset: "2023" },
  preset: {
    ...minimal2023Preset,
    maskable: { ...minimal2023Preset.maskable, ...filled },
    apple: { ...minimal2023Preset.apple, ...filled },
  },
  images: ["public/icon.svg"],
});
