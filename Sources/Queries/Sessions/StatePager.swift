import Messages
import Projections
import Registry
import RegistryStorage

/// Where the next part of a state begins: a part is of the day and the position of the first.
struct StateCursor {
  var position: LogPosition
  var day: Day
  /// Entries of the state's lists, one list after the other, that came before.
  var entry: UInt32

  /// position u64, day u32, entry u32, each big-endian.
  var bytes: [UInt8] {
    func spelled(_ number: UInt64, _ count: Int) -> [UInt8] {
      (1...count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - $0))) }
    }
    return spelled(position, 8) + spelled(UInt64(day.number), 4) + spelled(UInt64(entry), 4)
  }

  init(position: LogPosition, day: Day, entry: UInt32 = 0) {
    (self.position, self.day, self.entry) = (position, day, entry)
  }

  init(_ bytes: [UInt8]) throws(QueryFailure) {
    func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    guard bytes.count == 16,
      let day = Day(yyyymmdd: UInt32(truncatingIfNeeded: number(8..<12)))
    else {
      throw .invalid(
        "This is no place that an earlier part gave.", field: "resume_after", rule: .cursor)
    }
    self.init(position: number(0..<8), day: day, entry: UInt32(truncatingIfNeeded: number(12..<16)))
  }
}

/// Takes of a state's lists what one part has room for.
struct StatePager {
  /// Entries that come before the part.
  private var before: Int
  private var bytesLeft: Int
  private var taken = 0
  private var isFull = false
  private let arena: Arena

  /// Bytes of a part's entries, about: with what stands in every part it stays far below a frame.
  static let bytesMax = 1 << 20

  init(from entry: UInt32, arena: Arena) {
    before = Int(entry)
    bytesLeft = Self.bytesMax
    self.arena = arena
  }

  /// A state with the part of its lists; the entry that the next part begins with, if there is one.
  static func of(
    _ state: StreamState, from entry: UInt32, arena: Arena
  ) -> (state: StreamState, next: UInt32?) {
    var part = StatePager(from: entry, arena: arena)
    let state = part.take(state)
    return (state, part.isFull ? UInt32(clamping: Int(entry) + part.taken) : nil)
  }

  private mutating func take(_ state: StreamState) -> StreamState {
    switch state {
    case .registry(var state):
      state.requirements = KeyedList(take(state.requirements))
      state.settled = KeyedList(take(state.settled))
      state.categories = KeyedList(take(state.categories))
      return .registry(state)
    case .framework(var state):
      state.skills = KeyedList(take(state.skills))
      state.crosswalks = KeyedList(take(state.crosswalks))
      return .framework(state)
    case .agreement(var state):
      state.targets = KeyedList(take(state.targets))
      state.targetClaims = KeyedList(take(state.targetClaims))
      state.resultClaims = KeyedList(take(state.resultClaims))
      state.reconciliations = take(state.reconciliations)
      state.aggregates = KeyedList(take(state.aggregates))
      return .agreement(state)
    case .course(var state):
      state.editions = take(state.editions)
      return .course(state)
    // Their lists are short, or kept so where they are recorded: `StreamState.entriesMax`.
    case .organisation, .officer, .authorisation, .instrument, .programme, .cohort, .enrolment,
      .submission, .credential, .skillClaim, .mandate, .duty:
      return state
    }
  }

  private mutating func take<E: Message>(_ list: some Collection<E>) -> [E] {
    guard before < list.count else {
      before -= list.count
      return []
    }
    var part: [E] = []
    for entry in list.dropFirst(before) {
      let bytes = Codec.encode(entry, arena: arena).count
      // One at least, or no part would ever come to the next.
      guard !isFull, taken == 0 || bytes <= bytesLeft else {
        isFull = true
        break
      }
      bytesLeft -= bytes
      taken += 1
      part.append(entry)
    }
    before = 0
    return part
  }
}

extension ReadSession {
  /// Bytes of a state that is given whole: a frame holds as much.
  package static let wholeBytesMax = 4 << 20

  /// Refuses an answer that is too long to be given whole, and says how to ask.
  package func whole(_ answer: [UInt8]) throws(QueryFailure) -> [UInt8] {
    guard answer.count <= Self.wholeBytesMax else {
      throw .tooMuch(
        "The state has \(answer.count) bytes, more than one answer: ask for it in parts.",
        field: "in_parts", rule: .frameLengthMax)
    }
    return answer
  }

  /// One stream is folded in one piece, also as of an older position: `StreamLimits` bounds it, as
  /// each late fact's own fold is. It is asked off the loop.
  package func stream(_ question: GetStreamRequest) throws -> GetStreamReply {
    let cursor = try begin(
      question.resumeAfter, on: question.on, atLeast: question.atLeast, at: question.atPosition)
    var events: UInt32 = 0
    if let row = try readModel.row(of: question.stream) {
      events = UInt32(
        clamping: try store.positions(of: question.stream, row, readModel)
          .count { $0 < cursor.position })
    }
    var reply = GetStreamReply(
      state: try readModel.state(
        of: question.stream, on: cursor.day, knownAt: cursor.position),
      events: events, asOf: cursor.position)
    guard question.inParts, let state = reply.state else { return reply }
    let (part, next) = StatePager.of(state, from: cursor.entry, arena: arena)
    reply.state = part
    reply.resumeAfter = resuming(cursor, next)
    return reply
  }

  /// Where an answer that may come in parts begins.
  func begin(
    _ resumeAfter: [UInt8], on day: Day?, atLeast: UInt64, at position: UInt64?
  ) throws -> StateCursor {
    let cursor =
      resumeAfter.isEmpty
      ? StateCursor(position: position ?? readModel.asOf, day: day ?? today)
      : try StateCursor(resumeAfter)
    try check(atLeast: atLeast, at: cursor.position)
    return cursor
  }

  func resuming(_ cursor: StateCursor, _ next: UInt32?) -> [UInt8] {
    next.map { StateCursor(position: cursor.position, day: cursor.day, entry: $0).bytes } ?? []
  }
}
