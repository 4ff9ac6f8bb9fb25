import { describe, expect, test } from "vitest";
import type { ClipAnalysis } from "../../../engine/measures.ts";
import { decideRole, type RoleFacts } from "../../../extension/session/roles.ts";

const silence = {
  integratedLufs: null,
  maxMomentaryLufs: null,
  maxShortTermLufs: null,
  loudnessRangeLu: null,
  truePeakDbtp: null,
  samplePeakDbfs: null,
  durationSeconds: 4,
  sampleRate: 48000,
  channels: 1,
};

const heard = (speechRatio: number, musicLikelihood: number): ClipAnalysis => ({
  clipId: "clp_a",
  measures: silence,
  speechLufs: null,
  speechRatio,
  noiseFloorLufs: -60,
  musicLikelihood,
});

const facts = (name: string, more: Partial<RoleFacts> = {}): RoleFacts => ({
  essentialSound: null,
  trackName: "Audio 1",
  clipName: name,
  mediaPath: `D:\\Show\\media\\${name}`,
  durationSeconds: 4,
  analysis: null,
  ...more,
});

describe("the role of a clip", () => {
  test.each([
    ["A012_BOOM.wav", "dialogue"],
    ["CAM_B004.mp4", "dialogue"],
    ["VO_take4.flac", "dialogue"],
    ["Cue_07.mp3", "music"],
    ["AMB_room_tone.flac", "ambience"],
    ["SFX_door.aif", "effects"],
    ["SFX_glass.wav", "effects"],
    ["SFX_step.wav", "effects"],
    ["Sting.ogg", "music"],
    ["RoomTone kitchen.wav", "ambience"],
    ["Voice Over EN.wav", "dialogue"],
    ["Lav2_scene4.wav", "dialogue"],
    ["Musique générique.wav", "music"],
    ["Geräusch Tür.wav", "effects"],
    ["Atmo Straße.wav", "ambience"],
    ["diálogo 3.wav", "dialogue"],
    ["効果音_12.wav", "effects"],
    ["音乐.wav", "music"],
    ["A001C003_240101_R2X4.mov", "dialogue"],
    ["MVI_0042.mp4", "dialogue"],
  ])("%s is %s by its name", (name, role) => {
    expect(decideRole(facts(name)).role).toBe(role);
  });

  test("a music word in the clip's name beats an effects track, and the reason says so", () => {
    const verdict = decideRole(facts("Sting.ogg", { trackName: "FX 1" }));
    expect(verdict.role).toBe("music");
    expect(verdict.evidence[0]).toContain('"sting"');
  });

  test("a thing's name on a track of another role follows the track", () => {
    expect(decideRole(facts("Bell.wav", { trackName: "MX" })).role).toBe("music");
    expect(decideRole(facts("boom_far.wav", { trackName: "SFX 2" })).role).toBe("effects");
  });

  test("the first word of a name is the convention: AMB_door is an ambience", () => {
    expect(decideRole(facts("AMB_door.wav")).role).toBe("ambience");
    expect(decideRole(facts("SFX_music_box.wav")).role).toBe("effects");
  });

  test("an Essential Sound type outranks every name", () => {
    const verdict = decideRole(facts("Cue_07.mp3", { essentialSound: "dialogue" }));
    expect(verdict).toEqual({
      role: "dialogue",
      source: "premiere.essentialSound",
      evidence: ["Essential Sound type is dialogue"],
    });
  });

  test.each([
    { name: "001.wav", speech: 0.7, music: 0.1, seconds: 20, role: "dialogue" },
    { name: "002.wav", speech: 0.1, music: 0.9, seconds: 60, role: "music" },
    { name: "003.wav", speech: 0, music: 0.1, seconds: 0.6, role: "effects" },
    { name: "004.wav", speech: 0, music: 0.2, seconds: 70, role: "ambience" },
    { name: "clip.mp4", speech: 0, music: 0.9, seconds: 70, role: "music" },
  ])("without a telling name, $name of $seconds s with $speech speech and $music music is $role", (row) => {
    const analysis = heard(row.speech, row.music);
    const verdict = decideRole(facts(row.name, { analysis, durationSeconds: row.seconds }));
    expect(verdict.role).toBe(row.role);
    expect(verdict.evidence.length).toBeGreaterThan(0);
  });

  test("when nothing tells, the clip is dialogue by default and says that it is a default", () => {
    expect(decideRole(facts("001.wav")).source).toBe("default");
  });
});
