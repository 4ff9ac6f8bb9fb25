/* ES3. A short number for everything that existed before we came, so that "your tracks are untouched" is compared, not hoped. */

/**
 * Continues two 32-bit FNV-1a hashes with a text; the product is split so that it stays exact in a double.
 * @param {number[]} hashes
 * @param {string} text
 */
function hashText(hashes, text) {
  for (var lane = 0; lane < 2; lane += 1) {
    var hash = hashes[lane] || 0;
    for (var i = 0; i < text.length; i += 1) {
      hash = (hash ^ (text.charCodeAt(i) + lane)) >>> 0;
      hash = ((hash & 65535) * 16777619 + ((((hash >>> 16) * 16777619) & 65535) << 16)) >>> 0;
    }
    hashes[lane] = hash;
  }
}

/**
 * @param {string | undefined} seed what the page before gave
 * @returns {number[]}
 */
function hashesFrom(seed) {
  if (!seed) {
    return [2166136261, 2166136261];
  }
  return [parseInt(seed.substr(0, 8), 16), parseInt(seed.substr(8, 8), 16)];
}

/**
 * @param {number[]} hashes
 * @returns {string} 16 hex digits
 */
function hashesTo(hashes) {
  var text = "";
  for (var lane = 0; lane < 2; lane += 1) {
    text += ("00000000" + (hashes[lane] || 0).toString(16)).slice(-8);
  }
  return text;
}

/**
 * Everything of a clip that an edit of ours could have changed, as one text.
 * @param {TrackItem} clip
 * @returns {string}
 */
function clipText(clip) {
  var level = levelOf(volumeOf(clip));
  var times = keysOf(level);
  var parts = [
    clip.name,
    clip.start.ticks,
    clip.end.ticks,
    clip.inPoint.ticks,
    clip.outPoint.ticks,
    String(clip.disabled),
    String(clip.getSpeed()),
    clip.projectItem ? clip.projectItem.nodeId : "",
    level && times.length === 0 ? String(level.getValue()) : "",
    channelGains(componentByPrefix(clip, "Internal Channel Volume")).join(","),
    effectsOf(clip).join(",")
  ];
  for (var i = 0; level && i < times.length; i += 1) {
    var time = times[i];
    parts.push(time ? time.ticks + "=" + level.getValueAtKey(time) : "");
  }
  return writeJson(parts);
}

/**
 * @param {TrackItemCollection} transitions
 * @returns {string}
 */
function transitionsText(transitions) {
  var parts = [];
  for (var i = 0; transitions && i < transitions.numItems; i += 1) {
    var transition = transitions[i];
    parts.push(transition ? [transition.name, transition.start.ticks, transition.end.ticks].join(" ") : "");
  }
  return writeJson(parts);
}

/**
 * One page of a track's fingerprint; `seed` is the hash that the page before gave, so page breaks do not matter.
 * @param {{sequenceId: string, track: number, from: number, seed?: string}} args
 * @returns {{result: import("../schema/host-protocol.ts").FingerprintReply, next?: {from: number}}}
 */
function readFingerprint(args) {
  var tracks = sequenceById(args.sequenceId).audioTracks;
  var track = tracks[args.track];
  if (!track || args.track >= tracks.numTracks) {
    throw failure("TRACK_GONE", "Audio track " + (args.track + 1) + " is no longer in the sequence.");
  }
  var total = track.clips.numItems;
  var hashes = hashesFrom(args.seed);
  var started = now();
  var at = args.from;
  for (; at < total && at - args.from < PAGE_CLIPS && now() - started <= PAGE_MS; at += 1) {
    var clip = track.clips[at];
    hashText(hashes, clip ? clipText(clip) : "");
  }
  if (at >= total) {
    hashText(hashes, transitionsText(track.transitions));
  }
  var facts = trackReply(track, args.track);
  return pageOf({ track: facts, trackCount: tracks.numTracks, hash: hashesTo(hashes) }, at, total);
}
