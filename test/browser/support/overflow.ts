import type { Page } from "playwright-core";

/** Everything that does not fit on a page as it is drawn, in texts that name the place. */
export async function overflowOf(page: Page): Promise<string[]> {
  // The charts are fitted at the next frame.
  return (await page.evaluate(
    `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve((${FIND})()))))`,
  )) as string[];
}

/** The tallest row of a table, in CSS pixels: two lines of text and the space around them. */
const MAX_ROW = 58;

const FIND = `() => {
  // One example of each fault of each kind of element.
  const examples = new Map();
  const found = { push: (text) => { const key = text.replaceAll(/[#"].*?( |$)|\\d+/g, ""); examples.set(key, examples.get(key) ?? text); } };
  const told = (element) => {
    const place = element.closest("[id]");
    return (place ? "#" + place.id.slice(0, 30) + " " : "") + element.tagName.toLowerCase() + (element.className ? "." + String(element.className.baseVal ?? element.className).replaceAll(" ", ".") : "") +
      ' "' + (element.textContent ?? "").trim().replaceAll(/\\s+/g, " ").slice(0, 40) + '"';
  };
  const visible = (element) => element.checkVisibility() && element.getClientRects().length > 0;
  const scrolls = (element) => element.closest(".scroll, pre, textarea, .table-scroll, .top nav, .tabs") !== null;

  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push("the page is " + root.scrollWidth + " px wide");

  // Whatever is beyond the edge of its panel, or of the page.
  for (const element of document.querySelectorAll("main *, header.top *")) {
    if (!visible(element) || scrolls(element) || element.closest(".hidden, svg, .plot, .menu-body, option") !== null) continue;
    const box = element.getBoundingClientRect();
    if (isClipped(element)) continue;
    const frame = element.closest(".panel, .chart, .tile, .rows, main, header.top").getBoundingClientRect();
    if (box.right > frame.right + 1 || box.left < frame.left - 1) found.push("sticks out by " + Math.round(Math.max(box.right - frame.right, frame.left - box.left)) + " px: " + told(element));
  }

  // What is cut is at hand: as a title, or in a box that scrolls.
  for (const element of document.querySelectorAll("main td, main th, main dd, main .tag, main summary, main h1, main h2, main b, main .alert-text, header.top *")) {
    if (!visible(element) || scrolls(element) || element.classList.contains("hidden")) continue;
    const style = getComputedStyle(element);
    // What is only heard is not cut.
    const isCut = element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1 && style.overflowX !== "visible" && style.display !== "inline";
    if (isCut && element.title === "") found.push("is cut without a title: " + told(element));
  }

  // Text has room for its words.
  for (const element of document.querySelectorAll("main .alert > *, main dd, main p")) {
    if (!visible(element) || scrolls(element) || element.classList.contains("hidden")) continue;
    const { width, height } = element.getBoundingClientRect();
    if (width < 110 && height > 90) found.push("is squeezed into " + Math.round(width) + " px: " + told(element));
  }

  // Ids are read in one go.
  for (const code of document.querySelectorAll("main .id code")) {
    if (!visible(code)) continue;
    const range = document.createRange();
    range.selectNodeContents(code);
    const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    if (lines > (code.textContent.length > 8 ? 2 : 1)) found.push(lines + " lines: " + told(code));
  }

  // What is compared is shown whole.
  for (const table of document.querySelectorAll("main table.rows:not(.compare)")) {
    const head = table.tHead?.rows[0];
    const isTable = head !== undefined && getComputedStyle(table).display === "table" && visible(table);
    if (!isTable) continue;
    for (const row of table.tBodies[0]?.rows ?? []) {
      const height = Math.round(row.getBoundingClientRect().height);
      if (height > ${MAX_ROW}) found.push("a row of " + height + " px: " + told(row));
    }
    // Heads stand over what they are of: by the left edge of their text, or by the right one of numbers.
    const first = [...(table.tBodies[0]?.rows ?? [])].find(visible);
    for (const [index, th] of [...head.cells].entries()) {
      const td = first?.cells[index];
      if (td === undefined || !visible(th) || !visible(td)) continue;
      const [one, other] = [th, td].map(extent);
      if (one === undefined || other === undefined) continue;
      const isNumber = th.classList.contains("num");
      const off = isNumber ? one.right - other.right : one.left - other.left;
      if (Math.abs(off) > 1.5) found.push("the head is " + Math.round(off) + " px beside its cells: " + told(th));
    }
  }

  // Text of one row stands on one line, whatever its font.
  for (const row of document.querySelectorAll("main table.rows tbody tr")) {
    if (getComputedStyle(row).display !== "table-row" || !visible(row)) continue;
    const middles = [...row.cells].map(firstLine).filter((middle) => middle !== undefined);
    const off = Math.max(...middles) - Math.min(...middles);
    if (row.getBoundingClientRect().height < 40 && off > 2.5) found.push("text " + off.toFixed(1) + " px off its line: " + told(row));
  }
  return [...examples.values()];

  /** Whether what is around it shows only a part of it: that part is looked at by itself. */
  function isClipped(element) {
    for (let around = element.parentElement; around !== null && around.tagName !== "MAIN"; around = around.parentElement)
      if (getComputedStyle(around).overflowX !== "visible") return true;
    return false;
  }

  /** The box of what is in a cell. */
  function extent(cell) {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const boxes = [...range.getClientRects()].filter(({ width }) => width > 1);
    if (boxes.length === 0) return undefined;
    const style = getComputedStyle(cell);
    const right = cell.getBoundingClientRect().right - Number.parseFloat(style.paddingRight);
    return { left: Math.min(...boxes.map((box) => box.left)), right: Math.min(right, Math.max(...boxes.map((box) => box.right))) };
  }

  /** The middle of the first text in a cell. */
  function firstLine(cell) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.data.trim() === "" || node.parentElement.closest(".hidden, summary, button") !== null) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getClientRects()[0];
      if (box !== undefined) return (box.top + box.bottom) / 2;
    }
    return undefined;
  }
}`;
