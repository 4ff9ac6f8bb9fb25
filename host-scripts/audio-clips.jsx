/* ES3. Reading clips. Premiere's main thread stands still meanwhile, so a page ends after 50 clips or 40 ms, whichever is first. */

/** Most clips of one page. */
var PAGE_CLIPS = 50;
/** Most volume keys of one page: about 25 ms per 100 keys in Premiere. */
var PAGE_KEYS = 100;
/** Time that one page may take, in ms. */
var PAGE_MS = 40;
/** Most characters of one page before encoding (names may be long). */
var PAGE_CHARACTERS = 50000;
/** What stands for "no sound at all", in dB. */
var OFF_DB = -120;
/** Premiere's Level runs from 0 to 1, and 1 is +15 dB. */
var TOP_DB = 15;

/**
 * dB of Premiere's normalised Level: 10^((dB - 15) / 20), rounded to 0.0001 dB so that a float's 0 dB is 0.
 * @param {number} value
 * @returns {number}
 */
function levelToDb(value) {
  if (!(value > 0)) {
    return OFF_DB;
  }
  var levelDb = (20 * Math.log(value)) / Math.LN10 + TOP_DB;
  return Math.max(OFF_DB, Math.round(levelDb * 10000) / 10000);
}

/**
 * @param {number} levelDb
 * @returns {number}
 */
function dbToLevel(levelDb) {
  return levelDb > OFF_DB ? Math.pow(10, (levelDb - TOP_DB) / 20) : 0;
}

/**
 * The first component whose match name starts so; display names are in the editor's language.
 * @param {TrackItem} clip
 * @param {string} prefix
 * @returns {Component | null}
 */
function componentByPrefix(clip, prefix) {
  /** @type {ComponentCollection | undefined} */
  var components = clip.components;
  for (var i = 0; components && i < components.numItems; i += 1) {
    var component = components[i];
    if (component && String(component.matchName).indexOf(prefix) === 0) {
      return component;
    }
  }
  return null;
}

/** @param {TrackItem} clip */
function volumeOf(clip) {
  return componentByPrefix(clip, "Internal Volume");
}

/**
 * The Level parameter; Premiere's order is Bypass, Level, and the names are localised.
 * @param {Component | null} volume
 * @returns {ComponentParam | null}
 */
function levelOf(volume) {
  return (volume && volume.properties[1]) || null;
}

/** @param {Component | null} component */
function isBypassed(component) {
  var bypass = component ? component.properties[0] : null;
  return bypass ? bypass.getValue() === true || bypass.getValue() === 1 : false;
}

/**
 * Key times of a parameter, [] when it does not move (the host gives 0 or undefined then).
 * @param {ComponentParam | null} param
 * @returns {Time[]}
 */
function keysOf(param) {
  return (param && param.isTimeVarying() && param.getKeys()) || [];
}

/**
 * @param {ComponentParam} param
 * @param {Time[]} times
 * @param {number} from
 * @param {number} count
 * @returns {import("../schema/host-protocol.ts").KeyframeReply[]}
 */
function keyReplies(param, times, from, count) {
  var list = [];
  for (var i = from; i < times.length && i < from + count; i += 1) {
    var time = times[i];
    if (time) {
      list.push({ mediaTicks: String(time.ticks), levelDb: levelToDb(Number(param.getValueAtKey(time))) });
    }
  }
  return list;
}

/**
 * Channels that a component works on, by the end of its match name; 0 unknown.
 * @param {Component | null} component
 * @returns {number}
 */
function channelCountOf(component) {
  var name = component ? String(component.matchName) : "";
  if (/ Mono$/.test(name)) {
    return 1;
  }
  if (/ Stereo$/.test(name)) {
    return 2;
  }
  return / 5\.1$/.test(name) ? 6 : 0;
}

/**
 * Channel Volume per channel in dB; [] when absent, bypassed or 0 everywhere. What follows the channels is blank padding.
 * @param {Component | null} component
 * @returns {number[]}
 */
function channelGains(component) {
  var count = channelCountOf(component);
  var gains = [];
  var touched = false;
  for (var channel = 0; component && !isBypassed(component) && channel < count; channel += 1) {
    var param = component.properties[channel + 1];
    var gainDb = param ? levelToDb(Number(param.getValue())) : 0;
    touched = touched || gainDb !== 0;
    gains.push(gainDb);
  }
  return touched ? gains : [];
}

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
 * @param {Component} component
 * @returns {boolean}
 */
function isAnimated(component) {
  for (var channel = 1; channel <= channelCountOf(component); channel += 1) {
    var param = component.properties[channel];
    if (param && param.isTimeVarying()) {
      return true;
    }
  }
  return false;
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
 * The static volume in dB; null when there is none or it moves. A bypassed Volume lets everything through.
 * @param {Component | null} volume
 * @param {number} keyCount
 * @returns {number | null}
 */
function staticVolumeDb(volume, keyCount) {
  var level = levelOf(volume);
  if (!level || keyCount > 0) {
    return null;
  }
  return isBypassed(volume) ? 0 : levelToDb(Number(level.getValue()));
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
    characters += writeJson(reply).length;
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
