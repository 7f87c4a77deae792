import { Option } from "commander";

/** An option with values that a shell completes; it takes others too, or several, so that they are no `choices`. */
export class OptionOf extends Option {
  readonly values: readonly string[];
  /** It takes several of them, with commas. */
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
