import htmx from "htmx.org/dist/htmx.min.js";
import uplot from "uplot/dist/uPlot.iife.min.js";
import uplotStyle from "uplot/dist/uPlot.min.css";
import chartScript from "../../../dist/browser/charts.browser.js";
import script from "../../../dist/browser/console.browser.js";
import live from "../../../dist/browser/live.browser.js";
import base from "./base.css";
import charts from "./charts.css";
import colors from "./colors.css";
import controls from "./controls.css";
import finding from "./finding.css";
import frame from "./frame.css";
import icon from "./icon.svg";
import ids from "./ids.css";
import json from "./json.css";
import { LANGUAGE_GUARD } from "./language-guard.ts";
import liveStyle from "./live.css";
import narrow from "./narrow.css";
import overview from "./overview.css";
import panels from "./panels.css";
import routes from "./routes.css";
import status from "./status.css";
import { STATUS_STYLE } from "./status-rules.ts";
import tables from "./tables.css";
import timeline from "./timeline.css";

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

/** The parts of one style file. Of equally specific rules, the later one wins. */
const STYLE = [
  colors,
  base,
  frame,
  panels,
  controls,
  status,
  STATUS_STYLE,
  ids,
  tables,
  overview,
  charts,
  timeline,
  json,
  routes,
  finding,
  liveStyle,
  narrow,
];

/** Every file for the browser, as text. */
export const ASSETS: Readonly<Record<AssetName, string>> = {
  "charts.browser.js": chartScript,
  "console.browser.js": script,
  "console.css": STYLE.join("\n"),
  "htmx.min.js": htmx,
  "icon.svg": icon,
  "live.browser.js": live,
  "uPlot.iife.min.js": LANGUAGE_GUARD + uplot,
  "uPlot.min.css": uplotStyle,
};
