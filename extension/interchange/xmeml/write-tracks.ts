import { channelCount } from "../../../schema/channel-layout.ts";
import type { TimelineTrack } from "../timeline.ts";
import { element, leaves, type XmlPart } from "../xml-write.ts";
import {
  clipElement,
  type Share,
  sharesOf,
  transitionElement,
  type WriteContext,
  writtenClip,
  writtenName,
} from "./write-clips.ts";
import { frameTrack } from "./write-frames.ts";

const trackTypes: Readonly<Record<TimelineTrack["layout"], string>> = {
  mono: "Mono",
  stereo: "Stereo",
  "5.1": "5.1",
  "7.1": "7.1",
};

/** Pan or balance as Premiere leaves it on the track: 0 is left, 1 is right. */
const pannerAttributes = ({ layout, pan }: TimelineTrack): Record<string, string> => {
  const value = String(Number(((pan + 1) / 2).toFixed(8)));
  return {
    PannerCurrentValue: value,
    PannerIsInverted: "true",
    PannerStartKeyframe: `-91445760000000000,${value},0,0,0,0,0,0`,
    PannerName: layout === "mono" ? "Pan" : "Balance",
  };
};

/** Clip items and transitions in time order; a transition over a cut stands once, between its clips. */
const itemsOf = (
  shares: readonly { readonly share: Share; readonly row: readonly Share[] }[],
  track: TimelineTrack,
  firstTrack: number,
  context: WriteContext,
): XmlPart[] =>
  shares.flatMap(({ share, row }, index) => {
    const { before, after } = share.placed;
    const isWritten = before === null || shares[index - 1]?.share.placed.after === before;
    return [
      ...(isWritten ? [] : [transitionElement(before, context)]),
      clipElement(share, row, track, firstTrack, context),
      ...(after === null ? [] : [transitionElement(after, context)]),
    ];
  });

/** The exploded tracks of one track: one for each speaker, tied together by links. */
export const trackElements = (track: TimelineTrack, context: WriteContext): XmlPart[] => {
  const firstTrack = context.counts.tracks + 1;
  const count = channelCount(track.layout);
  context.counts.tracks += count;
  const named = { ...track, clips: track.clips.map((clip) => writtenClip(clip, context.tally)) };
  const rows = sharesOf(frameTrack(named, context.rate.rate, context.tally), track, context);
  const name = writtenName(track.name, context.tally);
  return Array.from({ length: count }, (_, speaker) => {
    const own = rows.flatMap((row) =>
      row.filter((share) => share.speaker === speaker).map((share) => ({ share, row })),
    );
    return element(
      "track",
      [
        ...itemsOf(own, track, firstTrack, context),
        ...leaves({ enabled: !track.muted, locked: track.locked, outputchannelindex: speaker + 1 }),
      ],
      {
        ...(name === "" ? {} : { "MZ.TrackName": name }),
        ...pannerAttributes(track),
        currentExplodedTrackIndex: String(speaker),
        totalExplodedTrackCount: String(count),
        premiereTrackType: trackTypes[track.layout],
      },
    );
  });
};
