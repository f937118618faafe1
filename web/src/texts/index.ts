import { en } from "./en";

/** The words of the app. Another language is another object of this form. */
export type Texts = typeof en;

/** The words as they are shown. */
export const t: Texts = en;

/** The language that dates and numbers are written in. */
export const locale = "en";
