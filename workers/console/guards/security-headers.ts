import { secureHeaders } from "hono/secure-headers";
import { PLAIN_PAGE_STYLE_SOURCE } from "../errors/plain-page.tsx";

/**
 * Limits what the browser may do with an answer of the console: run and style it with the console's own files, and talk to the console. Payloads are
 * hostile. If one gets through escaping, it must not be able to run, to be framed, or to send anything away.
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
  // Not no-referrer: with that, browsers send "Origin: null" even with the console's own forms.
  referrerPolicy: "same-origin",
  xFrameOptions: "DENY",
  permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
});
