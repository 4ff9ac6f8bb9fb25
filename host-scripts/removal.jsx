/* ES3. Taking off again what we placed: by Premiere's undo while all on its stack is ours, else piece by piece. Nothing of the editor's is touched. */

/** Most undo steps of one call. */
var UNDO_STEPS = 10;

/**
 * Goes back on Premiere's undo stack, but only while its top is our own: an edit of the editor's is never undone.
 * @param {{toIndex: number, expectIndex: number}} args
 * @returns {{result: import("../schema/host-protocol.ts").UndoReply}}
 */
function undoTo(args) {
  var project = qeProject();
  var index = undoIndex();
  var steps = 0;
  if (!project || index === null || index !== args.expectIndex || typeof project.undo !== "function") {
    return { result: { steps: 0 } };
  }
  while (index !== null && index > args.toIndex && steps < UNDO_STEPS) {
    project.undo();
    steps += 1;
    var after = undoIndex();
    if (after === null || after >= index) {
      return { result: { steps: steps } };
    }
    index = after;
  }
  return { result: { steps: steps } };
}

/**
 * Opens the tracks again that our bin's name says we muted, and reads each back.
 * @param {{operationId: string}} args
 * @returns {{result: import("../schema/host-protocol.ts").UnmuteReply}}
 */
function openSources(args) {
  var bin = requireBin(args.operationId);
  var journal = journalOf(bin);
  var open = setMutes(listTracks(openSequence()), journal.muted, 0);
  var stuck = [];
  for (var i = 0; i < journal.muted.length; i += 1) {
    var id = journal.muted[i] || "";
    if (!containsText(open, id)) {
      stuck.push(id);
    }
  }
  writeJournal(bin, { tracks: journal.tracks, muted: stuck });
  return { result: { openedIds: open, stuckIds: stuck } };
}

/**
 * Removes our clips from one track, and the track itself if we added it and nothing else is on it.
 * @param {{operationId: string, trackId: string, added: string[]}} args added = tracks that the caller knows it added
 * @returns {{result: import("../schema/host-protocol.ts").RemoveReply}}
 */
function removeTrack(args) {
  var bin = requireBin(args.operationId);
  var items = itemsOf(bin);
  var journal = journalOf(bin);
  var own = ownTrack(ownTracks(openSequence(), items, journal), args.trackId);
  if (!own) {
    return { result: { removed: false, warning: "" } };
  }
  var track = audioTrackAt(own.index);
  for (var i = track.clips.numItems - 1; i >= 0; i -= 1) {
    var clip = track.clips[i];
    if (clip && clip.projectItem && hasItem(items, String(clip.projectItem.nodeId))) {
      clip.remove(false, false);
    }
  }
  if (track.clips.numItems > 0) {
    return { result: { removed: false, warning: 'Track "' + own.name + '" stays: it carries other clips too.' } };
  }
  if (!isNoted(journal, own.id) && !containsText(args.added, own.id)) {
    return {
      result: {
        removed: false,
        warning: 'The empty track "' + own.name + '" stays: nothing proves that Premix added it.'
      }
    };
  }
  var before = listTracks(openSequence());
  var sequence = qeSequence();
  if (typeof sequence.removeAudioTrack === "function") {
    sequence.removeAudioTrack(own.index);
  }
  return { result: removedOnly(before, listTracks(openSequence()), own) };
}

/**
 * @param {import("../schema/host-protocol.ts").OwnTrackReply[]} list
 * @param {string} id
 * @returns {import("../schema/host-protocol.ts").OwnTrackReply | null}
 */
function ownTrack(list, id) {
  for (var i = 0; i < list.length; i += 1) {
    var own = list[i];
    if (own && own.id === id) {
      return own;
    }
  }
  return null;
}

/**
 * @param {import("../schema/host-protocol.ts").TrackReply[]} before
 * @param {import("../schema/host-protocol.ts").TrackReply[]} after
 * @param {import("../schema/host-protocol.ts").OwnTrackReply} own
 * @returns {import("../schema/host-protocol.ts").RemoveReply}
 */
function removedOnly(before, after, own) {
  if (indexOfTrack(after, own.id) >= 0) {
    return { removed: false, warning: 'The empty track "' + own.name + '" could not be removed: delete it by hand.' };
  }
  for (var i = 0; i < before.length; i += 1) {
    var old = before[i];
    if (old && old.id !== own.id && indexOfTrack(after, old.id) === -1) {
      throw failure("WRONG_TRACK_REMOVED", 'Premiere removed track "' + old.name + '" too. Undo in Premiere now.');
    }
  }
  return { removed: true, warning: "" };
}

/**
 * Deletes our bin with the imported stems, unless a sequence still uses one.
 * @param {{operationId: string}} args
 * @returns {{result: import("../schema/host-protocol.ts").RemoveReply}}
 */
function removeBin(args) {
  var bin = findBin(args.operationId);
  var user = bin ? otherUser(itemsOf(bin)) : "";
  if (bin && user !== "") {
    return {
      result: { removed: false, warning: 'The imported stems stay in their bin: sequence "' + user + '" uses them.' }
    };
  }
  if (bin) {
    bin.deleteBin();
  }
  var left = findBin(args.operationId);
  return { result: { removed: !left, warning: left ? 'The bin "' + left.name + '" could not be deleted.' : "" } };
}

/**
 * A sequence that still uses one of our items at the head of a track: deleting the bin would take it away there.
 * @param {import("../schema/host-protocol.ts").ItemReply[]} items
 * @returns {string} its name, "" when none
 */
function otherUser(items) {
  var sequences = openProject().sequences;
  for (var i = 0; i < sequences.numSequences; i += 1) {
    var sequence = sequences[i];
    if (sequence && ownTracks(sequence, items, { tracks: [] }).length > 0) {
      return String(sequence.name);
    }
  }
  return "";
}
