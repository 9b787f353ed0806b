import EventLog
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

extension ViewsOpening {
  /// Replays what the log has beyond the views, by the same code as the writer's.
  func catchUp(_ views: Views) throws -> Catalogue {
    let reader = try log.makeReader()
    defer { reader.end() }
    let arena = Arena()
    var catalogue = try loadCatalogue(views, reader, arena)
    let longStreams = LongStreams()
    var position = try views.environment.read { try views.position($0) }
    while position < log.end {
      try Task.checkCancellation()
      let stop = min(position + 10_000, log.end)
      var stored: [StoredEvent] = []
      try reader.read(position..<stop) { _, bytes in
        guard let event = try? StoredEvent(bytes, arena: arena) else { return false }
        stored.append(event)
        return true
      }
      guard stored.count == Int(stop - position) else {
        throw LogFailure("The log cannot be read at \(position + UInt64(stored.count)).")
      }
      catalogue = try views.write { transaction in
        let workspace = Workspace(
          views, transaction, log: reader, catalogue: catalogue, longStreams: longStreams,
          next: position, arena: arena)
        for event in stored {
          workspace.add(
            event.event, in: event.stream, head: nil, digest: event.recorded.digest,
            blinds: try vault.blinds(of: event, in: reader, arena: arena),
            isSealed: !event.recorded.sealedSha256.isEmpty)
        }
        try workspace.flush()
        return workspace.catalogue
      }
      position = stop
    }
    return catalogue
  }

  /// The shared streams, folded from the log.
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
        var history: ChunkedArray<StreamEvent> = []
        for position in try views.positions(of: stream, row, snapshot) {
          let read = try reader.read(position) { bytes in
            Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).event }
          }
          guard let read else {
            throw LogFailure(missing: position)
          }
          history.append(try read.get())
        }
        if stream.kind == .officer {
          catalogue.update(merged: stream.key, row.head, history: history)
        } else {
          catalogue.update(stream, StreamHead(folding: history), history: history)
        }
      }
    }
    return catalogue
  }
}
