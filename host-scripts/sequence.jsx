/* ES3. Times cross as decimal tick strings, 254016000000 to the second: too large for exact sums in a double after 9.85 h, so nothing here adds them. */

/**
 * @returns {Project}
 */
function openProject() {
  if (!app.project) {
    throw failure("NO_PROJECT", "No project is open. Open a project in Premiere, then try again.");
  }
  return app.project;
}

/**
 * @returns {Sequence}
 */
function openSequence() {
  var sequence = openProject().activeSequence;
  if (!sequence) {
    throw failure("NO_SEQUENCE", "No sequence is open. Open a sequence in the timeline, then try again.");
  }
  return sequence;
}

/**
 * A sequence of the project by its id, active or not.
 * @param {string} sequenceId
 * @returns {Sequence}
 */
function sequenceById(sequenceId) {
  var sequences = openProject().sequences;
  for (var i = 0; i < sequences.numSequences; i += 1) {
    var sequence = sequences[i];
    if (sequence && String(sequence.sequenceID) === sequenceId) {
      return sequence;
    }
  }
  throw failure("SEQUENCE_GONE", "The sequence that was read is no longer in the project.");
}

/**
 * The undocumented QE project, or null where QE is missing.
 * @returns {QEProject | null}
 */
function qeProject() {
  try {
    app.enableQE();
    return typeof qe === "undefined" || !qe ? null : qe.project || null;
  } catch (error) {
    /* Missing and throwing mean the same to us: callers that need QE say that it is not there. */
    return null;
  }
}

/**
 * Position on QE's undo stack, or null when it cannot be told.
 * @returns {number | null}
 */
function undoIndex() {
  var project = qeProject();
  if (!project || typeof project.undoStackIndex !== "function") {
    return null;
  }
  var index = Number(project.undoStackIndex());
  return isFinite(index) ? index : null;
}

/**
 * @param {SequenceSettings} settings
 * @returns {boolean}
 */
function isDropFrame(settings) {
  return settings.videoDisplayFormat === 102 || settings.videoDisplayFormat === 106;
}

/**
 * Facts of the active sequence; the sample rate comes as a Time of one sample.
 * @returns {{result: import("../schema/host-protocol.ts").SequenceReply}}
 */
function readSequence() {
  var project = openProject();
  var sequence = openSequence();
  var settings = sequence.getSettings();
  return {
    result: {
      documentId: String(project.documentID),
      projectName: String(project.name),
      projectPath: String(project.path),
      sequenceId: String(sequence.sequenceID),
      name: String(sequence.name),
      timebaseTicks: String(sequence.timebase),
      zeroPointTicks: String(sequence.zeroPoint),
      endTicks: String(sequence.end),
      sampleRate: Math.round(1 / settings.audioSampleRate.seconds),
      audioChannelType: Number(settings.audioChannelType),
      dropFrame: isDropFrame(settings),
      audioTrackCount: sequence.audioTracks.numTracks
    }
  };
}

/**
 * Brings a sequence to the front: QE edits only the active one. Used to clean up after the editor went elsewhere.
 * @param {{sequenceId: string}} args
 * @returns {{result: {active: boolean}}}
 */
function activateSequence(args) {
  var wanted = sequenceById(args.sequenceId);
  openProject().openSequence(String(wanted.sequenceID));
  return { result: { active: String(openSequence().sequenceID) === args.sequenceId } };
}
