/* ES3. Reading clips. Premiere's main thread stands still meanwhile, so a page ends after 50 clips or 40 ms, whichever is first. */

/** Most clips of one page. */
var PAGE_CLIPS = 50;
/** Most volume keys of one page: about 25 ms per 100 keys in Premiere. */
var PAGE_KEYS = 100;
/** Time that one page may take, in ms. */
var PAGE_MS = 40;
/** Most characters of one page as it is encoded, by the estimate of `encodedCharacters`. */
var PAGE_CHARACTERS = 200000;
/**
 * Match names beyond the intrinsic ones; an intrinsic one that we cannot read whole is named with the reason.
 * @param {TrackItem} clip
 * @returns {string[]}
 */
function effectsOf(clip) {
  var list = [];
  /** @type {ComponentCollection | undefined} */
  var components = clip.components;
  for (var i = 0; components && i < components.numItems; i += 1) {
    var component = components[i];
    var name = component ? String(component.matchName) : "";
    if (name.indexOf("Internal Volume") === 0) {
      continue;
    }
    if (name.indexOf("Internal Channel Volume") !== 0) {
      list.push(name);
    } else if (component && isAnimated(component)) {
      list.push(name + " (animated)");
    }
  }
  return list;
}

/**
 * Asks a question that not every build of the host knows.
 * @param {any} item
 * @param {string[]} names the same question in the spellings that builds have
 * @returns {boolean}
 */
function asks(item, names) {
  for (var i = 0; i < names.length; i += 1) {
    var name = names[i];
    if (name && typeof item[name] === "function") {
      return item[name]() === true || item[name]() === 1;
    }
  }
  return false;
}

/**
 * Where a clip's sound comes from; synthetic items have no project item.
 * @param {TrackItem} clip
 */
function sourceOf(clip) {
  var item = clip.projectItem;
  if (!item) {
    return { mediaPath: "", offline: false, isSequence: false, isMulticam: false };
  }
  return {
    mediaPath: String(item.getMediaPath()),
    offline: asks(item, ["isOffline"]),
    isSequence: asks(item, ["isSequence"]),
    isMulticam: asks(item, ["isMulticamClip", "isMultiCamClip"])
  };
}

/**
 * @param {TrackItem} clip
 * @param {number} trackIndex
 * @param {number} clipIndex
 * @param {number} keyBudget keys that may still travel with this page
 * @returns {import("../schema/host-protocol.ts").ClipPageItem}
 */
function clipReply(clip, trackIndex, clipIndex, keyBudget) {
  var volume = volumeOf(clip);
  var channelVolume = componentByPrefix(clip, "Internal Channel Volume");
  var level = levelOf(volume);
  var times = isBypassed(volume) ? [] : keysOf(level);
  var source = sourceOf(clip);
  return {
    trackIndex: trackIndex,
    clipIndex: clipIndex,
    nodeId: String(clip.nodeId),
    name: String(clip.name),
    mediaPath: source.mediaPath,
    offline: source.offline,
    isSequence: source.isSequence,
    isMulticam: source.isMulticam,
    startTicks: String(clip.start.ticks),
    endTicks: String(clip.end.ticks),
    inTicks: String(clip.inPoint.ticks),
    outTicks: String(clip.outPoint.ticks),
    speed: Number(clip.getSpeed()),
    reversed: asks(clip, ["isSpeedReversed"]),
    disabled: clip.disabled === true,
    volumeDb: staticVolumeDb(volume, times.length),
    volumeKeys: level && times.length <= keyBudget ? keyReplies(level, times, 0, times.length) : [],
    keyCount: times.length,
    channelGainsDb: channelGains(channelVolume),
    channels: [],
    channelCount: channelCountOf(volume),
    effects: effectsOf(clip)
  };
}

/**
 * @param {number} trackIndex
 * @returns {Track}
 */
function audioTrackAt(trackIndex) {
  var track = openSequence().audioTracks[trackIndex];
  if (!track) {
    throw failure(
      "TRACK_GONE",
      "Audio track " + (trackIndex + 1) + " is no longer in the sequence. Read the sequence again."
    );
  }
  return track;
}

/** @returns {number} milliseconds of the host's clock */
function now() {
  return new Date().getTime();
}

/**
 * An upper estimate of what a clip takes on the wire: 8 characters for a letter beyond ASCII.
 * @param {import("../schema/host-protocol.ts").ClipPageItem} reply
 * @returns {number}
 */
function encodedCharacters(reply) {
  var texts = reply.name.length + reply.mediaPath.length + reply.effects.join("").length;
  return 1200 + 8 * texts + 90 * reply.volumeKeys.length;
}

/**
 * One page of a track's clips in timeline order.
 * @param {{track: number, from: number, count: number}} args
 * @returns {{result: import("../schema/host-protocol.ts").ClipPageReply, next?: {from: number}}}
 */
function readClips(args) {
  var clips = audioTrackAt(args.track).clips;
  var total = clips.numItems;
  var wanted = Math.min(args.count, PAGE_CLIPS);
  var started = now();
  var keys = 0;
  var characters = 0;
  var list = [];
  for (var i = args.from; i < total && list.length < wanted; i += 1) {
    var clip = clips[i];
    if (!clip) {
      throw failure("CLIP_GONE", "The track lost a clip while it was read. Read the sequence again.");
    }
    var reply = clipReply(clip, args.track, i, PAGE_KEYS - keys);
    list.push(reply);
    keys += reply.volumeKeys.length;
    characters += encodedCharacters(reply);
    if (characters > PAGE_CHARACTERS || now() - started > PAGE_MS) {
      break;
    }
  }
  return pageOf({ clips: list, total: total }, args.from + list.length, total);
}

/**
 * @template T
 * @param {T} result
 * @param {number} from
 * @param {number} total
 * @returns {{result: T, next?: {from: number}}}
 */
function pageOf(result, from, total) {
  return from < total ? { result: result, next: { from: from } } : { result: result };
}

/**
 * One page of a clip's volume keys, for lists too long to travel with the clip.
 * @param {{track: number, clip: number, from: number, count: number}} args
 * @returns {{result: import("../schema/host-protocol.ts").KeyframeReply[], next?: {from: number}}}
 */
function readKeys(args) {
  var clip = audioTrackAt(args.track).clips[args.clip];
  var level = clip ? levelOf(volumeOf(clip)) : null;
  if (!level) {
    throw failure("CLIP_GONE", "The clip whose volume keys were asked for is gone. Read the sequence again.");
  }
  var times = keysOf(level);
  var list = keyReplies(level, times, args.from, Math.min(args.count, PAGE_KEYS));
  return pageOf(list, args.from + list.length, times.length);
}
