/* ES3. Tracks. The DOM cannot add, remove or name one: QE does, undocumented, so every step is compared by reading. */

/**
 * @param {Track} track
 * @param {number} index
 * @returns {import("../schema/host-protocol.ts").TrackReply}
 */
function trackReply(track, index) {
  return {
    index: index,
    id: String(track.id),
    name: String(track.name),
    muted: asks(track, ["isMuted"]),
    locked: asks(track, ["isLocked"]),
    clipCount: track.clips.numItems,
    transitionCount: track.transitions ? track.transitions.numItems : 0
  };
}

/**
 * All audio tracks of a sequence, in order.
 * @param {Sequence} sequence
 * @returns {import("../schema/host-protocol.ts").TrackReply[]}
 */
function listTracks(sequence) {
  var tracks = sequence.audioTracks;
  var list = [];
  for (var i = 0; i < tracks.numTracks; i += 1) {
    var track = tracks[i];
    if (track) {
      list.push(trackReply(track, i));
    }
  }
  return list;
}

/**
 * One page of the active sequence's audio tracks.
 * @param {{from: number, count: number}} args
 * @returns {{result: import("../schema/host-protocol.ts").TrackReply[], next?: {from: number}}}
 */
function readTracks(args) {
  var tracks = openSequence().audioTracks;
  var list = [];
  for (var i = args.from; i < tracks.numTracks && list.length < args.count; i += 1) {
    list.push(trackReply(audioTrackAt(i), i));
  }
  return pageOf(list, args.from + list.length, tracks.numTracks);
}

/**
 * One page of a track's transitions; they are track items of their own.
 * @param {{track: number, from: number, count: number}} args
 * @returns {{result: import("../schema/host-protocol.ts").TransitionReply[], next?: {from: number}}}
 */
function readTransitions(args) {
  var transitions = audioTrackAt(args.track).transitions;
  var total = transitions ? transitions.numItems : 0;
  var list = [];
  for (var i = args.from; i < total && list.length < Math.min(args.count, PAGE_CLIPS); i += 1) {
    var transition = transitions[i];
    if (transition) {
      list.push({
        trackIndex: args.track,
        name: String(transition.name),
        matchName: String(transition.matchName || ""),
        startTicks: String(transition.start.ticks),
        endTicks: String(transition.end.ticks)
      });
    }
  }
  return pageOf(list, args.from + list.length, total);
}

/**
 * @param {import("../schema/host-protocol.ts").TrackReply[]} list
 * @param {string} id
 * @returns {number} index in the list, -1 when absent
 */
function indexOfTrack(list, id) {
  for (var i = 0; i < list.length; i += 1) {
    var track = list[i];
    if (track && track.id === id) {
      return i;
    }
  }
  return -1;
}

/**
 * How two lists of tracks differ by (order, id, name, clip count), as a sentence; "" when they do not.
 * @param {import("../schema/host-protocol.ts").TrackReply[]} before
 * @param {import("../schema/host-protocol.ts").TrackReply[]} after
 * @returns {string}
 */
function trackDifference(before, after) {
  for (var i = 0; i < before.length; i += 1) {
    var old = before[i];
    var found = after[i];
    if (old && !found) {
      return 'Track "' + old.name + '" is gone.';
    }
    if (old && found && (old.id !== found.id || old.name !== found.name || old.clipCount !== found.clipCount)) {
      return (
        "Track A" +
        (i + 1) +
        ' was "' +
        old.name +
        '" with ' +
        old.clipCount +
        ' clips and is "' +
        found.name +
        '" with ' +
        found.clipCount +
        " clips now."
      );
    }
  }
  return after.length > before.length ? after.length - before.length + " more tracks than before." : "";
}

/**
 * QE's view of the active sequence.
 * @returns {QESequence}
 */
function qeSequence() {
  var project = qeProject();
  var sequence = project ? project.getActiveSequence() : null;
  if (!sequence) {
    throw failure(
      "QE_MISSING",
      "This Premiere lets no script add or remove tracks (QE is missing). Import the stems by hand."
    );
  }
  return sequence;
}

/**
 * Appends one empty audio track and writes its id into our bin's name. Asked again for the same stem, it gives the same track.
 * @param {{operationId: string, stem: number, channelType: number}} args channelType 0 mono, 1 stereo, 2 5.1
 * @returns {{result: import("../schema/host-protocol.ts").AddTrackReply}}
 */
function addTrack(args) {
  var sequence = openSequence();
  var before = listTracks(sequence);
  var bin = requireBin(args.operationId);
  var known = notedTrack(bin, args.stem);
  var at = indexOfTrack(before, known);
  if (at >= 0) {
    return { result: { index: at, id: known, changed: false, noted: true } };
  }
  qeSequence().addTracks(0, 0, 1, args.channelType, before.length, 0, 0, 0);
  var after = listTracks(sequence);
  var added = newTracks(before, after);
  var noted = noteTracks(bin, args.stem, added);
  var last = after[after.length - 1];
  var difference = trackDifference(before, after.slice(0, before.length));
  if (added.length !== 1 || !last || last.id !== added[0] || difference !== "") {
    throw failure(
      "TRACK_NOT_APPENDED",
      "Premiere was asked for one new track at the end and made " + added.length + ". " + difference
    );
  }
  return { result: { index: last.index, id: last.id, changed: true, noted: noted } };
}

/**
 * Ids that are in the second list only.
 * @param {import("../schema/host-protocol.ts").TrackReply[]} before
 * @param {import("../schema/host-protocol.ts").TrackReply[]} after
 * @returns {string[]}
 */
function newTracks(before, after) {
  var ids = [];
  for (var i = 0; i < after.length; i += 1) {
    var track = after[i];
    if (track && indexOfTrack(before, track.id) === -1) {
      ids.push(track.id);
    }
  }
  return ids;
}

/**
 * A track of the active sequence by its id.
 * @param {string} trackId
 * @returns {{track: Track, index: number}}
 */
function trackById(trackId) {
  var index = indexOfTrack(listTracks(openSequence()), trackId);
  if (index === -1) {
    throw failure("TRACK_GONE", "The track that was added for a stem is gone.");
  }
  return { track: audioTrackAt(index), index: index };
}

/**
 * Names a track through QE, else through the DOM's own name, and says what it is called afterwards.
 * @param {{trackId: string, name: string}} args
 * @returns {{result: import("../schema/host-protocol.ts").NameTrackReply}}
 */
function nameTrack(args) {
  var found = trackById(args.trackId);
  if (String(found.track.name) !== args.name) {
    var sequence = qeSequence();
    var qeTrack = typeof sequence.getAudioTrackAt === "function" ? sequence.getAudioTrackAt(found.index) : null;
    if (qeTrack && typeof qeTrack.setName === "function") {
      qeTrack.setName(args.name);
    } else {
      tryWrite(found.track, "name", args.name);
    }
  }
  var name = String(audioTrackAt(found.index).name);
  return { result: { named: name === args.name, name: name } };
}

/**
 * Assigns a property that some builds refuse; the caller reads back.
 * @param {any} target
 * @param {string} member
 * @param {any} value
 * @returns {string} the host's complaint, "" when it said nothing
 */
function tryWrite(target, member, value) {
  try {
    target[member] = value;
    return "";
  } catch (error) {
    return String((error && /** @type {any} */ (error).message) || error);
  }
}

/**
 * Mutes tracks, after noting in our bin's name which of them were not muted before, and reads each back.
 * @param {{operationId: string, trackIds: string[]}} args
 * @returns {{result: import("../schema/host-protocol.ts").MuteReply}}
 */
function muteSources(args) {
  var list = listTracks(openSequence());
  var open = [];
  for (var i = 0; i < list.length; i += 1) {
    var entry = list[i];
    if (entry && !entry.muted && containsText(args.trackIds, entry.id)) {
      open.push(entry.id);
    }
  }
  var noted = noteMuted(requireBin(args.operationId), open);
  var muted = setMutes(list, args.trackIds, 1);
  return { result: { mutedIds: muted, changedIds: open, noted: noted } };
}

/**
 * @param {string[]} list
 * @param {string} text
 * @returns {boolean}
 */
function containsText(list, text) {
  for (var i = 0; i < list.length; i += 1) {
    if (list[i] === text) {
      return true;
    }
  }
  return false;
}

/**
 * Sets the mute of tracks by id and gives the ids that read back as asked.
 * @param {import("../schema/host-protocol.ts").TrackReply[]} list
 * @param {string[]} ids
 * @param {0 | 1} mute
 * @returns {string[]}
 */
function setMutes(list, ids, mute) {
  var done = [];
  for (var i = 0; i < ids.length; i += 1) {
    var id = ids[i] || "";
    var index = indexOfTrack(list, id);
    var track = index >= 0 ? audioTrackAt(index) : null;
    if (track && asks(track, ["isMuted"]) !== (mute === 1)) {
      track.setMute(mute);
    }
    if (track && asks(audioTrackAt(index), ["isMuted"]) === (mute === 1)) {
      done.push(id);
    }
  }
  return done;
}
