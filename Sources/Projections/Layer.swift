import Registry

/// What a batch, or one request of it, has added to what is committed.
struct Layer {
  var heads: [StreamID: HeadRow] = [:]
  var ids: [EventID: (position: LogPosition, digest: [UInt8])] = [:]
  var places: [EventID: StreamID] = [:]
  /// Set by the log's first event.
  var registryStream: StreamID?
  /// In the order of their positions.
  var events: [(stream: StreamID, event: StreamEvent)] = []
  var chunks: [(stream: StreamID, number: UInt32, row: [UInt8])] = []
  var subjects: [(officer: Identifier, position: LogPosition, stream: StreamID)] = []
  /// Rows of `certificates`, `identifiers` and `rolls` that rules ask for; nil: gone.
  var certificates: [[UInt8]: Identifier?] = [:]
  var identifiers: [[UInt8]: Identifier?] = [:]
  var seats: [SeatKey: Identifier?] = [:]
  var duties: [DutyKey: Identifier?] = [:]
  var seatsTaken: [Identifier: Int] = [:]

  var documents: [(sha256: [UInt8], position: LogPosition)] = []
  /// Officers whose record was merged into another.
  var merged: Set<Identifier> = []

  struct DutyKey: Hashable {
    var mandate: Identifier
    var officer: Identifier
  }

  struct SeatKey: Hashable {
    var cohort: Identifier
    var officer: Identifier
  }

  var isEmpty: Bool { events.isEmpty }

  mutating func merge(_ other: Layer) {
    registryStream = registryStream ?? other.registryStream
    heads.merge(other.heads) { $1 }
    ids.merge(other.ids) { $1 }
    places.merge(other.places) { $1 }
    events += other.events
    chunks += other.chunks
    subjects += other.subjects
    certificates.merge(other.certificates) { $1 }
    identifiers.merge(other.identifiers) { $1 }
    seats.merge(other.seats) { $1 }
    duties.merge(other.duties) { $1 }
    documents += other.documents
    merged.formUnion(other.merged)
    seatsTaken.merge(other.seatsTaken, uniquingKeysWith: +)
  }
}
