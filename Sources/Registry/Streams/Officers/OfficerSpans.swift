/// An officer's standing and posting through time, as part of the state: what a question about any
/// day reads without folding.
extension Officer {
  /// Takes down what is so from a day on; days come in the order of the fold.
  mutating func note(_ day: Day) {
    let span = PostingSpan(from: day, status: status, posting: posting)
    guard let last = spans.last else { return spans.append(span) }
    if last.status == span.status, last.posting == span.posting { return }
    if last.from == day {
      spans.removeLast()
      // What a day ended with may be what the day before did.
      if let before = spans.last, before.status == span.status, before.posting == span.posting {
        return
      }
    }
    spans.append(span)
  }

  /// What was so on a day; nil before the first.
  public func span(on day: Day) -> PostingSpan? { spans.last { $0.from <= day } }
}

extension OfficerStatus {
  /// Whether somebody serves: who is separated, dead or merged into another record does not.
  public var serves: Bool {
    switch self {
    case .active, .acting, .seconded, .onLeave, .suspended: true
    case .separated, .deceased, .merged: false
    }
  }
}
