import broadcastNewsEbuHouse from "./broadcast-news-ebu/house.jsonc?raw";
import phoneInterview from "./broadcast-news-ebu/presets/phone-interview.mixpreset.jsonc?raw";
import reporterVoice from "./broadcast-news-ebu/presets/reporter-voice.mixpreset.jsonc?raw";
import broadcastNewsEbuSettings from "./broadcast-news-ebu/settings.jsonc?raw";
import podcastOnlineHouse from "./podcast-online/house.jsonc?raw";
import hostVoice from "./podcast-online/presets/host-voice.mixpreset.jsonc?raw";
import remoteGuest from "./podcast-online/presets/remote-guest.mixpreset.jsonc?raw";
import podcastOnlineSettings from "./podcast-online/settings.jsonc?raw";
import streamingDramaHouse from "./streaming-drama/house.jsonc?raw";
import productionDialogue from "./streaming-drama/presets/production-dialogue.mixpreset.jsonc?raw";
import sourceMusic from "./streaming-drama/presets/source-music.mixpreset.jsonc?raw";
import streamingDramaSettings from "./streaming-drama/settings.jsonc?raw";

/** A house that comes with Premix as an example: its name and its files, by path in the package. */
export type ShippedHouse = {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
};

/** Every shipped house. A new one is a folder beside this file and an entry here. */
export const shippedHouses: readonly ShippedHouse[] = [
  {
    name: "streaming-drama",
    files: [
      { path: "house.jsonc", text: streamingDramaHouse },
      { path: "settings.jsonc", text: streamingDramaSettings },
      { path: "presets/production-dialogue.mixpreset.jsonc", text: productionDialogue },
      { path: "presets/source-music.mixpreset.jsonc", text: sourceMusic },
    ],
  },
  {
    name: "broadcast-news-ebu",
    files: [
      { path: "house.jsonc", text: broadcastNewsEbuHouse },
      { path: "settings.jsonc", text: broadcastNewsEbuSettings },
      { path: "presets/reporter-voice.mixpreset.jsonc", text: reporterVoice },
      { path: "presets/phone-interview.mixpreset.jsonc", text: phoneInterview },
    ],
  },
  {
    name: "podcast-online",
    files: [
      { path: "house.jsonc", text: podcastOnlineHouse },
      { path: "settings.jsonc", text: podcastOnlineSettings },
      { path: "presets/host-voice.mixpreset.jsonc", text: hostVoice },
      { path: "presets/remote-guest.mixpreset.jsonc", text: remoteGuest },
    ],
  },
];
