import type {
  ConnectReply,
  EngineReply,
  HostFindings,
  MembersReply,
  RawLevelReply,
  ScratchReply,
  SequenceReply,
} from "../../schema/host-protocol.ts";
import { failureOf, type HostCalls } from "./host-calls.ts";

/** Members that the host scripts rely on, by the object that has them; checked for being there, never called. */
export const hostMembers: Readonly<Record<string, readonly string[]>> = {
  app: ["version", "build", "project", "enableQE", "production"],
  project: [
    ...["name", "path", "documentID", "rootItem", "sequences", "activeSequence"],
    ...["openSequence", "deleteSequence", "importFiles"],
  ],
  rootItem: ["name", "nodeId", "type", "children", "createBin", "renameBin", "deleteBin"],
  sequence: [
    "sequenceID",
    "name",
    "end",
    "zeroPoint",
    "timebase",
    "audioTracks",
    "projectItem",
    "getSettings",
    "clone",
  ],
  settings: ["audioChannelType", "audioSampleRate", "videoDisplayFormat"],
  tracks: ["numTracks", "length"],
  track: ["id", "name", "clips", "transitions", "isMuted", "setMute", "isLocked", "overwriteClip"],
  clip: [
    ...["name", "nodeId", "start", "end", "inPoint", "outPoint", "disabled", "projectItem", "components"],
    ...["getSpeed", "isSpeedReversed", "matchName"],
  ],
  time: ["seconds", "ticks"],
  item: [
    ...["name", "nodeId", "type", "getMediaPath", "isOffline", "isSequence", "isMulticamClip", "isMultiCamClip"],
    ...["getAudioChannelMapping", "setAudioChannelMapping"],
  ],
  component: ["matchName", "displayName", "properties"],
  param: ["isTimeVarying", "getValue", "setValue", "getKeys", "getValueAtKey"],
  qeProject: ["getActiveSequence", "undo", "undoStackIndex"],
  qeSequence: ["addTracks", "getAudioTrackAt", "removeAudioTrack"],
  qeTrack: ["setName"],
};

/** Changes the project for a moment, so it is sent once and only in the sequence that was open before. */
const tryScratch = async (calls: HostCalls): Promise<ScratchReply> => {
  const { documentId, sequenceId } = await calls.read<SequenceReply>("read.sequence");
  calls.expect = { documentId, sequenceId };
  const reply = await calls.send("check.scratch", {});
  if (reply.kind !== "answer") throw failureOf(reply);
  return reply.result as ScratchReply;
};

/** Everything that can be found out about a host by asking; needs an open sequence. */
export const examineHost = async (calls: HostCalls, scratch: boolean): Promise<HostFindings> => {
  const { appVersion, appBuild, qe } = await calls.read<ConnectReply>("connect");
  return {
    appVersion,
    appBuild,
    qe,
    engine: await calls.read<EngineReply>("check.engine"),
    members: await calls.read<MembersReply>("check.members", { members: hostMembers }),
    levels: await calls.read<readonly RawLevelReply[]>("check.levels"),
    scratch: scratch ? await tryScratch(calls) : null,
  };
};
