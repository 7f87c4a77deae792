import { Option } from "commander";

/** An option whose values a shell completes. It also accepts other values, or several, so they are not its `choices`. */
export class OptionOf extends Option {
  readonly values: readonly string[];
  /** Whether it accepts several of them, separated by commas. */
  readonly several: boolean;

  constructor(
    flags: string,
    help: string,
    { values, several = false }: { values: readonly string[]; several?: boolean },
  ) {
    super(flags, help);
    this.values = values;
    this.several = several;
  }
}
