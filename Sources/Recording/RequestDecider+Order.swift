import EventLog
import Messages
import Projections
import Registry

/// In which order a request's items are decided, and which of them together.
extension RequestDecider {
  /// Decides a request: as a whole where it is atomic, otherwise item by item, the items of a group
  /// together.
  ///
  /// A group is decided in the place of its first item; where it cannot stand there, since it refers
  /// to an item between, in the place of its last. Where it can stand in neither, the reason of its
  /// own place is told, the first, unless the other shows that what stands between mended that.
  ///
  /// - Parameter kept: gets each event, in the order of the log.
  func decide(_ job: DecodedRequest, keeping kept: inout [LogEntry]) throws -> [RecordOutcome] {
    if job.items.count == 1 { return [try decideOne(job.items[0], job, keeping: &kept)] }
    var outcomes = [RecordOutcome?](repeating: nil, count: job.items.count)
    let all = Array(job.items.indices)
    if job.atomic {
      try decideTogether(all, of: job, &outcomes, keeping: &kept)
    } else {
      try decideInTurn(all, of: job, &outcomes, keeping: &kept)
    }
    assert(!outcomes.contains { $0 == nil }, "an item without an outcome")
    return outcomes.compactMap(\.self)
  }

  private func decideInTurn(
    _ all: [Int], of job: DecodedRequest, _ outcomes: inout [RecordOutcome?],
    keeping kept: inout [LogEntry]
  ) throws {
    let groups = job.groups
    var alone: [Int] = []
    /// Of groups that are tried again, what became of them in the first place.
    var first: [UInt32: [RecordOutcome?]] = [:]
    for index in all where outcomes[index] == nil {
      let name = job.items[index].group
      guard let group = groups[name], let begin = group.first, let last = group.last
      else {
        alone.append(index)
        continue
      }
      guard index == begin || index == last else { continue }
      _ = try decideEach(alone, of: job, &outcomes, keeping: &kept)
      alone.removeAll()
      let isRecorded = try decideTogether(group, of: job, &outcomes, keeping: &kept)
      guard !isRecorded else { continue }
      if index == begin, last - begin >= group.count {
        first[name] = outcomes
        for index in group { outcomes[index] = nil }
      } else if let before = first[name], !Self.mended(group, before, by: outcomes) {
        for index in group { outcomes[index] = before[index] }
      }
    }
    _ = try decideEach(alone, of: job, &outcomes, keeping: &kept)
  }

  /// Whether a group that stands nowhere got further in its second place: another item fails there,
  /// after the one that failed first, or that one no longer for what it lacked.
  private static func mended(
    _ group: [Int], _ before: [RecordOutcome?], by after: [RecordOutcome?]
  ) -> Bool {
    guard let first = group.first(where: { before[$0]?.isRejected ?? false }),
      let second = group.first(where: { after[$0]?.isRejected ?? false })
    else { return true }
    guard first == second else { return first < second }
    return before[first]?.isForLackOfAnother ?? false
  }

  /// All or none: where one is rejected, the others are not recorded because of it.
  ///
  /// - Returns: whether none was rejected.
  @discardableResult
  private func decideTogether(
    _ indices: [Int], of job: DecodedRequest, _ outcomes: inout [RecordOutcome?],
    keeping kept: inout [LogEntry]
  ) throws -> Bool {
    let before = kept.count
    return try unitOfWork.tentatively {
      let stopped = try decideEach(indices, of: job, stopping: true, &outcomes, keeping: &kept)
      let found = stopped ?? indices.first { outcomes[$0]?.isRejected ?? true }
      guard let found else { return (keep: true, true) }
      kept.removeLast(kept.count - before)
      for index in indices where index != found {
        outcomes[index] = .notRecorded(NotRecorded(becauseOf: UInt32(clamping: found)))
      }
      return (keep: false, false)
    }
  }

  /// Decides items one after the other.
  ///
  /// What cannot stand where it would, or says nothing new there, is held, and tried again with what
  /// the request says later of the same stream: a leave of last year and its end may stand together
  /// where neither could alone. No part of what only stands together is recorded without the rest.
  ///
  /// - Parameter stopping: at the first that is rejected for good.
  /// - Returns: where it stopped.
  private func decideEach(
    _ indices: [Int], of job: DecodedRequest, stopping: Bool = false,
    _ outcomes: inout [RecordOutcome?], keeping kept: inout [LogEntry]
  ) throws -> Int? {
    var held = HeldItems(job, among: indices)
    for index in indices {
      let item = job.items[index]
      let outcome = try decideOne(item, job, keeping: &kept)
      outcomes[index] = outcome
      if let stream = held.streamIfAny(of: item) {
        var recorded: [Int] = []
        if case .recorded = outcome { recorded = [index] }
        if outcome.mayChangeWithOthers {
          // Of two that say nothing new neither makes the other new.
          let sets = held.tries(with: index, in: stream) { other in
            outcome.isRejected || outcomes[other]?.isRejected ?? false
          }
          for together in sets
          where try decideSet(together, of: job, &outcomes, keeping: &kept) {
            held.release(together, of: stream)
            recorded = together
            break
          }
        }
        try retry(&held, after: recorded, in: stream, job, &outcomes, keeping: &kept)
      }
      guard let outcome = outcomes[index] else { continue }
      let isHeld = outcome.mayStandWithOthers && held.hold(index, outcome)
      if stopping, outcome.isRejected, !isHeld { return index }
    }
    return nil
  }

  /// Tries those alone that wait, for what was recorded just now may be before them.
  private func retry(
    _ held: inout HeldItems, after recorded: [Int], in stream: StreamID, _ job: DecodedRequest,
    _ outcomes: inout [RecordOutcome?], keeping kept: inout [LogEntry]
  ) throws {
    var recorded = recorded
    while !recorded.isEmpty {
      let days = recorded.compactMap { job.items[$0].effective }
      recorded.removeAll()
      for index in held.waiting(in: stream) {
        guard let known = outcomes[index], job.items[index].mayChange(known, after: days),
          held.mayTry(in: stream)
        else { continue }
        let again = try decideOne(job.items[index], job, keeping: &kept)
        if case .recorded = again {
          outcomes[index] = again
          held.release([index], of: stream)
          recorded.append(index)
        }
      }
    }
  }

  /// Decides events of one stream as one, in the order of their days.
  ///
  /// - Returns: whether they can stand so; otherwise nothing of them was recorded.
  private func decideSet(
    _ indices: [Int], of job: DecodedRequest, _ outcomes: inout [RecordOutcome?],
    keeping kept: inout [LogEntry]
  ) throws -> Bool {
    let before = kept.count
    return try unitOfWork.tentatively {
      var found: [RecordOutcome] = []
      for (at, index) in indices.enumerated() {
        let next = at + 1 < indices.count ? job.items[indices[at + 1]].effective : nil
        let companion = next.map { FoldOrder(effective: $0, rank: unitOfWork.next + 1) }
        let outcome = try decideOne(job.items[index], job, before: companion, keeping: &kept)
        // One that changes nothing is no companion: what comes after it was held against neither.
        guard case .recorded(let receipt) = outcome, !receipt.already else {
          kept.removeLast(kept.count - before)
          return (keep: false, false)
        }
        found.append(outcome)
      }
      for (index, outcome) in zip(indices, found) { outcomes[index] = outcome }
      return (keep: true, true)
    }
  }
}

/// Items of a request that could not stand alone, or said nothing new, by their streams.
private struct HeldItems {
  /// Those of one stream that are held, at most, and tries made for them: a request must not have a
  /// long stream folded again and again.
  private static let heldMax = 16
  private static let triesMax = 64

  private let job: DecodedRequest
  private let indices: [Int]
  private var streams: [StreamID: (waiting: [Int], tries: Int)] = [:]
  /// The last item of each stream, once something is held.
  private var last: [StreamID: Int]?

  init(_ job: DecodedRequest, among indices: [Int]) {
    self.job = job
    self.indices = indices
  }

  /// The stream of an item, where others of it are held.
  func streamIfAny(of item: PendingItem) -> StreamID? {
    guard !streams.isEmpty, let stream = item.stream,
      streams[stream]?.waiting.isEmpty == false
    else { return nil }
    return stream
  }

  /// Holds an item, where the request says more of its stream.
  mutating func hold(_ index: Int, _ outcome: RecordOutcome) -> Bool {
    // What is voided already and restored later in the request is not voided again.
    guard let stream = job.items[index].stream, outcome.isRejected || job.items[index].isFact
    else { return false }
    let known = last ?? lastItems
    last = known
    guard known[stream] ?? 0 > index, streams[stream]?.waiting.count ?? 0 < Self.heldMax else {
      return false
    }
    streams[stream, default: ([], 0)].waiting.append(index)
    return true
  }

  private var lastItems: [StreamID: Int] {
    indices.reduce(into: [:]) { last, index in
      if let stream = job.items[index].stream { last[stream] = index }
    }
  }

  /// Those held of a stream, in the order of their days.
  func waiting(in stream: StreamID) -> [Int] { sorted(streams[stream]?.waiting ?? []) }

  mutating func mayTry(in stream: StreamID) -> Bool {
    let tries = streams[stream]?.tries ?? 0
    streams[stream]?.tries = tries + 1
    return tries < Self.triesMax
  }

  /// What an item may stand together with: each that is held, the nearest day first, and all. What
  /// amends an event stands where that one does, and is tried alone.
  mutating func tries(
    with index: Int, in stream: StreamID, where isPossible: (Int) -> Bool
  ) -> [[Int]] {
    guard job.items[index].isFact else { return [] }
    let held = waiting(in: stream).filter { job.items[$0].isFact && isPossible($0) }
    let day = job.items[index].effective?.ordinal ?? 0
    func distance(_ other: Int) -> Int {
      abs((job.items[other].effective?.ordinal ?? 0) - day)
    }
    var all = held.sorted { distance($0) < distance($1) }.map { sorted([$0, index]) }
    if held.count > 1 { all.append(sorted(held + [index])) }
    return all.filter { _ in mayTry(in: stream) }
  }

  mutating func release(_ indices: [Int], of stream: StreamID) {
    streams[stream]?.waiting.removeAll(where: indices.contains)
  }

  private func sorted(_ indices: [Int]) -> [Int] {
    indices.sorted {
      (job.items[$0].effective ?? .distantPast, $0)
        < (job.items[$1].effective ?? .distantPast, $1)
    }
  }
}

extension PendingItem {
  fileprivate var stream: StreamID? { try? proposal.get().stream }
  fileprivate var effective: Day? { try? proposal.get().effective }
  /// Not a correction, a void or a restoration.
  fileprivate var isFact: Bool { (try? proposal.get().corrects == nil) ?? false }
}

extension PendingItem {
  /// Whether what was recorded of some days may give it another outcome. On one day the request's
  /// own order holds.
  fileprivate func mayChange(_ known: RecordOutcome, after days: [Day]) -> Bool {
    guard isFact, let effective else { return true }
    return days.contains { known.isRejected ? $0 != effective : $0 < effective }
  }
}

extension DecodedRequest {
  /// The items of each group that has more than one, in order.
  fileprivate var groups: [UInt32: [Int]] {
    var groups: [UInt32: [Int]] = [:]
    for (index, item) in items.enumerated() where item.group != 0 {
      groups[item.group, default: []].append(index)
    }
    return groups.filter { $0.value.count > 1 }
  }
}

extension RecordOutcome {
  fileprivate var isRejected: Bool { if case .rejected = self { true } else { false } }

  /// Whether another event of the same stream could let it stand, or make it new.
  fileprivate var mayStandWithOthers: Bool {
    switch self {
    case .unchanged: true
    case .rejected: [.contradictsLater, .illegalTransition, .noSuchStream].contains(code)
    case .recorded, .notRecorded: false
    }
  }

  /// The same, or another one that it takes for recorded.
  fileprivate var mayChangeWithOthers: Bool { mayStandWithOthers || code == .wrongVersion }

  /// What it refers to was not there.
  fileprivate var isForLackOfAnother: Bool {
    [.noSuchReference, .noSuchStream, .notInStream, .noAuthority].contains(code)
  }

  private var code: Rejection.Code? {
    if case .rejected(let rejected) = self { Rejection.Code(rawValue: rejected.code) } else { nil }
  }
}
