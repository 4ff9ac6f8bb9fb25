import { canonicalText } from "../../../schema/canonical.ts";
import type { Automation, MixDocument } from "../../../schema/generated/mix-document.ts";
import { parseJsonText } from "../../../schema/json-text.ts";
import type { LayerKind, LayerSource, Members } from "../../../schema/layers/layer.ts";
import { resolveDocument } from "../../../schema/layers/resolve.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { checkDocument, upgradeDocument } from "../../../schema/validate.ts";
import { clipFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";

const TRACKS = 40;
const CLIPS = 100;
const POINTS = 10;
const CLIP_SECONDS = 72;
const ROUNDS = 15;

const automation: Automation = {
  param: "volumeDb",
  timebase: "clip",
  points: Array.from({ length: POINTS }, (_, index) => [String(index * 10_000_000), -index * 1.5, "linear"]),
};

const longFilm = (): MixDocument => {
  const clipOf = (track: number, index: number) =>
    clipFixture({
      id: `clp_${track}_${index}`,
      media: null,
      startTicks: secondsToTicks(index * CLIP_SECONDS),
      automation: [automation],
      host: { premiere: { itemGuid: "0123456789abcdef0123456789abcdef0123" } },
    });
  const tracks = Array.from({ length: TRACKS }, (_, track) => {
    const clips = Array.from({ length: CLIPS }, (__, index) => clipOf(track, index));
    return trackFixture({ id: `trk_${track}`, order: track, clips });
  });
  const sequence = { ...minimalDocument().sequence, durationTicks: secondsToTicks(CLIPS * CLIP_SECONDS) };
  return minimalDocument({ sequence, tracks });
};

const source = (kind: LayerKind, layer: Members, locked: readonly string[] = []): LayerSource => {
  return { kind, name: kind, layer, file: null, inFile: (pointer) => pointer, locked };
};

/** A house with a chain on every dialogue track and a lock, and a project that turns one of its knobs. */
const below = [
  source(
    "house",
    { "[dialogue]": { track: { processors: [{ id: "prc_comp", type: "compressor", thresholdDb: -24 }] } } },
    ["/[dialogue]/track/processors/prc_comp/thresholdDb"],
  ),
  source("project", { "[dialogue]": { track: { processors: [{ id: "prc_comp", ratio: 3 }] } } }),
];
/** The same, and an insert on each of the 4,000 clips. */
const withClipChains = [...below, source("project", { clip: { processors: [{ id: "prc_trim", type: "gain" }] } })];

const must = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T => {
  if (result.ok) return result.value;
  throw new Error("The bench's own document is not valid.");
};

const text = canonicalText(longFilm());

const round = (layers: readonly LayerSource[]): readonly number[] => {
  const times = [performance.now()];
  const data = must(parseJsonText(text, "film.mix.json"));
  times.push(performance.now());
  const file = must(upgradeDocument(data));
  const { document } = resolveDocument([...layers, source("document", file)]);
  times.push(performance.now());
  must(checkDocument(document));
  times.push(performance.now());
  return [...times.slice(1).map((time, index) => time - times[index]!), times.at(-1)! - times[0]!];
};

const row = (name: string, times: readonly number[]) => {
  const [parse, resolve, check, all] = times.map((time) => time.toFixed(1).padStart(7));
  console.log(`${name.padEnd(34)} parse ${parse}  resolve ${resolve}  check ${check}  all ${all} ms`);
};

/** The first round, as a command line meets it, and the best of many, which load disturbs least. */
const bench = (name: string, layers: readonly LayerSource[]) => {
  const rounds = Array.from({ length: ROUNDS }, () => round(layers));
  row(`${name}, first`, rounds[0]!);
  row(`${name}, best`, [...rounds].sort((a, b) => a[3]! - b[3]!)[0]!);
};

console.log(`${TRACKS * CLIPS} clips, ${TRACKS * CLIPS * POINTS} points, ${(text.length / 1e6).toFixed(1)} MB`);
bench("no layers", []);
bench("house and project", below);
bench("the same, an insert on every clip", withClipChains);
