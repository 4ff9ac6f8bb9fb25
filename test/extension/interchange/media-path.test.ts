import { expect, test } from "vitest";
import { decodeMediaPath, mediaNameOf } from "../../../extension/interchange/media-path.ts";

test.each([
  ["file://localhost/D%3a/Show%20Ep101/a%20b.wav", "D:/Show Ep101/a b.wav", "a b.wav"],
  ["file://localhost/D:/Show/a.wav", "D:/Show/a.wav", "a.wav"],
  ["file:///C%3A/x/y.wav", "C:/x/y.wav", "y.wav"],
  ["file:///c|/x/y.wav", "c:/x/y.wav", "y.wav"],
  ["file://localhost/Volumes/Media/t%C3%B6n.wav", "/Volumes/Media/tön.wav", "tön.wav"],
  ["file://localhost//Volumes/Media/x.wav", "/Volumes/Media/x.wav", "x.wav"],
  ["file:///Volumes/x/1%2B1%20%26%20%23.wav", "/Volumes/x/1+1 & #.wav", "1+1 & #.wav"],
  ["FILE://LOCALHOST/Volumes/x.wav", "/Volumes/x.wav", "x.wav"],
  ["file://server/share/x.wav", "//server/share/x.wav", "x.wav"],
  ["file:////server/share/x.wav", "//server/share/x.wav", "x.wav"],
  ["\\\\server\\share\\dir\\x.wav", "\\\\server\\share\\dir\\x.wav", "x.wav"],
  ["D:\\Show\\media\\x.wav", "D:\\Show\\media\\x.wav", "x.wav"],
  ["/Users/me/100%25.wav", "/Users/me/100%25.wav", "100%25.wav"],
  ["file:///Users/me/100%.wav", "/Users/me/100%.wav", "100%.wav"],
  ["file:///Users/me/50%25%20off.wav", "/Users/me/50% off.wav", "50% off.wav"],
  ["file:///m/%E4.wav", "/m/%E4.wav", "%E4.wav"],
  ["file:///m/o%CC%88.wav", "/m/ö.wav", "ö.wav"],
  ["relative\\dir\\x.wav", "relative\\dir\\x.wav", "x.wav"],
  ["", "", ""],
])("%s", (written, path, name) => {
  expect(decodeMediaPath(written)).toBe(path);
  expect(mediaNameOf(decodeMediaPath(written))).toBe(name);
});

test("a base name ends at either separator", () => {
  expect(mediaNameOf("D:\\a/b\\c.wav")).toBe("c.wav");
  expect(mediaNameOf("/a/b/")).toBe("b");
});
