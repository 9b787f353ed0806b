import Messages

/// A bounded cache: when it is full, entries that were not used lately are dropped.
struct BoundedCache<Key: Hashable, Value> {
  let countMax: Int
  private var recent: [Key: Value] = [:]
  private var older: [Key: Value] = [:]

  init(countMax: Int) { self.countMax = countMax }

  subscript(key: Key) -> Value? {
    mutating get {
      if let value = recent[key] { return value }
      guard let value = older[key] else { return nil }
      keep(value, for: key)
      return value
    }
    set {
      if let newValue {
        keep(newValue, for: key)
      } else {
        (recent[key], older[key]) = (nil, nil)
      }
    }
  }

  private mutating func keep(_ value: Value, for key: Key) {
    if recent.count >= countMax / 2 { (older, recent) = (recent, [:]) }
    recent[key] = value
  }
}
