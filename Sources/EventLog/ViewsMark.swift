import Files
import Foundation
import JSON
import Registry

/// How the views were left: written "dirty" before they are opened and "clean" after they are
/// closed, so that a start knows whether they may be trusted.
public struct ViewsMark: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case dirty, clean }

  public var state: State
  /// The boot during which they were opened: unsynced pages outlive a process, not a machine.
  public var bootID: String
  public var device: UInt64
  public var inode: UInt64
  /// In hexadecimal.
  public var logID: String
  /// What the views' code was.
  public var fingerprint: String
  public var position: LogPosition
  /// The SHA-256 of the event before the position, in hexadecimal; nil while they are open. A log
  /// that was put back and went on differently has the position, but not the event.
  public var event: String?
  /// The log's and the views' files as they were closed; nil while they are open.
  public var logFile: FileStamp?
  public var viewsFile: FileStamp?

  public init(
    state: State, bootID: String, device: UInt64, inode: UInt64, logID: String,
    fingerprint: String, position: LogPosition, event: String? = nil
  ) {
    self.state = state
    self.bootID = bootID
    self.device = device
    self.inode = inode
    self.logID = logID
    self.fingerprint = fingerprint
    self.position = position
    self.event = event
  }

  public enum Decision: Hashable, Sendable {
    /// The views are whole up to the position that they say themselves.
    case catchUp
    case rebuild(reason: String)
    /// They know more than the log: a part of the log is missing.
    case ahead(LogPosition)
  }

  /// Whether the views may be caught up from where they are.
  ///
  /// - Parameters:
  ///   - mark: nil when there is none, or it is torn.
  ///   - now: what a mark written now would say.
  ///   - viewsPosition: what the views say of themselves; nil when they cannot be read.
  ///   - eventThere: the SHA-256 of the log's event before the mark's position, in hexadecimal.
  public static func decide(
    _ mark: ViewsMark?, now: ViewsMark, viewsPosition: LogPosition?, logEnd: LogPosition,
    eventThere: String? = nil
  ) -> Decision {
    guard let mark else { return .rebuild(reason: "there is no mark of how they were left") }
    guard mark.logID == now.logID else { return .rebuild(reason: "they are of another log") }
    // First, since it says something of the log: the views are only computed again.
    if let known = [mark.position, viewsPosition ?? 0].max(), known > logEnd {
      return .ahead(known)
    }
    guard mark.fingerprint == now.fingerprint else {
      return .rebuild(reason: "they were written by another revision of the program")
    }
    guard mark.device == now.device, mark.inode == now.inode else {
      return .rebuild(reason: "their folder was copied or moved")
    }
    guard mark.state == .clean || mark.bootID == now.bootID else {
      return .rebuild(reason: "the machine went down while they were open")
    }
    guard viewsPosition != nil else { return .rebuild(reason: "they say no position") }
    if mark.state == .clean, let known = mark.event, let eventThere, eventThere != known {
      return .rebuild(reason: "they are of a log that went on differently")
    }
    return .catchUp
  }

  /// The mark in a file; nil when there is none or it is not whole.
  ///
  /// - Throws: `FileFailure` when it cannot be read.
  public static func read(_ path: String) throws(FileFailure) -> ViewsMark? {
    try File.contentsIfThere(of: path).flatMap { try? JSONText($0) }.flatMap(ViewsMark.init)
  }

  public func write(_ path: String) throws(FileFailure) {
    try File.replace(path, with: Array(json.pretty.utf8))
  }

  init?(_ json: JSONText) {
    guard let state = json["state"]?.string.flatMap(State.init),
      let bootID = json["bootID"]?.string, let logID = json["logID"]?.string,
      let fingerprint = json["fingerprint"]?.string,
      let device = json["device"]?.integer(UInt64.self),
      let inode = json["inode"]?.integer(UInt64.self),
      let position = json["position"]?.integer(LogPosition.self)
    else { return nil }
    self.init(
      state: state, bootID: bootID, device: device, inode: inode, logID: logID,
      fingerprint: fingerprint, position: position, event: json["event"]?.string)
    logFile = json["logFile"].flatMap(FileStamp.init)
    viewsFile = json["viewsFile"].flatMap(FileStamp.init)
  }

  private var json: JSONText {
    var members: [(name: String, value: JSONText)] = [
      ("state", .string(state.rawValue)), ("bootID", .string(bootID)),
      ("device", .number("\(device)")), ("inode", .number("\(inode)")), ("logID", .string(logID)),
      ("fingerprint", .string(fingerprint)), ("position", .number("\(position)")),
    ]
    if let event { members.append(("event", .string(event))) }
    if let logFile { members.append(("logFile", logFile.json)) }
    if let viewsFile { members.append(("viewsFile", viewsFile.json)) }
    return .object(members)
  }

  /// This boot's id, from the kernel. Where there is none, every boot is taken for another.
  public static func currentBootID() -> String {
    guard let bytes = try? File.contents(of: "/proc/sys/kernel/random/boot_id"), !bytes.isEmpty
    else { return UUID().uuidString }
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The device and inode of a folder.
  public static func place(of folder: String) throws(FileFailure) -> (
    device: UInt64, inode: UInt64
  ) {
    let status = try File.status(of: folder)
    return (status.device, status.number)
  }
}
