import Projections
import Registry

/// What a rebuild replaced, to be compared with what it gave.
package enum ReplacedViews: Sendable {
  /// The tables as their rows were, caught up with the log.
  ///
  /// So many events of theirs were computed by an earlier rebuild, at a start or on purpose, and not
  /// as they were recorded: of these, what is compared with the rebuild is a rebuild.
  case tables([Views.Digest], computedTo: LogPosition)
  /// Nothing that could be compared, and why.
  case nothing(String)
}
