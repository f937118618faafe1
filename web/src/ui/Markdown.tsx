import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";

import classes from "./Markdown.module.css";

// Text of models and webhooks: raw HTML in it stays text, and pictures, which would tell their server
// that somebody reads, become links.
const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ src, alt }) => (
    <a href={typeof src === "string" ? src : undefined} target="_blank" rel="noopener noreferrer nofollow">
      {alt || src}
    </a>
  ),
  // A heading inside an output is none of the page's.
  h1: ({ children }) => <p className={classes.h1}>{children}</p>,
  h2: ({ children }) => <p className={classes.h2}>{children}</p>,
  h3: ({ children }) => <p className={classes.h3}>{children}</p>,
  h4: ({ children }) => <p className={classes.h3}>{children}</p>,
  h5: ({ children }) => <p className={classes.h3}>{children}</p>,
  h6: ({ children }) => <p className={classes.h3}>{children}</p>,
  input: ({ checked }) => <span aria-hidden>{checked ? "☑" : "☐"}</span>,
};

/** Markdown, rendered without anything that could act. */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.markdown}>
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
