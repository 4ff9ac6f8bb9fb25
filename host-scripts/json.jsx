/* ES3. Premiere's ExtendScript has no JSON (seen missing on 26.2.2), and another panel may have put a wrong one into the shared engine: this is our own. */

/** Deepest nesting that either direction accepts. */
var JSON_DEPTH = 32;

/**
 * Writes one string as ASCII JSON: U+007F and above become \uXXXX, since raw U+2028 ends a line in ES3.
 * @param {string} text
 * @returns {string}
 */
function writeJsonString(text) {
  if (/^[ !#-[\]-~]*$/.test(text)) {
    return '"' + text + '"';
  }
  var out = '"';
  for (var i = 0; i < text.length; i += 1) {
    var code = text.charCodeAt(i);
    if (code === 34 || code === 92) {
      out += "\\" + text.charAt(i);
    } else if (code >= 32 && code < 127) {
      out += text.charAt(i);
    } else {
      out += "\\u" + ("0000" + code.toString(16)).slice(-4);
    }
  }
  return out + '"';
}

/**
 * Writes plain data as ASCII JSON. Numbers that are not finite become null; undefined members are left out.
 * @param {any} value
 * @param {number} [depth]
 * @returns {string}
 */
function writeJson(value, depth) {
  var level = depth || 0;
  if (level > JSON_DEPTH) {
    throw failure("TOO_DEEP", "A reply may nest at most " + JSON_DEPTH + " levels.");
  }
  if (value === null || value === undefined) {
    return "null";
  }
  if (typeof value === "number") {
    return isFinite(value) ? String(value) : "null";
  }
  if (typeof value === "boolean") {
    return value ? "true" : "false";
  }
  if (typeof value === "object") {
    return Object.prototype.toString.call(value) === "[object Array]"
      ? writeJsonArray(value, level + 1)
      : writeJsonObject(value, level + 1);
  }
  return writeJsonString(String(value));
}

/**
 * @param {any[]} list
 * @param {number} depth
 * @returns {string}
 */
function writeJsonArray(list, depth) {
  var parts = [];
  for (var i = 0; i < list.length; i += 1) {
    parts.push(writeJson(list[i], depth));
  }
  return "[" + parts.join(",") + "]";
}

/**
 * @param {any} data
 * @param {number} depth
 * @returns {string}
 */
function writeJsonObject(data, depth) {
  var parts = [];
  for (var key in data) {
    if (Object.prototype.hasOwnProperty.call(data, key) && data[key] !== undefined) {
      parts.push(writeJsonString(key) + ":" + writeJson(data[key], depth));
    }
  }
  return "{" + parts.join(",") + "}";
}

/**
 * Reads strict JSON without evaluating anything; throws BAD_REQUEST with the place.
 * @param {string} text
 * @returns {any}
 */
function readJson(text) {
  var cursor = { text: text, at: 0 };
  var value = readJsonValue(cursor, 0);
  skipJsonSpace(cursor);
  if (cursor.at !== text.length) {
    throw jsonFailure(cursor);
  }
  return value;
}

/**
 * @param {{text: string, at: number}} cursor
 * @returns {Error}
 */
function jsonFailure(cursor) {
  return failure("BAD_REQUEST", "The request is not JSON at character " + cursor.at + ".");
}

/** @param {{text: string, at: number}} cursor */
function skipJsonSpace(cursor) {
  while (cursor.at < cursor.text.length && " \t\r\n".indexOf(cursor.text.charAt(cursor.at)) >= 0) {
    cursor.at += 1;
  }
}

/**
 * @param {{text: string, at: number}} cursor
 * @param {string} wanted
 * @returns {boolean}
 */
function takeJson(cursor, wanted) {
  skipJsonSpace(cursor);
  if (cursor.text.substr(cursor.at, wanted.length) !== wanted) {
    return false;
  }
  cursor.at += wanted.length;
  return true;
}

/**
 * @param {{text: string, at: number}} cursor
 * @param {number} depth
 * @returns {any}
 */
function readJsonValue(cursor, depth) {
  if (depth > JSON_DEPTH) {
    throw failure("TOO_DEEP", "A request may nest at most " + JSON_DEPTH + " levels.");
  }
  if (takeJson(cursor, "{")) {
    return readJsonMembers(cursor, depth);
  }
  if (takeJson(cursor, "[")) {
    return readJsonItems(cursor, depth);
  }
  if (takeJson(cursor, '"')) {
    return readJsonString(cursor);
  }
  if (takeJson(cursor, "true")) {
    return true;
  }
  if (takeJson(cursor, "false")) {
    return false;
  }
  return takeJson(cursor, "null") ? null : readJsonNumber(cursor);
}

/**
 * @param {{text: string, at: number}} cursor
 * @returns {number}
 */
function readJsonNumber(cursor) {
  var found = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(cursor.text.substr(cursor.at, 40));
  if (!found) {
    throw jsonFailure(cursor);
  }
  var digits = String(found[0]);
  cursor.at += digits.length;
  return parseFloat(digits);
}

/**
 * @param {{text: string, at: number}} cursor
 * @param {number} depth
 * @returns {any[]}
 */
function readJsonItems(cursor, depth) {
  /** @type {any[]} */
  var list = [];
  if (takeJson(cursor, "]")) {
    return list;
  }
  do {
    list.push(readJsonValue(cursor, depth + 1));
  } while (takeJson(cursor, ","));
  if (!takeJson(cursor, "]")) {
    throw jsonFailure(cursor);
  }
  return list;
}

/**
 * @param {{text: string, at: number}} cursor
 * @param {number} depth
 * @returns {any}
 */
function readJsonMembers(cursor, depth) {
  /** @type {any} */
  var data = {};
  if (takeJson(cursor, "}")) {
    return data;
  }
  do {
    if (!takeJson(cursor, '"')) {
      throw jsonFailure(cursor);
    }
    var key = readJsonString(cursor);
    if (key === "__proto__" || !takeJson(cursor, ":")) {
      throw jsonFailure(cursor);
    }
    data[key] = readJsonValue(cursor, depth + 1);
  } while (takeJson(cursor, ","));
  if (!takeJson(cursor, "}")) {
    throw jsonFailure(cursor);
  }
  return data;
}

/**
 * Reads the rest of a string whose opening quote is already taken.
 * @param {{text: string, at: number}} cursor
 * @returns {string}
 */
function readJsonString(cursor) {
  var out = "";
  while (cursor.at < cursor.text.length) {
    var letter = cursor.text.charAt(cursor.at);
    cursor.at += 1;
    if (letter === '"') {
      return out;
    }
    out += letter === "\\" ? readJsonEscape(cursor) : letter;
  }
  throw jsonFailure(cursor);
}

/**
 * @param {{text: string, at: number}} cursor
 * @returns {string}
 */
function readJsonEscape(cursor) {
  var letter = cursor.text.charAt(cursor.at);
  cursor.at += 1;
  if (letter === "u") {
    var digits = cursor.text.substr(cursor.at, 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
      throw jsonFailure(cursor);
    }
    cursor.at += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }
  var plain = '"\\/bfnrt'.indexOf(letter);
  if (letter === "" || plain === -1) {
    throw jsonFailure(cursor);
  }
  return '"\\/\b\f\n\r\t'.charAt(plain);
}
