import EventLog
import Foundation
import LMDB
import Logging
import Messages
import Projections
import Registry
import Vault

/// Opening the views at a start: caught up where they may be trusted, rebuilt otherwise.
struct ViewsOpening {
  let folder: DataFolder
  let log: EventLog
  let vault: Vault
  let logger: Logger
  let mapSizeBytes: Int
  /// What a rebuild may take in memory.
  var rebuildMemoryBytes = Rebuild.Limits().memoryMax

  private var pointerPath: String { folder.path + "/views.current" }

  func open(forceRebuild: Bool) throws -> (views: Views, catalogue: Catalogue, state: String) {
    let generation = DataFolder.read(pointerPath).map { String(decoding: $0, as: UTF8.self) }
    let path = folder.viewsPath + "/" + (generation ?? "1")
    let decision = try decide(generation == nil ? nil : path, forced: forceRebuild)
    let views: Views
    let state: String
    switch decision {
    case .catchUp:
      try mark(path, 0).write(folder.markPath)
      views = try Views(folder: path, mapSizeBytes: mapSizeBytes)
      state = "caught up"
    case .rebuild(let reason):
      let next = folder.viewsPath + "/" + String((generation.flatMap(Int.init) ?? 0) + 1)
      views = try rebuild(in: next, reason: reason)
      if generation != nil { try? FileManager.default.removeItem(atPath: path) }
      state = log.end == 0 ? "fresh" : "rebuilt: \(reason)"
    }
    let catalogue = try catchUp(views)
    return (views, catalogue, state)
  }

  private func decide(_ path: String?, forced: Bool) throws -> ViewsMark.Decision {
    if forced { return .rebuild(reason: "as asked") }
    guard let path, FileManager.default.fileExists(atPath: path + "/data.mdb") else {
      return .rebuild(reason: "there are none")
    }
    let now = try mark(path, 0)
    let marked = ViewsMark.read(folder.markPath)
    // Only views that the mark vouches for are opened at all.
    let first = ViewsMark.decide(marked, now: now, viewsPosition: 0, logEnd: log.end)
    guard first == .catchUp else { return first }
    let views = try Views(folder: path, mapSizeBytes: mapSizeBytes)
    defer { views.close() }
    let position = try views.environment.read { try views.position($0) }
    return ViewsMark.decide(marked, now: now, viewsPosition: position, logEnd: log.end)
  }

  private func rebuild(in path: String, reason: String) throws -> Views {
    try? FileManager.default.removeItem(atPath: path)
    let views = try Views(folder: path, mapSizeBytes: mapSizeBytes)
    try mark(path, 0).write(folder.markPath)
    if log.end > 0 {
      logger.notice("rebuilding the views: \(reason)", metadata: ["events": "\(log.end)"])
      var limits = Rebuild.Limits()
      limits.memoryMax = rebuildMemoryBytes
      let vault = self.vault
      let rebuild = Rebuild(views, log: log, limits: limits) {
        let arena = Arena()
        return { try vault.blinds(of: $0, arena: arena) }
      }
      try rebuild.run(to: log.end) { position in
        if position % 500_000 == 0 {
          logger.notice("rebuilding", metadata: ["events": "\(position) of \(log.end)"])
        }
      }
    }
    try views.environment.sync()
    try DataFolder.replace(pointerPath, with: Array((path as NSString).lastPathComponent.utf8))
    return views
  }

  /// Replays what the log has beyond the views, by the same code as the writer's.
  func catchUp(_ views: Views) throws -> Catalogue {
    let reader = try log.makeReader()
    defer { reader.end() }
    let arena = Arena()
    var catalogue = try loadCatalogue(views, reader, arena)
    var position = try views.environment.read { try views.position($0) }
    while position < log.end {
      let stop = min(position + 10_000, log.end)
      var stored: [StoredEvent] = []
      try reader.read(from: position) { at, bytes in
        guard at < stop, let event = try? StoredEvent(bytes, arena: arena) else { return false }
        stored.append(event)
        return true
      }
      guard stored.count == Int(stop - position) else {
        throw LogFailure("The log cannot be read at \(position + UInt64(stored.count)).")
      }
      catalogue = try views.environment.write { transaction in
        let workspace = Workspace(
          views, transaction, log: reader, catalogue: catalogue, next: position, arena: arena)
        for event in stored {
          workspace.add(
            event.event, in: event.stream, head: nil, digest: event.recorded.digest,
            blinds: try vault.blinds(of: event, arena: arena))
        }
        try workspace.flush()
        return workspace.catalogue
      }
      position = stop
    }
    return catalogue
  }

  /// The shared streams, from their stored heads and the log.
  private func loadCatalogue(
    _ views: Views, _ reader: LogReader, _ arena: Arena
  ) throws -> Catalogue {
    var catalogue = Catalogue()
    try views.environment.read { snapshot in
      var streams: [StreamID] = []
      for kind in StreamKind.allCases where kind.isCatalogued {
        try snapshot.scan(views[.heads], prefix: Array((kind.rawValue + "/").utf8)) { key, _ in
          if let stream = StreamID(ViewKey.text(key)) { streams.append(stream) }
          return true
        }
      }
      try snapshot.scan(views[.merged], from: .first) { key, _ in
        if let officer = Identifier(ViewKey.text(key)) {
          streams.append(StreamID(.officer, officer))
        }
        return true
      }
      for stream in streams {
        guard let row = try views.headRow(stream, snapshot, arena: arena) else { continue }
        let history = try views.positions(of: stream, row, snapshot).map { position in
          let read = try reader.read(position) { bytes in
            Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).event }
          }
          guard let read else { throw LogFailure("The log has no event at \(position).") }
          return try read.get()
        }
        if stream.kind == .officer {
          catalogue.update(merged: stream.key, row.head, history: history)
        } else {
          catalogue.update(stream, row.head, history: history)
        }
      }
    }
    return catalogue
  }

  private func mark(_ views: String, _ position: LogPosition) throws -> ViewsMark {
    if !FileManager.default.fileExists(atPath: views) {
      try FileManager.default.createDirectory(
        atPath: views, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
    return try Self.mark(
      .dirty, folder: folder, views: views, logID: log.id, position: position)
  }

  static func mark(
    _ state: ViewsMark.State, folder: DataFolder, views: String, logID: [UInt8],
    position: LogPosition
  ) throws -> ViewsMark {
    let place = try ViewsMark.place(of: views)
    return ViewsMark(
      state: state, bootID: ViewsMark.currentBootID(), device: place.device, inode: place.inode,
      logID: logID.map { String($0, radix: 16) }.joined(separator: "."),
      fingerprint: Views.fingerprint, position: position)
  }
}
