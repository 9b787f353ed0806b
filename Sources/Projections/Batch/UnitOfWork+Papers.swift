import LMDB
import Messages
import Registry

extension UnitOfWork {
  public func submissions(holding sha256: [UInt8]) -> [StreamID] {
    let committed = ask(
      {
        try views.submissions(holding: sha256, before: .max, transaction) { position in
          try log.read(position) { bytes in
            Result { () throws(DecodeFailure) in try StoredEvent(bytes, arena: arena).stream }
          }?.get()
        }
      }, otherwise: [])
    let added = batch.documents.lazy.filter { $0.sha256 == sha256 }.prefix(Plausibility.papersMax)
      .compactMap { [batch] document -> StreamID? in
        // fits: no more than the batch has.
        let at = Int(document.position - batch.start)
        return batch.ids[batch.events[at]]?.stream
      }
    return committed + added.filter { $0.kind == .submission && !committed.contains($0) }
  }
}

extension Views {
  /// The submissions that hold a document, by the first events that cite it.
  ///
  /// - Parameter stream: gives the stream of the event at a position.
  func submissions(
    holding sha256: [UInt8], before position: LogPosition, _ snapshot: Snapshot,
    stream: (LogPosition) throws -> StreamID?
  ) throws -> [StreamID] {
    var places: [LogPosition] = []
    try snapshot.scan(self[.documents], prefix: sha256) { key, _ in
      let at = ViewKey.position(of: key)
      if at < position { places.append(at) }
      return at < position && places.count < Plausibility.papersMax
    }
    var found: [StreamID] = []
    for place in places {
      guard let stream = try stream(place), stream.kind == .submission, !found.contains(stream)
      else { continue }
      found.append(stream)
    }
    return found
  }
}
