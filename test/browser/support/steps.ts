import type { Page } from "playwright-core";

/** The clicks and typed texts of a user, one after the other, with their number. */
export class Steps {
  count = 0;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async click(role: "button" | "link", name: string | RegExp, within = "body"): Promise<void> {
    this.count++;
    await this.page.locator(within).getByRole(role, { name }).first().click();
  }

  async type(label: string | RegExp, text: string, enter = false): Promise<void> {
    this.count++;
    const field = this.page.getByLabel(label, { exact: true });
    await field.fill(text);
    if (enter) await field.press("Enter");
  }
}
