import { describe, expect, test } from "vitest";
import { isAllowedHost, webhookUrlFault } from "../../schema/config/destinations/webhook-url.ts";
import { readRetryAfter } from "../../workflows/kinds/retry-after.ts";
import { readStatus } from "../../workflows/kinds/webhook.ts";
import { failed } from "../../workflows/outcome.ts";

describe("a webhook's URL", () => {
  test.each([
    "https://example.com/hook?a=1",
    "https://example.com:8443/",
    "https://93.184.216.34/",
    "https://[2606:2800:220:1:248:1893:25c8:1946]/",
    "https://[2606:2800:220:1:248:1893:37.200.25.70]/",
    "https://[2A00:1450::1]/",
    "https://[3ffe::1]/",
    "https://bücher.example.com/",
    "https://example.com./",
    "https://svc.example.com/",
    "https://homer.mailbox.org/",
    "https://localhost.example.com/",
  ])("can be %s", (url) => {
    expect(webhookUrlFault(url)).toBeUndefined();
  });

  test.each([
    ["https://127.0.0.1/", "loopback"],
    ["https://127.1/", "loopback"],
    ["https://2130706433/", "loopback"],
    ["https://0x7f000001/", "loopback"],
    ["https://0x7f.0.0.1/", "loopback"],
    ["https://017700000001/", "loopback"],
    ["https://0177.0.0.1/", "loopback"],
    ["https://127.0.0.1./", "loopback"],
    ["https://①②⑦.0.0.1/", "loopback"],
    ["https://%31%32%37.0.0.1/", "loopback"],
    ["https://0/", "unspecified"],
    ["https://10.1.2.3/", "private"],
    ["https://172.16.0.1/", "private"],
    ["https://192.168.1.1/", "private"],
    ["https://0xc0a80101/", "private"],
    ["https://169.254.169.254/latest/meta-data", "linkLocal"],
    ["https://100.64.0.1/", "carrierGradeNat"],
    ["https://224.0.0.1/", "multicast"],
    ["https://255.255.255.255/", "broadcast"],
    ["https://[::1]/", "loopback"],
    ["https://[::]/", "unspecified"],
    ["https://[0:0:0:0:0:0:0:1]/", "loopback"],
    ["https://[::ffff:127.0.0.1]/", "loopback"],
    ["https://[::ffff:7f00:1]/", "loopback"],
    ["https://[::ffff:10.0.0.1]/", "private"],
    ["https://[fe80::1]/", "linkLocal"],
    ["https://[fd00::1]/", "uniqueLocal"],
    ["https://[64:ff9b::7f00:1]/", "rfc6052"],
    ["https://[64:ff9b:1::a00:1]/", "rfc6052"],
    ["https://[2002:7f00:1::]/", "6to4"],
    ["https://[2002:a00:1::1]/", "6to4"],
    ["https://[2001::1]/", "teredo"],
    ["https://[2001:0:a00:1::]/", "teredo"],
    ["https://[2001:db8::1]/", "reserved"],
    ["https://[3fff::1]/", "reserved"],
    ["https://[fec0::1]/", "deprecatedSiteLocal"],
    ["https://[::ffff:0:127.0.0.1]/", "rfc6145"],
    ["https://[::ffff:0:a00:1]/", "rfc6145"],
    ["https://[0:0:0:0:0:ffff:169.254.169.254]/", "linkLocal"],
    ["https://[0000:0000:0000:0000:0000:FFFF:C0A8:0101]/", "private"],
    // IPv4 in the form that RFC 4291 deprecated.
    ["https://[::127.0.0.1]/", "reserved"],
    ["https://[::7f00:1]/", "reserved"],
    ["https://[::10.0.0.1]/", "reserved"],
    ["https://[::a9fe:a9fe]/", "reserved"],
    ["https://[0:0:0:0:0:0:a00:1]/", "reserved"],
    ["https://[::2]/", "reserved"],
    // Addresses outside of the global unicast range, on both sides.
    ["https://[1fff:ffff::1]/", "reserved"],
    ["https://[4000::1]/", "reserved"],
    ["https://[100::1]/", "discard"],
    ["https://[5f00::1]/", "segmentRouting"],
    ["https://[ff02::1]/", "multicast"],
  ])("must not be %s", (url, range) => {
    expect(webhookUrlFault(url)).toBe(`must not be at a ${range} address`);
  });

  test.each([
    ["https://localhost/", "must not be at a private name"],
    ["https://LOCALHOST./", "must not be at a private name"],
    ["https://a.localhost:8080/", "must not be at a private name"],
    ["https://printer.local/", "must not be at a private name"],
    ["https://metadata.google.internal/", "must not be at a private name"],
    ["https://intranet/", "must not be at a private name"],
    ["https://kubernetes.default.svc/", "must not be at a private name"],
    ["https://kubernetes.default.svc.cluster.local/", "must not be at a private name"],
    ["https://router.home/", "must not be at a private name"],
    ["https://ROUTER.HOME./", "must not be at a private name"],
    ["https://router.home.arpa/", "must not be at a private name"],
    ["https://1.0.0.127.in-addr.arpa/", "must not be at a private name"],
    ["https://server.corp/", "must not be at a private name"],
    ["https://smtp.mail/", "must not be at a private name"],
    ["https://nas.lan/", "must not be at a private name"],
    ["https://wiki.private/", "must not be at a private name"],
    ["https://db.internal/", "must not be at a private name"],
    ["https://abcdefghijklmnop.onion/", "must not be at a private name"],
    ["https://name.alt/", "must not be at a private name"],
    ["https://hooks.test/", "must not be at a private name"],
    ["https://hooks.invalid/", "must not be at a private name"],
    ["https://hooks.example/", "must not be at a private name"],
    ["https://localhost../", "must be at a host name without empty parts"],
    ["https://localhost.../", "must be at a host name without empty parts"],
    ["https://127.0.0.1../", "must be at a host name without empty parts"],
    ["https://localhost\u3002\u3002/", "must be at a host name without empty parts"],
    ["https://example..com/", "must be at a host name without empty parts"],
    ["http://example.com/", "must be https, got http"],
    ["ftp://example.com/", "must be https, got ftp"],
    ["https://user:password@example.com/", "must contain no user and no password"],
    ["example.com/hook", "must be an absolute URL"],
    ["", "must be an absolute URL"],
  ])("must not be %s", (url, fault) => {
    expect(webhookUrlFault(url)).toBe(fault);
  });

  test("can use http and a private address in a local stack", () => {
    expect(webhookUrlFault("http://127.0.0.1:8080/", { insecure: true })).toBeUndefined();
    expect(webhookUrlFault("file:///etc/passwd", { insecure: true })).toBe("must be https, got file");
  });

  test.each([
    ["https://example.com/", ["example.com"], true],
    ["https://EXAMPLE.com./", ["example.com"], true],
    ["https://a.example.com/", ["*.Example.COM"], true],
    ["https://a.example.com/", ["example.com"], false],
    ["https://a.b.example.com/", ["*.example.com"], true],
    ["https://example.com/", ["*.example.com"], false],
    ["https://badexample.com/", ["*.example.com"], false],
    ["https://example.com.evil.net/", ["example.com", "*.example.com"], false],
    ["https://example.com/", [], false],
  ])("%s is allowed by the hosts %j: %s", (url, allowed, expected) => {
    expect(isAllowedHost(url, allowed)).toBe(expected);
  });
});

describe("a Retry-After", () => {
  const AT = Date.UTC(2026, 10, 28, 12, 0, 0);
  const read = (retryAfter: string, date?: string) => {
    const headers = new Headers({ "retry-after": retryAfter });
    if (date !== undefined) headers.set("date", date);
    return readRetryAfter(headers, AT);
  };

  test.each<[string, number]>([
    ["0", 0],
    ["120", 120],
    [" 5 ", 5],
    ["120.5", 120.5],
    ["007", 7],
    ["-5", 0],
    ["999999999", 31_536_000],
    ["99999999999999999999999", 31_536_000],
    [`1${"0".repeat(400)}`, 31_536_000],
    ["Sat, 28 Nov 2026 12:01:00 GMT", 60],
    ["Saturday, 28-Nov-26 12:01:00 GMT", 60],
    ["Sat Nov 28 12:01:00 2026", 60],
    ["Tue Dec  1 12:00:00 2026", 3 * 86_400],
    ["sat, 28 nov 2026 12:01:00 gmt", 60],
    ["Sat, 28 Nov 2026 11:00:00 GMT", 0],
    // More than 50 years ahead for a reader of today, so it means the previous century.
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
    ["Thu, 31 Dec 2026 23:59:60 GMT", 33 * 86_400 + 12 * 3_600],
    ["Fri, 28 Nov 2126 12:00:00 GMT", 31_536_000],
  ])("of %j means %d seconds", (header, seconds) => {
    expect(read(header)?.seconds).toBe(seconds);
  });

  test.each([
    "soon",
    "",
    "1e3",
    "0x10",
    "5 s",
    "NaN",
    "Sat, 31 Nov 2026 12:00:00 GMT",
    "2026-11-28T12:01:00Z",
    "Sat, 28 Nov 2026 25:00:00 GMT",
  ])("of %j cannot be read, which the reason says", (header) => {
    expect(read(header)).toEqual({
      seconds: undefined,
      said: `Retry-After ${JSON.stringify(header)} is not understood`,
    });
  });

  test("with a date is compared with the answer's own clock, even if that is an hour off", () => {
    expect(read("Sat, 28 Nov 2026 11:01:00 GMT", "Sat, 28 Nov 2026 11:00:00 GMT")?.seconds).toBe(60);
    expect(read("Sat, 28 Nov 2026 13:01:00 GMT", "Saturday, 28-Nov-26 13:00:00 GMT")?.seconds).toBe(60);
    expect(read("Sat, 28 Nov 2026 12:01:00 GMT", "today")?.seconds).toBe(60);
  });

  test("is not required", () => {
    expect(readRetryAfter(new Headers(), AT)).toBeUndefined();
  });

  test.each<[string, string, number | undefined]>([
    ["120.5", "answered 503, Retry-After: 120.5 s", 120.5],
    ["99999999999", "answered 503, Retry-After: 31536000 s, the longest wait", 31_536_000],
    ["x".repeat(60), `answered 503, Retry-After "${"x".repeat(40)}" is not understood`, undefined],
  ])("of %j is mentioned in the reason of the execution", (header, reason, seconds) => {
    const outcome = readStatus({ status: 503, headers: new Headers({ "retry-after": header }) });
    expect(outcome).toEqual({ ...failed(reason), ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) });
  });
});

test("a redirect's reason says that it is not followed, and no other's does", () => {
  const reasons = [299, 300, 399, 400].map((status) => readStatus({ status, headers: new Headers() }).reason);
  const redirect = (status: number) => `answered ${status}, but redirects are not followed`;
  expect(reasons).toEqual([null, redirect(300), redirect(399), "answered 400"]);
});

test.each([
  [200, "complete", "terminal-by-consumer"],
  [204, "complete", "terminal-by-consumer"],
  [299, "complete", "terminal-by-consumer"],
  [301, "failed", "retryable"],
  [401, "failed", "retryable"],
  [410, "failed", "terminal-by-consumer"],
  [500, "failed", "retryable"],
  [501, "failed", "terminal-by-consumer"],
])("an answer of %i means %s, %s", (status, result, retry) => {
  expect(readStatus({ status, headers: new Headers() })).toMatchObject({ result, retry });
});
