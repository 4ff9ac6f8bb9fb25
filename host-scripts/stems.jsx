/* ES3. Putting finished stems on tracks of our own, and reading what became of them. The panel drives the steps; each is short and can be asked twice. */

/**
 * What must hold before anything is touched; changes nothing.
 * @param {{operationId: string, files: string[], trackIds: string[]}} args
 * @returns {{result: import("../schema/host-protocol.ts").PreflightReply}}
 */
function preflight(args) {
  var project = openProject();
  var sequence = openSequence();
  checkedOperation(args.operationId);
  if (!project.path) {
    throw failure("NOT_SAVED", "This project was never saved. Save it in Premiere, then place the stems.");
  }
  if (app.production && app.production.getLocked(project) === true) {
    throw failure("PROJECT_LOCKED", "This project is locked in its production. Unlock it, then place the stems.");
  }
  var missing = [];
  for (var i = 0; i < args.files.length; i += 1) {
    var path = args.files[i] || "";
    if (!fileAt(path).exists) {
      missing.push(path);
    }
  }
  if (missing.length > 0) {
    throw failure("FILE_MISSING", "These stems do not exist: " + missing.join(", ") + ". Render again, then place.");
  }
  qeSequence();
  return { result: { timebaseTicks: String(sequence.timebase), tracks: listTracks(sequence) } };
}

/**
 * What an operation has left in the project: its bin, its items, its tracks in one sequence. Changes nothing.
 * @param {{operationId: string, sequenceId: string}} args
 * @returns {{result: import("../schema/host-protocol.ts").OperationReply}}
 */
function readOperation(args) {
  var bin = findBin(args.operationId);
  if (!bin) {
    return { result: { bin: null, items: [], tracks: [], notedTracks: [], mutedIds: [] } };
  }
  var journal = journalOf(bin);
  var items = itemsOf(bin);
  return {
    result: {
      bin: String(bin.nodeId),
      items: items,
      tracks: ownTracks(sequenceById(args.sequenceId), items, journal),
      notedTracks: journal.tracks,
      mutedIds: journal.muted
    }
  };
}

/**
 * Tracks that carry a stem of ours, and empty ones that the bin's name says we added.
 * @param {Sequence} sequence
 * @param {import("../schema/host-protocol.ts").ItemReply[]} items
 * @param {{tracks: {stem: string, id: string}[]}} journal
 * @returns {import("../schema/host-protocol.ts").OwnTrackReply[]}
 */
function ownTracks(sequence, items, journal) {
  var list = [];
  for (var i = 0; i < sequence.audioTracks.numTracks; i += 1) {
    var track = sequence.audioTracks[i];
    if (!track) {
      continue;
    }
    var noted = isNoted(journal, String(track.id));
    var ours = ourClips(track, items, noted);
    if (ours.length > 0 || (noted && track.clips.numItems === 0)) {
      var facts = trackReply(track, i);
      list.push({ index: i, id: facts.id, name: facts.name, clipCount: facts.clipCount, ours: ours });
    }
  }
  return list;
}

/**
 * @param {{tracks: {stem: string, id: string}[]}} journal
 * @param {string} id
 * @returns {boolean}
 */
function isNoted(journal, id) {
  for (var i = 0; i < journal.tracks.length; i += 1) {
    var entry = journal.tracks[i];
    if (entry && entry.id === id) {
      return true;
    }
  }
  return false;
}

/**
 * Our clips on a track. Of a track that is not noted only the first clip is looked at: a stem stands at its head.
 * @param {Track} track
 * @param {import("../schema/host-protocol.ts").ItemReply[]} items
 * @param {boolean} whole
 * @returns {import("../schema/host-protocol.ts").OwnClipReply[]}
 */
function ourClips(track, items, whole) {
  var list = [];
  var end = whole ? track.clips.numItems : Math.min(1, track.clips.numItems);
  for (var i = 0; i < end; i += 1) {
    var clip = track.clips[i];
    var id = clip && clip.projectItem ? String(clip.projectItem.nodeId) : "";
    if (clip && hasItem(items, id)) {
      list.push({ itemNodeId: id, startTicks: String(clip.start.ticks), endTicks: String(clip.end.ticks) });
    }
  }
  return list;
}

/**
 * @param {import("../schema/host-protocol.ts").ItemReply[]} items
 * @param {string} nodeId
 * @returns {boolean}
 */
function hasItem(items, nodeId) {
  for (var i = 0; i < items.length; i += 1) {
    var item = items[i];
    if (item && item.nodeId === nodeId) {
      return true;
    }
  }
  return false;
}

/**
 * Lays a stem on its own empty track. overwriteClip says true whatever happens, so all tracks are compared.
 * @param {{operationId: string, trackId: string, nodeId: string, startTicks: string}} args
 * @returns {{result: import("../schema/host-protocol.ts").OverwriteReply}}
 */
function overwriteStem(args) {
  var item = childById(requireBin(args.operationId), args.nodeId);
  var found = trackById(args.trackId);
  if (stemOn(found.track, args.nodeId)) {
    return { result: { changed: false } };
  }
  if (found.track.clips.numItems > 0) {
    throw failure("TRACK_NOT_EMPTY", "The track that was added for a stem is no longer empty.");
  }
  var before = listTracks(openSequence());
  found.track.overwriteClip(item, args.startTicks);
  var after = listTracks(openSequence());
  var own = after[found.index];
  if (!own || own.clipCount !== 1 || !stemOn(audioTrackAt(found.index), args.nodeId)) {
    throw failure(
      "NOT_PLACED",
      'Premiere said it placed "' +
        item.name +
        '", but it is not on its track. ' +
        othersDiffer(before, after, found.index)
    );
  }
  var difference = othersDiffer(before, after, found.index);
  if (difference !== "") {
    throw failure("OTHER_TRACK_CHANGED", 'Placing "' + item.name + '" changed another track. ' + difference);
  }
  return { result: { changed: true } };
}

/**
 * @param {import("../schema/host-protocol.ts").TrackReply[]} before
 * @param {import("../schema/host-protocol.ts").TrackReply[]} after
 * @param {number} except index of the track that may differ
 * @returns {string}
 */
function othersDiffer(before, after, except) {
  if (before.length !== after.length) {
    return trackDifference(before, after);
  }
  return (
    trackDifference(before.slice(0, except), after.slice(0, except)) ||
    trackDifference(before.slice(except + 1), after.slice(except + 1))
  );
}

/**
 * The clip of an item on a track, or null.
 * @param {Track} track
 * @param {string} nodeId
 * @returns {TrackItem | null}
 */
function stemOn(track, nodeId) {
  for (var i = 0; i < track.clips.numItems; i += 1) {
    var clip = track.clips[i];
    if (clip && clip.projectItem && String(clip.projectItem.nodeId) === nodeId) {
      return clip;
    }
  }
  return null;
}

/**
 * @param {string} trackId
 * @param {string} nodeId
 * @returns {TrackItem}
 */
function requireStem(trackId, nodeId) {
  var clip = stemOn(trackById(trackId).track, nodeId);
  if (!clip) {
    throw failure("STEM_GONE", "A placed stem is no longer on its track.");
  }
  return clip;
}

/**
 * Where a placed stem really lies and how loud; the caller allows half a frame.
 * @param {{trackId: string, nodeId: string}} args
 * @returns {{result: import("../schema/host-protocol.ts").ReadBackReply}}
 */
function readBackStem(args) {
  var found = trackById(args.trackId);
  var clip = requireStem(args.trackId, args.nodeId);
  return {
    result: {
      trackIndex: found.index,
      trackName: String(found.track.name),
      clipCount: found.track.clips.numItems,
      startTicks: String(clip.start.ticks),
      endTicks: String(clip.end.ticks),
      inTicks: String(clip.inPoint.ticks),
      outTicks: String(clip.outPoint.ticks),
      mediaPath: clip.projectItem.getMediaPath(),
      disabled: clip.disabled === true,
      speed: Number(clip.getSpeed()),
      channelCount: channelCountOf(volumeOf(clip)),
      volumeDb: staticVolumeDb(volumeOf(clip), keysOf(levelOf(volumeOf(clip))).length)
    }
  };
}

/**
 * Sets the Level of a placed stem, in dB from -120 (off) to +15: Premiere would clamp anything else without a word.
 * @param {{trackId: string, nodeId: string, levelDb: number}} args
 * @returns {{result: import("../schema/host-protocol.ts").SetLevelReply}}
 */
function setStemLevel(args) {
  var level = levelOf(volumeOf(requireStem(args.trackId, args.nodeId)));
  if (!(args.levelDb >= OFF_DB && args.levelDb <= TOP_DB)) {
    throw failure("LEVEL_OUT_OF_RANGE", "A clip's level goes from -120 (off) to +15 dB, not " + args.levelDb + ".");
  }
  if (!level) {
    throw failure("NO_LEVEL", "The placed stem has no volume to set.");
  }
  level.setValue(dbToLevel(args.levelDb), true);
  var levelDb = levelToDb(Number(level.getValue()));
  if (Math.abs(levelDb - args.levelDb) > 0.01) {
    throw failure("LEVEL_NOT_SET", "The placed stem was set to " + args.levelDb + " dB and reads " + levelDb + " dB.");
  }
  return { result: { levelDb: levelDb } };
}
