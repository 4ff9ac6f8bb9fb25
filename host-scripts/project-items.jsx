/* ES3. Our bin. Its name carries what we did, since a project item is the only thing of ours that a script can find again later:
   "<name> [premix <operation> t<stem>:<track id> ... m<track id> ...]", t for tracks we added and m for tracks we muted. */

var MARK = "[premix ";

/**
 * @param {string} operationId
 * @returns {string}
 */
function checkedOperation(operationId) {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(operationId)) {
    throw failure("BAD_REQUEST", "An operation id has 1 to 64 letters, digits, - or _.");
  }
  return operationId;
}

/**
 * The words between the mark and the closing bracket of a bin's name; [] when it is not one of ours.
 * @param {string} name
 * @returns {string[]}
 */
function markWords(name) {
  var at = name.lastIndexOf(MARK);
  if (at === -1 || name.charAt(name.length - 1) !== "]") {
    return [];
  }
  return name.substring(at + MARK.length, name.length - 1).split(" ");
}

/**
 * The bin of an operation, or null.
 * @param {string} operationId
 * @returns {ProjectItem | null}
 */
function findBin(operationId) {
  var wanted = checkedOperation(operationId);
  var children = openProject().rootItem.children;
  for (var i = 0; i < children.numItems; i += 1) {
    var item = children[i];
    if (item && item.type === ProjectItemType.BIN && markWords(String(item.name))[0] === wanted) {
      return item;
    }
  }
  return null;
}

/**
 * @param {string} operationId
 * @returns {ProjectItem}
 */
function requireBin(operationId) {
  var bin = findBin(operationId);
  if (!bin) {
    throw failure("BIN_GONE", "The bin of this mix is gone from the project.");
  }
  return bin;
}

/**
 * What our bin's name remembers.
 * @param {ProjectItem} bin
 * @returns {{tracks: {stem: string, id: string}[], muted: string[]}}
 */
function journalOf(bin) {
  var words = markWords(String(bin.name));
  var tracks = [];
  var muted = [];
  for (var i = 1; i < words.length; i += 1) {
    var word = words[i] || "";
    var colon = word.indexOf(":");
    if (word.charAt(0) === "t" && colon > 0) {
      tracks.push({ stem: word.substring(1, colon), id: word.substring(colon + 1) });
    } else if (word.charAt(0) === "m") {
      muted.push(word.substring(1));
    }
  }
  return { tracks: tracks, muted: muted };
}

/**
 * @param {ProjectItem} bin
 * @param {{tracks: {stem: string, id: string}[], muted: string[]}} journal
 * @returns {boolean} whether the new name reads back
 */
function writeJournal(bin, journal) {
  var old = String(bin.name);
  var at = old.lastIndexOf(MARK);
  var words = [markWords(old)[0]];
  for (var i = 0; i < journal.tracks.length; i += 1) {
    var entry = journal.tracks[i];
    words.push(entry ? "t" + entry.stem + ":" + entry.id : "");
  }
  for (var k = 0; k < journal.muted.length; k += 1) {
    words.push("m" + journal.muted[k]);
  }
  var name = old.substring(0, at) + MARK + words.join(" ") + "]";
  if (name !== old) {
    tryWrite(bin, "name", name);
  }
  return String(bin.name) === name;
}

/**
 * The track that was added for a stem, "" when none is noted.
 * @param {ProjectItem} bin
 * @param {number} stem
 * @returns {string}
 */
function notedTrack(bin, stem) {
  var tracks = journalOf(bin).tracks;
  for (var i = 0; i < tracks.length; i += 1) {
    var entry = tracks[i];
    if (entry && entry.stem === String(stem)) {
      return entry.id;
    }
  }
  return "";
}

/**
 * @param {ProjectItem} bin
 * @param {number} stem
 * @param {string[]} ids
 * @returns {boolean}
 */
function noteTracks(bin, stem, ids) {
  var journal = journalOf(bin);
  for (var i = 0; i < ids.length; i += 1) {
    journal.tracks.push({ stem: String(stem), id: ids[i] || "" });
  }
  return writeJournal(bin, journal);
}

/**
 * @param {ProjectItem} bin
 * @param {string[]} ids tracks that were open and are to be muted now
 * @returns {boolean}
 */
function noteMuted(bin, ids) {
  var journal = journalOf(bin);
  for (var i = 0; i < ids.length; i += 1) {
    if (!containsText(journal.muted, ids[i] || "")) {
      journal.muted.push(ids[i] || "");
    }
  }
  return writeJournal(bin, journal);
}

/**
 * @param {ProjectItem} bin
 * @returns {import("../schema/host-protocol.ts").ItemReply[]}
 */
function itemsOf(bin) {
  var list = [];
  for (var i = 0; i < bin.children.numItems; i += 1) {
    var item = bin.children[i];
    if (item) {
      list.push({ nodeId: String(item.nodeId), name: String(item.name), mediaPath: String(item.getMediaPath()) });
    }
  }
  return list;
}

/**
 * A media path as it may be compared: builds differ in slashes, in Windows' long-path prefix and in case.
 * @param {string} path
 * @returns {string}
 */
function comparablePath(path) {
  return path
    .replace(/\\/g, "/")
    .replace(/^\/\/\?\//, "")
    .toLowerCase();
}

/**
 * @param {string} operationId
 * @param {string} binName
 * @returns {ProjectItem}
 */
function ensureBin(operationId, binName) {
  var bin = findBin(operationId);
  if (!bin) {
    openProject().rootItem.createBin(binName + " " + MARK + checkedOperation(operationId) + "]");
    bin = findBin(operationId);
  }
  if (!bin) {
    throw failure("BIN_NOT_MADE", 'Premiere did not make the bin "' + binName + '".');
  }
  return bin;
}

/**
 * The file at a native path. File reads its argument as a URI too, so a percent sign is escaped first and tried plain after.
 * @param {string} path
 * @returns {File}
 */
function fileAt(path) {
  var escaped = new File(path.replace(/%/g, "%25"));
  return escaped.exists ? escaped : new File(path);
}

/**
 * Imports one finished WAV into our bin. importFiles gives no item, so it is found by what the bin had before.
 * @param {{operationId: string, binName: string, file: string, channelType: number}} args
 * @returns {{result: import("../schema/host-protocol.ts").ImportReply}}
 */
function importStem(args) {
  var file = fileAt(args.file);
  if (!file.exists) {
    throw failure("FILE_MISSING", "The stem " + args.file + " does not exist. Render again, then place.");
  }
  var bin = ensureBin(args.operationId, args.binName);
  var before = itemsOf(bin);
  var known = itemByPath(before, args.file);
  if (!known) {
    openProject().importFiles([file.fsName], true, bin, false);
  }
  var item = known || newItem(before, itemsOf(bin));
  if (!item) {
    throw failure("NOT_IMPORTED", "Premiere did not import " + args.file + " into the bin of this mix.");
  }
  var complaint = setChannelType(childById(bin, item.nodeId), args.channelType);
  return {
    result: {
      nodeId: item.nodeId,
      name: item.name,
      mediaPath: item.mediaPath,
      changed: known === null,
      mappingComplaint: complaint
    }
  };
}

/**
 * @param {import("../schema/host-protocol.ts").ItemReply[]} items
 * @param {string} path
 * @returns {import("../schema/host-protocol.ts").ItemReply | null}
 */
function itemByPath(items, path) {
  for (var i = 0; i < items.length; i += 1) {
    var item = items[i];
    if (item && comparablePath(item.mediaPath) === comparablePath(path)) {
      return item;
    }
  }
  return null;
}

/**
 * The one item that the second list has more; null when there is none or several.
 * @param {import("../schema/host-protocol.ts").ItemReply[]} before
 * @param {import("../schema/host-protocol.ts").ItemReply[]} after
 * @returns {import("../schema/host-protocol.ts").ItemReply | null}
 */
function newItem(before, after) {
  var found = null;
  for (var i = 0; i < after.length; i += 1) {
    var item = after[i];
    var old = false;
    for (var k = 0; k < before.length; k += 1) {
      var known = before[k];
      old = old || (!!known && !!item && known.nodeId === item.nodeId);
    }
    if (item && !old) {
      if (found) {
        return null;
      }
      found = item;
    }
  }
  return found;
}

/**
 * @param {ProjectItem} bin
 * @param {string} nodeId
 * @returns {ProjectItem}
 */
function childById(bin, nodeId) {
  for (var i = 0; i < bin.children.numItems; i += 1) {
    var item = bin.children[i];
    if (item && String(item.nodeId) === nodeId) {
      return item;
    }
  }
  throw failure("ITEM_GONE", "An imported stem is gone from the bin of this mix.");
}

/**
 * Makes a stem one clip of its own layout, whatever the editor's preference for imports says. Read-only on some builds.
 * @param {ProjectItem} item
 * @param {number} channelType 0 mono, 1 stereo, 2 5.1
 * @returns {string} why it could not be done; "" when it is as wanted or the host does not tell
 */
function setChannelType(item, channelType) {
  var mapping = item.getAudioChannelMapping;
  if (!mapping || mapping.audioChannelsType === channelType) {
    return "";
  }
  var complaint = tryWrite(mapping, "audioChannelsType", channelType) || tryWrite(mapping, "audioClipsNumber", 1);
  if (complaint === "" && typeof item.setAudioChannelMapping === "function") {
    complaint = item.setAudioChannelMapping(mapping) === false ? "The host did not take the mapping." : "";
  }
  var after = item.getAudioChannelMapping;
  return after && after.audioChannelsType === channelType ? "" : complaint || "The channel mapping did not change.";
}
