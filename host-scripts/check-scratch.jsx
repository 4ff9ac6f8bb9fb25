/* ES3. Trying out what only QE can do, adding and naming a track, on a copy of the sequence that goes again. */

/** @returns {string[]} ids of the project's sequences */
function sequenceIds() {
  var sequences = openProject().sequences;
  var ids = [];
  for (var i = 0; i < sequences.numSequences; i += 1) {
    var sequence = sequences[i];
    if (sequence) {
      ids.push(String(sequence.sequenceID));
    }
  }
  return ids;
}

/**
 * The id that is in the second list only, when it is the only one; else "".
 * @param {string[]} before
 * @param {string[]} after
 * @returns {string}
 */
function onlyNew(before, after) {
  var fresh = [];
  for (var i = 0; i < after.length; i += 1) {
    var id = after[i] || "";
    if (!containsText(before, id)) {
      fresh.push(id);
    }
  }
  return fresh.length === 1 ? String(fresh[0]) : "";
}

/**
 * Adds and names a track on the copy, which must be in front: QE edits what is in front.
 * @param {string} copyId
 * @returns {{appended: boolean, named: boolean}}
 */
function addScratchTrack(copyId) {
  openProject().openSequence(copyId);
  var copy = openSequence();
  if (String(copy.sequenceID) !== copyId) {
    throw failure("SEQUENCE_CHANGED", "The copy of the sequence did not come to the front; nothing was done to it.");
  }
  var before = listTracks(copy);
  qeSequence().addTracks(0, 0, 1, 1, before.length, 0, 0, 0);
  var after = listTracks(copy);
  var last = after[after.length - 1];
  var appended =
    after.length === before.length + 1 && trackDifference(before, after.slice(0, before.length)) === "" && !!last;
  var named = appended && last ? nameTrack({ trackId: last.id, name: "Premix check" }).result.named : false;
  return { appended: appended, named: named };
}

/**
 * Runs a step and gives the host's complaint, "" when there is none.
 * @param {() => void} step
 * @returns {string}
 */
function complaintOf(step) {
  try {
    step();
    return "";
  } catch (error) {
    return String((error && /** @type {any} */ (error).message) || error);
  }
}

/**
 * Brings the editor's sequence back to the front and deletes the copy.
 * @param {string} copyId
 * @param {string} originalId
 */
function removeScratch(copyId, originalId) {
  openProject().openSequence(originalId);
  if (copyId !== "" && copyId !== originalId) {
    openProject().deleteSequence(sequenceById(copyId));
    openProject().openSequence(originalId);
  }
}

/**
 * Adds and names a track on a copy of the sequence, and takes the copy out again. Only ever called when the editor asked for it.
 * @returns {{result: import("../schema/host-protocol.ts").ScratchReply}}
 */
function checkScratch() {
  var original = openSequence();
  var originalId = String(original.sequenceID);
  var before = sequenceIds();
  var given = kindOf({ given: original.clone() }, "given");
  var copyId = onlyNew(before, sequenceIds());
  var done = { appended: false, named: false };
  var complaint = complaintOf(function () {
    if (copyId === "") {
      throw failure("NO_COPY", "Premiere was asked for a copy of the sequence and made none.");
    }
    done = addScratchTrack(copyId);
  });
  var leftover = complaintOf(function () {
    removeScratch(copyId, originalId);
  });
  return {
    result: {
      cloneGives: given,
      appended: done.appended,
      named: done.named,
      removed: copyId !== "" && !containsText(sequenceIds(), copyId),
      restored: String(openSequence().sequenceID) === originalId,
      complaint: complaint || leftover
    }
  };
}
