import HashTreeCollections

/// An element that a list has once under its key.
public protocol Keyed {
  associatedtype ListKey: Hashable & Sendable
  var listKey: ListKey { get }
}

/// A list in the order in which its elements came, with at most one under each key.
///
/// The part of a state that grows with its stream: a registry has tens of thousands of requirement
/// sets and a framework as many skills. So an element is found without looking at the others, and
/// a copy shares with the original all but the chunk that is changed: every event makes a new state
/// while readers keep older ones.
public struct KeyedList<Element: Keyed & Hashable & Sendable>: Sendable {
  /// Elements of a chunk, at most. A list of one chunk is searched through.
  private static var chunkSize: Int { 64 }

  /// In order; some may be empty, so that the others keep their numbers.
  private var chunks: [[Element]] = []
  /// Key → number of the chunk; kept where there is more than one.
  private var places: TreeDictionary<Element.ListKey, Int> = [:]
  public private(set) var count = 0

  public init() {}

  /// Of elements with the same key the last counts, at the place of the first.
  public init(_ elements: some Sequence<Element>) {
    for element in elements { put(element) }
  }

  /// The element under a key.
  public subscript(_ key: Element.ListKey) -> Element? {
    place(of: key).map { chunks[$0.chunk][$0.at] }
  }

  /// Adds the element at the end, or puts it in the place of the one under its key.
  public mutating func put(_ element: Element) {
    if let place = place(of: element.listKey) {
      chunks[place.chunk][place.at] = element
      return
    }
    if chunks.last.map({ $0.count == Self.chunkSize }) ?? true {
      // One chunk needs no index: it begins with the second.
      if chunks.count == 1 {
        for known in chunks[0] { places[known.listKey] = 0 }
      }
      chunks.append([])
    }
    chunks[chunks.count - 1].append(element)
    if chunks.count > 1 { places[element.listKey] = chunks.count - 1 }
    count += 1
  }

  public mutating func remove(_ key: Element.ListKey) {
    guard let place = place(of: key) else { return }
    chunks[place.chunk].remove(at: place.at)
    places[key] = nil
    count -= 1
  }

  private func place(of key: Element.ListKey) -> Index? {
    let chunk: Int
    if chunks.count > 1 {
      guard let known = places[key] else { return nil }
      chunk = known
    } else {
      guard !chunks.isEmpty else { return nil }
      chunk = 0
    }
    return chunks[chunk].firstIndex { $0.listKey == key }.map { Index(chunk: chunk, at: $0) }
  }
}

extension KeyedList: BidirectionalCollection {
  public struct Index: Comparable, Sendable {
    fileprivate var chunk: Int
    fileprivate var at: Int

    public static func < (a: Self, b: Self) -> Bool { (a.chunk, a.at) < (b.chunk, b.at) }
  }

  public var startIndex: Index { skip(Index(chunk: 0, at: 0)) }
  public var endIndex: Index { Index(chunk: chunks.count, at: 0) }
  public var isEmpty: Bool { count == 0 }

  /// The place itself, or the first one of the next chunk that has any.
  private func skip(_ place: Index) -> Index {
    var place = place
    while place.chunk < chunks.count, place.at == chunks[place.chunk].count {
      place = Index(chunk: place.chunk + 1, at: 0)
    }
    return place
  }

  public func index(after place: Index) -> Index {
    skip(Index(chunk: place.chunk, at: place.at + 1))
  }

  public func index(before place: Index) -> Index {
    var place = place
    while place.at == 0 {
      precondition(place.chunk > 0, "there is nothing before the first element")
      place = Index(chunk: place.chunk - 1, at: chunks[place.chunk - 1].count)
    }
    return Index(chunk: place.chunk, at: place.at - 1)
  }

  public subscript(_ place: Index) -> Element { chunks[place.chunk][place.at] }
}

extension KeyedList: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Element...) { self.init(elements) }
}

extension KeyedList: Hashable {
  // The same elements in the same order, however they came into their chunks.
  public static func == (a: Self, b: Self) -> Bool {
    a.count == b.count && (a.chunks == b.chunks || a.elementsEqual(b))
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for element in self { hasher.combine(element) }
  }
}

extension RequirementSet: Keyed { public var listKey: Whose { whose } }
extension SettledFinding: Keyed {
  public struct ListKey: Hashable, Sendable {
    var kind: FindingKind
    var event: EventID

    public init(_ kind: FindingKind, _ event: EventID) {
      self.kind = kind
      self.event = event
    }
  }

  public var listKey: ListKey { ListKey(settled.finding, settled.event) }
}
extension CategoryDefined: Keyed { public var listKey: Identifier { code } }
extension FrameworkSkill: Keyed { public var listKey: Identifier { skill.code } }
extension TargetSet: Keyed { public var listKey: Identifier { target } }
extension TargetClaimed: Keyed { public var listKey: Identifier { claim } }
extension ResultClaimed: Keyed { public var listKey: Identifier { claim } }
extension AggregateReported: Keyed { public var listKey: Identifier { report } }

extension Crosswalk: Keyed {
  public struct ListKey: Hashable, Sendable {
    var skill: Identifier
    var otherFramework: Identifier
    var otherSkill: Identifier
  }

  public var listKey: ListKey {
    ListKey(skill: skill, otherFramework: otherFramework, otherSkill: otherSkill)
  }
}

extension CrosswalkWithdrawn {
  /// Of what it withdraws.
  var crosswalk: Crosswalk.ListKey {
    Crosswalk.ListKey(skill: skill, otherFramework: otherFramework, otherSkill: otherSkill)
  }
}
