import Messages
import Projections
import Registry
import RegistryStorage

/// What a number of an agreement's dashboard counts, by the same walk as the number itself.
struct AgreementLineage: Sendable {
  private let number: AgreementNumber
  /// Nil before it is known what there is to go through.
  private var walk: AgreementWalk?
  private var lineage: [Lineage.Item] = []
  /// Each person once, by what they completed first.
  private var first: [Identifier: CountedTraining] = [:]

  init(_ number: AgreementNumber) { self.number = number }

  /// Bytes that it keeps, about.
  var gatheredBytes: Int {
    (lineage.count + first.count) * MemoryLayout<CountedTraining>.stride
      + (walk?.gatheredBytes ?? 0)
  }

  /// The lineage; nil when the slice was over first.
  mutating func work(
    _ explanation: Explanation, _ slice: TimeSlice
  ) throws -> [Lineage.Item]? {
    let trainings = AgreementTrainings(
      explanation.session, number.agreement, on: explanation.day, knownAt: explanation.position)
    var going: AgreementWalk
    if let walk {
      going = walk
      // Held once, so that what it gathered is not copied for each step.
      self.walk = nil
    } else {
      let stream = StreamID(.agreement, number.agreement)
      guard
        let state = try explanation.readModel.state(
          of: stream, on: explanation.day, knownAt: explanation.position)?.agreement
      else { return [] }
      if number.figure == .reported { return try explanation.reported(stream, state, number) }
      for programme in try trainings.programmes().map(\.stream) where isAsked(programme) {
        lineage += try explanation.links(of: programme, to: number.agreement)
      }
      going = try AgreementWalk(trainings)
    }
    let isDone = try going.work(trainings, slice) { take($0, explanation) }
    guard isDone else {
      walk = going
      return nil
    }
    return lineage
      + first.values.sorted { $0.person < $1.person }.map { .training($0, .people) }
  }

  private func isAsked(_ under: StreamID) -> Bool {
    number.programme.map { under.key == $0 } ?? true
  }

  private mutating func take(_ training: CountedTraining, _ explanation: Explanation) {
    guard isAsked(training.under), explanation.counts(training, for: number.figure) else { return }
    guard number.figure == .people else {
      lineage.append(.training(training, number.figure))
      return
    }
    func order(_ row: RollRow) -> (Day, Identifier) {
      (row.completedOn ?? .distantFuture, row.enrolment)
    }
    if let known = first[training.person], order(known.row) < order(training.row) { return }
    first[training.person] = training
  }
}
