import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import importSort from "eslint-plugin-simple-import-sort";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts", "public", "eslint.config.js", "postcss.config.js"] },
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  hooks.configs.flat.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true },
    },
    plugins: { "import-sort": importSort },
    rules: {
      "import-sort/imports": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // The router's redirect and notFound are thrown, as its manual says.
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "max-lines": ["error", { max: 500 }],
      "no-console": "error",
    },
  },
);
