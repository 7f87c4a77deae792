/**
 * A script that runs before uPlot, which creates a format for the browser's language when it loads. If that is not a valid language, such as
 * `en-US@posix` in a Chromium with `LANG=C.UTF-8`, the script sets it to English, so that charts are drawn.
 */
export const LANGUAGE_GUARD =
  'try{new Intl.NumberFormat(navigator.language)}catch{Object.defineProperty(navigator,"language",{value:"en",configurable:true})}\n';
