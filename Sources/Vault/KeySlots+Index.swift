import Files

/// The index that a clean stop keeps, and the slots that it stands for.
extension KeySlots {
  /// Slots that are read at once while others wait.
  private static let slotsRechecked: UInt32 = 512

  // MARK: keeping it

  /// What the last clean stop knew; nil where that is not sure, so that the slots are to be read.
  ///
  /// - Throws: where the keys' own file cannot be looked at.
  func keptIndex() throws(FileFailure) -> KeptIndex? {
    // Whatever is wrong with the index, the slots say the same.
    guard let bytes = try? File.contentsIfThere(of: indexPath), let kept = KeptIndex(bytes),
      kept.file == (try file.figures())
    else { return nil }
    return kept
  }

  func take(_ kept: KeptIndex) {
    (index, count, room) = (kept.index, kept.count, kept.room)
    (holes, damaged) = (Int(kept.holes), Set(kept.damaged))
    for (head, slot) in kept.superseded { superseded[head, default: []].append(slot) }
    (hasIndex, isIndexRight) = (true, true)
  }

  /// Takes the index away, and brings that to the disk: what is written next, it does not know.
  ///
  /// Its figures of the file would not be enough. Slots are written within the file's length, and
  /// synced without the file's times: after a power cut those may be as they were.
  func forgetIndex() throws(FileFailure) {
    guard hasIndex else { return }
    isIndexRight = false
    try File.remove(indexPath)
    hasIndex = false
  }

  /// Keeps the index for the next start, once all that was written is on the disk.
  func keepIndex() {
    guard !isIndexRight, count >= indexedFrom else { return }
    // Also what another process wrote that was killed. Without an index the next start only takes
    // longer, so that nobody is told.
    guard (try? file.syncData()) != nil, let figures = try? file.figures() else { return }
    let kept = KeptIndex(
      file: figures, count: count, room: room, holes: UInt32(clamping: holes), index: index,
      superseded: superseded.flatMap { head, slots in slots.map { (head, $0) } },
      damaged: damaged.sorted())
    guard (try? File.replace(indexPath, with: kept.bytes)) != nil else { return }
    (hasIndex, isIndexRight) = (true, true)
  }

  // MARK: the slots again

  /// See `Vault.recheck(from:)`.
  func recheck(
    from first: UInt32
  ) throws(VaultFailure) -> (damaged: [UInt32], checked: Int, next: UInt32?) {
    guard first < count else { return ([], 0, nil) }
    let end = min(count, first + Self.slotsRechecked)
    let bytes: [UInt8]
    do {
      bytes = try file.read(
        at: Int(first) * KeySlot.length, count: Int(end - first) * KeySlot.length)
    } catch {
      throw VaultFailure(error, otherwise: .io)
    }
    var others: Set<UInt32> = []
    for slot in first..<end {
      let start = Int(slot - first) * KeySlot.length
      if start < bytes.count, case .officer(let head) = KeySlot.look(bytes, at: start),
        index[head] == slot || superseded[head]?.contains(slot) ?? false
      {
        continue
      }
      if !damaged.contains(slot) { others.insert(slot) }
    }
    return (others.isEmpty ? [] : try lose(others), Int(end - first), end < count ? end : nil)
  }

  /// Slots that are not as they were written, as if they had been found so at the start: their
  /// officers' keys stand nowhere, or where they stood before. What is nobody's matters not.
  private func lose(_ slots: Set<UInt32>) throws(VaultFailure) -> [UInt32] {
    let owners = index.owners(of: slots)
    guard !owners.isEmpty else { return [] }
    do { try forgetIndex() } catch { throw VaultFailure(error, otherwise: .io) }
    for (head, slot) in owners {
      damaged.insert(slot)
      _ = index.update(head, superseded[head]?.popLast())
    }
    assert(violations().isEmpty, "\(violations())")
    return owners.map(\.slot).sorted()
  }
}
