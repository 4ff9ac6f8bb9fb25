/* ES3. Levels: Premiere's scale is converted here and nowhere else; components are found by match name, never by a name that is shown. */

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
