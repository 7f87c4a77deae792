import type { Child } from "hono/jsx";
import { Status } from "./Status.tsx";

interface AlertRowProps {
  id: string;
  tone: string;
  mark: string;
  status?: string;
  title: Child;
  when?: Child;
  text: Child;
  children?: Child;
}

/** One thing that needs an operator: what, when, why, and the possible actions. */
export const AlertRow = ({ id, tone, mark, status = mark, title, when, text, children }: AlertRowProps) => (
  <li id={id} class={`alert t-${tone}`}>
    <Status name={mark} text={status} />
    <span class="alert-title">{title}</span>
    <span class="alert-when dim">{when}</span>
    <div class="alert-text">{text}</div>
    <span class="alert-do">{children}</span>
  </li>
);
