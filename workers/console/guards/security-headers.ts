import { secureHeaders } from "hono/secure-headers";
import { PLAIN_PAGE_STYLE_SOURCE } from "../errors/plain-page.tsx";

/**
 * What the browser may do with an answer of the console: run and style it with the console's own files, talk to the console, and nothing
 * else. Payloads are hostile; what slips through escaping must find no way to run, to be framed, or to send anything away.
 */
export const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", PLAIN_PAGE_STYLE_SOURCE],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // Not no-referrer: with that, browsers send "Origin: null" with the console's own forms.
  referrerPolicy: "same-origin",
  xFrameOptions: "DENY",
  permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
});
