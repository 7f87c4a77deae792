import type { Child } from "hono/jsx";

interface FieldProps {
  name: string;
  label: string;
  value: string;
  type?: string;
  placeholder?: string;
  /** The id of a `datalist`. */
  list?: string;
  wide?: boolean;
}

/** A labelled input with one line. */
export const Field = ({ name, label, value, type = "text", placeholder, list, wide }: FieldProps) => (
  <label class={wide ? "field wide" : "field"}>
    <span>{label}</span>
    <input
      type={type}
      name={name}
      value={value}
      autocomplete="off"
      spellcheck={false}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(list === undefined ? {} : { list })}
      {...(type === "datetime-local" ? { step: "1" } : {})}
    />
  </label>
);

interface ChoiceProps {
  name: string;
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
}

/** A labelled choice. */
export const Choice = ({ name, label, value, options }: ChoiceProps) => (
  <label class="field">
    <span>{label}</span>
    <select name={name}>
      {options.map(([option, text]) => (
        <option value={option} {...(option === value ? { selected: true } : {})}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

/** A query as hidden fields of a form. */
export const HiddenFields = ({ query }: { query: string }) => (
  <>
    {[...new URLSearchParams(query)].map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
);

/** Names to choose from. Other names can be typed. */
export const Names = ({ id, names }: { id: string; names: readonly string[] }) => (
  <datalist id={id}>
    {names.map((name) => (
      <option value={name} />
    ))}
  </datalist>
);

/** Links, of which one is the current page. */
export const Tabs = ({
  label,
  tabs,
}: {
  label: string;
  tabs: readonly { text: Child; href: string; current: boolean }[];
}) => (
  <nav class="tabs" aria-label={label}>
    {tabs.map(({ text, href, current }) => (
      <a href={href} {...(current ? { "aria-current": "true" as const } : {})}>
        {text}
      </a>
    ))}
  </nav>
);
