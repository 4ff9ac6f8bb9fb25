import { describe, expect, test } from "vitest";
import { htmlReport } from "../../../extension/session/html-report.ts";
import type { MixReport, ReportStem } from "../../../extension/session/mix-report.ts";

const hostile = `</script><img src=x onerror="alert(1)"> 'q' & \u202eevil\u0001`;
const base = { frameRate: "25", dropFrame: false, startTicks: "0" };

const stem = (name: string): ReportStem => ({
  name,
  role: null,
  file: `/out/${name}.wav`,
  sha256: "00",
  sampleRate: 48_000,
  channels: 2,
  frames: 96_000,
  measures: {
    integratedLufs: name === "FX" ? null : -23.04,
    maxMomentaryLufs: -18,
    maxShortTermLufs: -20,
    loudnessRangeLu: 5,
    truePeakDbtp: -1.26,
    samplePeakDbfs: -1.5,
    durationSeconds: 2,
    sampleRate: 48_000,
    channels: 2,
  },
});

const report = (changes: Partial<MixReport> = {}): MixReport => ({
  ok: true,
  exitCode: 0,
  document: { path: "/x/a.mix.json", hash: "sha256:00" },
  sequence: { name: "Reel", sampleRate: 48_000, frames: 96_000, durationSeconds: 2, frameRate: "25" },
  clips: [
    {
      id: "clp_a",
      name: "Take 1",
      media: "a.wav",
      track: "A1",
      role: "dialogue",
      roleEvidence: ["clip name has DX"],
      startTicks: "254016000000",
      durationTicks: "254016000000",
      sourceInTicks: "0",
      enabled: true,
    },
  ],
  stems: [stem("DX"), stem("FX")],
  mix: stem("MIX"),
  target: {
    profile: "ebu-r128",
    verdict: "pass",
    limits: { integratedLufs: -23 },
    measured: { integratedLufs: -23.04 },
  },
  decisions: [
    {
      id: "dec_a",
      rule: "dialogue-level",
      subject: "clp_a",
      measured: -30,
      threshold: -23,
      unit: "LUFS",
      change: "+7 dB",
    },
  ],
  placed: [
    {
      trackName: "Premix DX",
      trackIndex: 7,
      file: "/out/DX.wav",
      startTicks: "0",
      endTicks: "508032000000",
      readBack: true,
    },
  ],
  warnings: ["Mind the gap"],
  ...changes,
});

describe("the HTML report", () => {
  test("shows stems, verdict, clips with timecode, decisions with the clip's name, tracks and warnings", () => {
    const html = htmlReport(report(), base);
    for (const text of [
      "-23.0 LUFS",
      "-1.3 dBTP",
      "silent",
      "PASS",
      "00:00:01:00",
      "Take 1",
      "+7 dB",
      "A8",
      "Mind the gap",
    ]) {
      expect(html).toContain(text);
    }
  });

  test("needs nothing from elsewhere: no script, link, image or address", () => {
    const html = htmlReport(report(), base);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|https?:|@import|url\(/i);
    expect(html).toContain("default-src 'none'");
  });

  test("a hostile name is text wherever it stands", () => {
    const html = htmlReport(
      report({
        sequence: { ...report().sequence, name: hostile },
        warnings: [hostile],
        clips: report().clips.map((clip) => ({ ...clip, name: hostile, media: hostile, roleEvidence: [hostile] })),
        decisions: [
          { id: "d", rule: hostile, subject: hostile, measured: null, threshold: null, unit: "", change: hostile },
        ],
      }),
      base,
    );
    expect(html).not.toMatch(/<img|<\/script>|onerror="/);
    expect(html).toContain("&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &#39;q&#39; &amp;");
    for (const sign of ["\u202e", "\u0001"]) expect(html).not.toContain(sign);
  });
});
