import type { Child } from "hono/jsx";
import type { CallError } from "../errors/call-error.ts";

/** A part of a page, with its heading. */
export const Panel = ({
  title,
  id,
  aside,
  children,
}: {
  title: string;
  id: string;
  aside?: Child;
  children?: Child;
}) => (
  <section class="panel" id={id} aria-labelledby={`${id}-title`}>
    <header>
      <h2 id={`${id}-title`}>{title}</h2>
      {aside === undefined ? undefined : <div class="aside">{aside}</div>}
    </header>
    {children}
  </section>
);

interface HeadingProps {
  title: Child;
  /** What the page belongs to, shown above the title. */
  eyebrow?: Child;
  /** The actions of the page. */
  children?: Child;
}

/** The heading of a page, with its actions. */
export const Heading = ({ title, eyebrow, children }: HeadingProps) => (
  <div class="heading">
    <div>
      {eyebrow === undefined ? undefined : <p class="eyebrow">{eyebrow}</p>}
      <h1>{title}</h1>
    </div>
    {children === undefined ? undefined : <div class="actions">{children}</div>}
  </div>
);

/** Tells that there is nothing to show, and what to do next. */
export const Empty = ({ title, children }: { title: string; children?: Child }) => (
  <div class="empty">
    <p class="strong">{title}</p>
    {children}
  </div>
);

interface ErrorBoxProps {
  error: CallError;
  /** The URL of the page, to try it again. */
  again?: string;
  /** The heading above the box. The box does not repeat it. */
  under?: string;
}

/** Tells what went wrong, in the place of what is missing. */
export const ErrorBox = ({ error, again, under }: ErrorBoxProps) => (
  <div class="error-box" role="alert">
    {error.title === under ? undefined : <p class="strong">{error.title}</p>}
    {error.message === "" ? undefined : (
      <p>
        <code>[{error.code}]</code> {error.message}
      </p>
    )}
    {error.hint === undefined ? undefined : <p class="dim">{error.hint}</p>}
    {again !== undefined && error.retry ? (
      <p>
        <a class="button" href={again}>
          Try again
        </a>
      </p>
    ) : undefined}
  </div>
);

/** Names and values. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, Child])[] }) => (
  <dl class="facts">
    {facts.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
