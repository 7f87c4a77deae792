import type { Child } from "hono/jsx";
import type { CallError } from "../errors/call-error.ts";

/** A part of a page with its heading. */
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

/** The heading of a page, with what can be done there. */
export const Heading = ({ title, children }: { title: Child; children?: Child }) => (
  <div class="heading">
    <h1>{title}</h1>
    {children === undefined ? undefined : <div class="actions">{children}</div>}
  </div>
);

/** Nothing to show, and what to do next. */
export const Empty = ({ title, children }: { title: string; children?: Child }) => (
  <div class="empty">
    <p class="strong">{title}</p>
    {children}
  </div>
);

/** What went wrong, where it belongs. */
export const ErrorBox = ({ error, again }: { error: CallError; again?: string }) => (
  <div class="error-box" role="alert">
    <p class="strong">{error.title}</p>
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
