import { channelCount } from "../channel-layout.ts";
import type { MixDocument } from "../generated/mix-document.ts";
import type { Problem } from "../problem.ts";
import { type Places, wrong } from "./places.ts";

/** Clips whose channels do not fit their track or their media. */
export const checkChannels = (document: MixDocument, { clips }: Places): readonly Problem[] => {
  const layouts = new Map(document.tracks.map(({ id, layout }) => [id, layout]));
  return clips.flatMap(({ item, pointer, node }) => {
    const layout = layouts.get(node)!;
    const wanted = channelCount(layout);
    const available = item.media === null ? null : (document.media[item.media]?.channels ?? null);
    const problems: Problem[] = [];
    if (item.media !== null && (item.channels.length < 1 || item.channels.length > wanted)) {
      problems.push(
        wrong(
          `${pointer}/channels`,
          `Clip ${item.id} names ${item.channels.length} source channels, but its track is ${layout}: name 1 to ${wanted}.`,
          { subjects: [node] },
        ),
      );
    }
    const beyond = item.channels.findIndex((channel) => available !== null && channel >= available);
    if (beyond >= 0) {
      problems.push(
        wrong(
          `${pointer}/channels/${beyond}`,
          `Clip ${item.id} takes source channel ${item.channels[beyond]}, but its media has 0 to ${available! - 1}.`,
          { subjects: [item.media!] },
        ),
      );
    }
    if (item.channelGainsDb !== undefined && item.channelGainsDb.length !== item.channels.length) {
      problems.push(
        wrong(
          `${pointer}/channelGainsDb`,
          `Clip ${item.id} has ${item.channelGainsDb.length} channel gains for ${item.channels.length} channels: give one for each.`,
          { subjects: [node] },
        ),
      );
    }
    return problems;
  });
};
