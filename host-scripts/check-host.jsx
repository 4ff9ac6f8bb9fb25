/* ES3. Finding out what this host really is. All of it only reads, and nothing tells a name or a path of the project. */

/** Most levels that are told: enough to see the scale. */
var CHECKED_LEVELS = 200;

/**
 * The kind of value under a name, "absent" or "throws".
 * @param {any} subject
 * @param {string} name
 * @returns {string}
 */
function kindOf(subject, name) {
  try {
    var value = subject[name];
    if (value === undefined) {
      return "absent";
    }
    return value === null ? "null" : typeof value;
  } catch (error) {
    /* What it throws differs from build to build; that it throws is the finding. */
    return "throws";
  }
}

/**
 * @param {any} subject
 * @param {string[]} names
 * @returns {import("../schema/host-protocol.ts").MemberKinds}
 */
function memberKinds(subject, names) {
  if (subject === null || subject === undefined) {
    return null;
  }
  /** @type {{[member: string]: string}} */
  var kinds = {};
  for (var i = 0; i < names.length; i += 1) {
    var name = names[i] || "";
    kinds[name] = kindOf(subject, name);
  }
  return kinds;
}

/**
 * The first audio clip that has a project item and a volume, or null.
 * @param {Sequence} sequence
 * @returns {TrackItem | null}
 */
function firstAudioClip(sequence) {
  for (var i = 0; i < sequence.audioTracks.numTracks; i += 1) {
    var track = sequence.audioTracks[i];
    for (var j = 0; track && j < track.clips.numItems; j += 1) {
      var clip = track.clips[j];
      if (clip && clip.projectItem && volumeOf(clip)) {
        return clip;
      }
    }
  }
  return null;
}

/**
 * QE's objects, each null where it is not there.
 * @returns {{project: any, sequence: any, track: any}}
 */
function qeSubjects() {
  var project = qeProject();
  var sequence = project ? project.getActiveSequence() : null;
  var track = sequence && typeof sequence.getAudioTrackAt === "function" ? sequence.getAudioTrackAt(0) : null;
  return { project: project, sequence: sequence, track: track };
}

/**
 * One of each object that the other scripts use, by the name that the panel asks for.
 * @returns {{[subject: string]: any}}
 */
function checkSubjects() {
  var project = openProject();
  var sequence = openSequence();
  var clip = firstAudioClip(sequence);
  var volume = clip ? volumeOf(clip) : null;
  var undocumented = qeSubjects();
  return {
    app: app,
    project: project,
    rootItem: project.rootItem,
    sequence: sequence,
    settings: sequence.getSettings(),
    tracks: sequence.audioTracks,
    track: sequence.audioTracks[0],
    clip: clip,
    time: clip ? clip.start : null,
    item: clip ? clip.projectItem : null,
    component: volume,
    param: levelOf(volume),
    qeProject: undocumented.project,
    qeSequence: undocumented.sequence,
    qeTrack: undocumented.track
  };
}

/**
 * Which members there are, without calling any of them.
 * @param {{members: {[subject: string]: string[]}}} args
 * @returns {{result: import("../schema/host-protocol.ts").MembersReply}}
 */
function checkMembers(args) {
  var subjects = checkSubjects();
  /** @type {{[subject: string]: import("../schema/host-protocol.ts").MemberKinds}} */
  var found = {};
  for (var subject in args.members) {
    if (Object.prototype.hasOwnProperty.call(args.members, subject)) {
      found[subject] = memberKinds(subjects[subject], args.members[subject] || []);
    }
  }
  return { result: found };
}

/** @returns {boolean} whether the engine's own JSON, if any, writes and reads */
function jsonWorks() {
  try {
    /** @type {any} */
    var json = JSON;
    return json["parse"](json["stringify"]({ a: [1, "b"] }))["a"][1] === "b";
  } catch (error) {
    /* Missing and broken mean the same: the scripts bring their own. */
    return false;
  }
}

/**
 * The script engine: JSON, what came after ES3, and ticks.
 * @returns {{result: import("../schema/host-protocol.ts").EngineReply}}
 */
function checkEngine() {
  var second = new Time();
  second.seconds = 1;
  return {
    result: {
      json: typeof JSON,
      jsonWorks: jsonWorks(),
      later: {
        arrayMap: kindOf([], "map"),
        arrayIndexOf: kindOf([], "indexOf"),
        arrayIsArray: kindOf(Array, "isArray"),
        stringTrim: kindOf("", "trim"),
        objectKeys: kindOf(Object, "keys"),
        functionBind: kindOf(openProject, "bind"),
        dateNow: kindOf(Date, "now")
      },
      ticksOfSecond: String(second.ticks),
      ticksKind: kindOf(second, "ticks")
    }
  };
}

/**
 * Raw Levels of the first clips, by which the scale can be told: a clip that nobody touched stands at 0 dB.
 * @returns {{result: import("../schema/host-protocol.ts").RawLevelReply[]}}
 */
function checkLevels() {
  var tracks = openSequence().audioTracks;
  var started = now();
  var list = [];
  for (var i = 0; i < tracks.numTracks; i += 1) {
    var clips = audioTrackAt(i).clips;
    for (var j = 0; j < clips.numItems && list.length < CHECKED_LEVELS && now() - started < PAGE_MS; j += 1) {
      var clip = clips[j];
      var volume = clip ? volumeOf(clip) : null;
      var level = levelOf(volume);
      if (volume && level) {
        list.push({
          matchName: String(volume.matchName),
          raw: Number(level.getValue()),
          moves: level.isTimeVarying() === true
        });
      }
    }
  }
  return { result: list };
}
