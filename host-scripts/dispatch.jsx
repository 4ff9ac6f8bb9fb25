/* ES3. The one entry: everything that crosses is percent-encoded ASCII JSON, and nothing is ever thrown over the bridge. */

/** Longest encoded answer in characters: no limit is documented, 256 KB is what we dare. */
var REPLY_LIMIT = 250000;

/**
 * Makes the error that carries a code over the bridge.
 * @param {string} code
 * @param {string} message a whole sentence: what is wrong and what to do
 * @returns {Error}
 */
function failure(code, message) {
  /** @type {any} */
  var error = new Error(message);
  error.premixCode = code;
  return error;
}

/**
 * The operations by name; each takes the arguments and gives {result, next?}.
 * @type {{[op: string]: (args: any) => {result: any, next?: any}}}
 */
var operations = {
  connect: connect,
  "read.sequence": readSequence,
  "read.tracks": readTracks,
  "read.clips": readClips,
  "read.keys": readKeys,
  "read.transitions": readTransitions,
  "read.fingerprint": readFingerprint,
  "place.preflight": preflight,
  "place.state": readOperation,
  "place.import": importStem,
  "place.addTrack": addTrack,
  "place.nameTrack": nameTrack,
  "place.overwrite": overwriteStem,
  "place.readBack": readBackStem,
  "place.setLevel": setStemLevel,
  "place.mute": muteSources,
  "place.undo": undoTo,
  "place.unmute": openSources,
  "place.removeTrack": removeTrack,
  "place.removeBin": removeBin,
  "place.activate": activateSequence,
  "check.engine": checkEngine,
  "check.members": checkMembers,
  "check.levels": checkLevels,
  "check.scratch": checkScratch
};

/**
 * What the host is and whether QE, the only way to add a track, is there.
 * @returns {{result: import("../schema/host-protocol.ts").ConnectReply}}
 */
function connect() {
  return { result: { appVersion: String(app.version), appBuild: String(app.build), qe: qeProject() !== null } };
}

/**
 * Refuses when the editor has gone to another project or sequence since the panel read this one.
 * @param {any} expect
 */
function refuseOthers(expect) {
  if (!expect) {
    return;
  }
  if (String(openProject().documentID) !== expect.documentId) {
    throw failure(
      "PROJECT_CHANGED",
      "Another project is active now. Go back to the project that was read, then try again."
    );
  }
  if (expect.sequenceId && String(openSequence().sequenceID) !== expect.sequenceId) {
    throw failure(
      "SEQUENCE_CHANGED",
      "Another sequence is active now. Open the sequence that was read, then try again."
    );
  }
}

/**
 * The undo stack before and after an operation that places: so the panel knows whether all on top of it is ours.
 * @param {any} request
 * @param {number | null} before
 */
function undoNow(request, before) {
  return isPlacing(request) ? { before: before, after: undoIndex() } : undefined;
}

/**
 * @param {any} request
 * @returns {boolean}
 */
function isPlacing(request) {
  return !!request && String(request.op).indexOf("place.") === 0;
}

/**
 * @param {any} request
 * @param {number | null} before
 * @returns {string}
 */
function run(request, before) {
  var operation = Object.prototype.hasOwnProperty.call(operations, request.op) ? operations[request.op] : null;
  if (request.v !== 1 || !operation) {
    throw failure("UNKNOWN_OP", 'The host scripts do not know "' + request.op + '" in version ' + request.v + ".");
  }
  refuseOthers(request.expect);
  var outcome = operation(request.args || {});
  var reply = {
    v: 1,
    id: request.id,
    ok: true,
    result: outcome.result,
    next: outcome.next,
    undo: undoNow(request, before),
    build: HOST_BUILD
  };
  var encoded = encodeURIComponent(writeJson(reply));
  if (encoded.length > REPLY_LIMIT) {
    throw failure(
      "REPLY_TOO_LARGE",
      "The answer has " + encoded.length + " characters; " + REPLY_LIMIT + " are allowed."
    );
  }
  return encoded;
}

/**
 * @param {any} error
 * @param {any} request
 * @param {number | null} before
 * @returns {string}
 */
function refusal(error, request, before) {
  var told = {
    code: (error && error.premixCode) || "HOST_EXCEPTION",
    message: String((error && error.message) || error),
    line: error && typeof error.line === "number" ? error.line : undefined,
    op: request ? String(request.op) : ""
  };
  var id = request ? String(request.id) : "";
  var reply = { v: 1, id: id, ok: false, error: told, undo: undoNow(request, before), build: HOST_BUILD };
  return encodeURIComponent(writeJson(reply));
}

/**
 * Takes and gives encodeURIComponent(JSON): HostRequest in, HostResponse out.
 * @param {string} encoded
 * @returns {string}
 */
function premixCall(encoded) {
  /** @type {any} */
  var request = null;
  /** @type {number | null} */
  var before = null;
  try {
    request = readJson(decodeURIComponent(encoded));
    before = isPlacing(request) ? undoIndex() : null;
    return run(request, before);
  } catch (error) {
    return refusal(error, request, before);
  }
}
