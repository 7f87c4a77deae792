interface ChooseProps {
  /** The id of the form that the chosen rows belong to. */
  form: string;
}

/** The head of the column in which rows are chosen. It chooses all rows of the page. */
export const ChooseHead = ({ form }: ChooseProps) => (
  <th class="choose">
    <input type="checkbox" class="js" data-all={form} aria-label="Choose all of this page" />
  </th>
);

/** Chooses one row. */
export const ChooseCell = ({ form, id }: ChooseProps & { id: string }) => (
  <td class="choose">
    <input type="checkbox" name="ids" value={id} form={form} aria-label={`Choose ${id}`} />
  </td>
);
