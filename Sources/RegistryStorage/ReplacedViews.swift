import Projections

/// What a rebuild replaced, to be compared with what it gave.
package enum ReplacedViews: Sendable {
  /// The tables as their rows were, caught up with the log.
  case tables([Views.Digest])
  /// Nothing that could be compared, and why.
  case nothing(String)
}
