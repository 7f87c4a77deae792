/** Limits of the routes of a configuration. */

/** The most routes of one configuration. @beyond The configuration is refused, with the place of the fault. */
export const MAX_ROUTES = 20_000;

/** The longest name of a route, in Unicode code points. @beyond The configuration is refused, with the place of the fault. */
export const MAX_ROUTE_NAME_LENGTH = 100;
