import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./ui/global.css";

import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import { fetchPages } from "./routes/router";
import { pageNonce } from "./ui/nonce";

const REST_MS = 1_500;

// For the style element that keeps the page behind a dialog from scrolling.
setNonce(pageNonce());

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
// When the first page stands, the others may come.
window.addEventListener("load", () => window.setTimeout(fetchPages, REST_MS));

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
