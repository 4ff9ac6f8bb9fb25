import broadcastVoice from "./broadcast-voice.mixpreset.jsonc?raw";
import musicUnder from "./music-under.mixpreset.jsonc?raw";
import nextRoom from "./next-room.mixpreset.jsonc?raw";
import phone from "./phone.mixpreset.jsonc?raw";
import radio from "./radio.mixpreset.jsonc?raw";
import voiceCleanUp from "./voice-clean-up.mixpreset.jsonc?raw";

/** A preset that comes with Premix: its name and its JSONC text. */
export type ShippedPreset = { readonly name: string; readonly text: string };

/** Every shipped preset, by name. A new one is a file beside this one and a line here. */
export const shippedPresets: readonly ShippedPreset[] = [
  { name: "broadcast-voice", text: broadcastVoice },
  { name: "music-under", text: musicUnder },
  { name: "next-room", text: nextRoom },
  { name: "phone", text: phone },
  { name: "radio", text: radio },
  { name: "voice-clean-up", text: voiceCleanUp },
];
