import Testing

@testable import Registry

/// Long lists that share what they have in common behave as plain arrays do.
@Suite struct KeyedListTests {
  struct Pair: Keyed, Hashable, Sendable {
    var listKey: Int
    var value: UInt64
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `A keyed list is what an array with unique keys is`(seed: UInt64) {
    var random = Seeded(seed)
    let keys = [3, 40, 500].randomElement(using: &random)!
    var (list, model): (KeyedList<Pair>, [Pair]) = ([], [])
    var older: [(KeyedList<Pair>, [Pair])] = []
    for step in 0..<800 {
      let pair = Pair(listKey: Int.random(in: 0..<keys, using: &random), value: random.next())
      let at = model.firstIndex { $0.listKey == pair.listKey }
      if Int.random(in: 0..<5, using: &random) == 0 {
        list.remove(pair.listKey)
        if let at { model.remove(at: at) }
      } else {
        list.put(pair)
        if let at { model[at] = pair } else { model.append(pair) }
      }
      #expect(list.count == model.count && list[pair.listKey] == model.first(of: pair.listKey))
      if step % 97 == 0 { older.append((list, model)) }
    }
    older.append((list, model))
    // A copy that was kept is as it was, whatever came after.
    for (list, model) in older {
      #expect(Array(list) == model && list.isEmpty == model.isEmpty, "seed \(seed)")
      #expect(Array(list.reversed()) == model.reversed(), "seed \(seed)")
      #expect(list.last == model.last && list == KeyedList(model), "seed \(seed)")
      #expect(list.hashValue == KeyedList(model).hashValue, "seed \(seed)")
      for key in 0..<keys { #expect(list[key] == model.first(of: key), "seed \(seed)") }
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `A chunked array is what an array is`(seed: UInt64) {
    var random = Seeded(seed)
    var (chunked, model): (ChunkedArray<UInt64>, [UInt64]) = ([], [])
    var older: [(ChunkedArray<UInt64>, [UInt64])] = []
    for step in 0..<600 {
      if !model.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
        chunked.removeLast()
        model.removeLast()
      } else {
        let next = random.next()
        chunked.append(next)
        model.append(next)
      }
      if step % 61 == 0 { older.append((chunked, model)) }
    }
    older.append((chunked, model))
    for (chunked, model) in older {
      #expect(Array(chunked) == model && chunked.count == model.count, "seed \(seed)")
      #expect(chunked.last == model.last && chunked == ChunkedArray(model), "seed \(seed)")
      #expect(model.indices.allSatisfy { chunked[$0] == model[$0] }, "seed \(seed)")
      #expect(chunked.appending(7).map { $0 } == model + [7], "seed \(seed)")
    }
  }
}

extension [KeyedListTests.Pair] {
  fileprivate func first(of key: Int) -> KeyedListTests.Pair? { first { $0.listKey == key } }
}
