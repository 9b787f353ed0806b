import EventLog
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

extension ViewsRecovery {
  /// Replays the log's events beyond the views, with the same code as the writer's.
  func catchUp(_ views: Views) throws -> SharedStreams {
    let reader = try log.makeReader()
    defer { reader.end() }
    let arena = Arena()
    var sharedStreams = try loadCatalogue(views, reader, arena)
    let longStreams = LongStreamCache()
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
      sharedStreams = try views.write { transaction in
        let unitOfWork = UnitOfWork(
          views, transaction, log: reader, sharedStreams: sharedStreams, longStreams: longStreams,
          next: position, arena: arena)
        for event in stored {
          unitOfWork.add(
            event.event, in: event.stream, head: nil, digest: event.recorded.digest,
            identifiers: try vault.blinds(of: event, in: reader, arena: arena),
            isSealed: !event.recorded.sealedSha256.isEmpty)
        }
        try unitOfWork.flush()
        return unitOfWork.sharedStreams
      }
      position = stop
    }
    return sharedStreams
  }

  /// The shared streams, folded from the log.
  private func loadCatalogue(
    _ views: Views, _ reader: LogReader, _ arena: Arena
  ) throws -> SharedStreams {
    var sharedStreams = SharedStreams()
    try views.environment.read { snapshot in
      var streams: [StreamID] = []
      for kind in StreamKind.allCases where kind.isShared {
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
            Result { () throws(DecodeFailure) in try StoredEvent(bytes, arena: arena).event }
          }
          guard let read else {
            throw LogFailure(missing: position)
          }
          history.append(try read.get())
        }
        if stream.kind == .officer {
          sharedStreams.update(merged: stream.key, row.head, history: history)
        } else {
          sharedStreams.update(stream, StreamHead(folding: history), history: history)
        }
      }
    }
    return sharedStreams
  }
}
