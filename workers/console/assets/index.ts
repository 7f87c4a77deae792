import htmx from "htmx.org/dist/htmx.min.js";
import uplot from "uplot/dist/uPlot.iife.min.js";
import uplotStyle from "uplot/dist/uPlot.min.css";
import charts from "./charts.browser.js";
import script from "./console.browser.js";
import style from "./console.css";
import icon from "./icon.svg";
import live from "./live.browser.js";

/** The name of a file for the browser. */
export type AssetName =
  | "charts.browser.js"
  | "console.browser.js"
  | "console.css"
  | "htmx.min.js"
  | "icon.svg"
  | "live.browser.js"
  | "uPlot.iife.min.js"
  | "uPlot.min.css";

/** Every file for the browser, as text. */
export const ASSETS: Readonly<Record<AssetName, string>> = {
  "charts.browser.js": charts,
  "console.browser.js": script,
  "console.css": style,
  "htmx.min.js": htmx,
  "icon.svg": icon,
  "live.browser.js": live,
  "uPlot.iife.min.js": uplot,
  "uPlot.min.css": uplotStyle,
};
