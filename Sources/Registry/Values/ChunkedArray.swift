/// An array whose copies share what they have in common: adding to a copy of a long one moves a
/// chunk of it, not all. A stream's history grows by one event at a time while readers keep the one
/// that they were given.
///
/// Elements are added and taken away at the end only.
public struct ChunkedArray<Element> {
  /// Elements of a chunk.
  private static var chunkSize: Int { 64 }

  /// Each of `chunkSize` elements.
  private var full: [[Element]] = []
  /// Fewer than `chunkSize`.
  private var tail: [Element] = []

  public init() {}

  public init(_ elements: some Sequence<Element>) { append(contentsOf: elements) }

  public mutating func append(_ element: Element) {
    tail.append(element)
    guard tail.count == Self.chunkSize else { return }
    full.append(tail)
    tail = []
  }

  public mutating func append(contentsOf elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  public mutating func removeLast() {
    if tail.isEmpty {
      precondition(!full.isEmpty, "there is no element to take away")
      tail = full.removeLast()
    }
    tail.removeLast()
  }

  /// Keeps memory for a few elements.
  public mutating func removeAll() {
    full = []
    tail.removeAll(keepingCapacity: true)
  }

  public func appending(_ element: Element) -> Self {
    var longer = self
    longer.append(element)
    return longer
  }
}

extension ChunkedArray: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { full.count * Self.chunkSize + tail.count }

  public subscript(_ at: Int) -> Element {
    let chunk = at / Self.chunkSize
    return chunk < full.count
      ? full[chunk][at % Self.chunkSize] : tail[at - full.count * Self.chunkSize]
  }
}

extension ChunkedArray: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Element...) { self.init(elements) }
}

extension ChunkedArray: Sendable where Element: Sendable {}
extension ChunkedArray: Equatable where Element: Equatable {}
