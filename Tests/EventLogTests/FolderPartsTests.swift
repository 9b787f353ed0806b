import EventLog
import Foundation
import Registry
import Testing

/// What a start does with what it finds in a folder: every combination.
struct FolderPartsTests {
  static let parts = FolderParts.Part.allCases

  static var all: [FolderParts] {
    var all: [FolderParts] = []
    for log in parts {
      for next in parts {
        for older in parts {
          for secret in parts {
            for keys in parts {
              for bits in 0..<4 {
                all.append(
                  FolderParts(
                    log: log, nextLog: next, olderLog: older, secret: secret, keys: keys,
                    hasViews: bits & 1 != 0, isBeginning: bits & 2 != 0))
              }
            }
          }
        }
      }
    }
    return all
  }

  @Test(arguments: [true, false])
  func `A registry begins only where nothing is, or where a first start was left`(mayBegin: Bool) {
    for parts in Self.all {
      let decision = parts.decide("F", mayBegin: mayBegin)
      let trace = [
        parts.log == .there, parts.secret == .there, parts.keys == .there,
        parts.olderLog != .missing, parts.hasViews,
      ]
      let isNothingThere = !trace.contains(true)
      // A first start makes the vault, and then the log: views come after it.
      let isLeft =
        parts.isBeginning && parts.log != .there && parts.olderLog == .missing && !parts.hasViews
      #expect(
        (decision == .begin) == (mayBegin && (isNothingThere || isLeft)), "\(parts): \(decision)")
    }
  }

  @Test func `A log without a vault, and a vault or views without a log, are refused`() {
    for parts in Self.all {
      let decision = parts.decide("F", mayBegin: true)
      if parts.log == .there {
        guard parts.secret != .there else {
          #expect(decision == .open, "\(parts)")
          continue
        }
        guard case .refuse(let failure) = decision else {
          Issue.record("\(parts): \(decision)")
          continue
        }
        #expect(failure.sentence.contains("The vault of the registry in F is missing"))
      } else if parts.hasViews || (!parts.isBeginning && parts.keys == .there),
        parts.nextLog == .missing || parts.olderLog != .there
      {
        guard case .refuse(let failure) = decision else {
          Issue.record("\(parts): \(decision)")
          continue
        }
        #expect(failure.kind == .incomplete)
        #expect(failure.sentence.contains("Nothing was changed"), "\(failure.sentence)")
      }
    }
  }

  @Test func `An upgrade is finished where the older log was moved away and the new one was not`() {
    for parts in Self.all {
      let isBetween = parts.log != .there && parts.nextLog != .missing && parts.olderLog == .there
      #expect((parts.decide("F", mayBegin: true) == .finishUpgrade) == isBetween, "\(parts)")
    }
  }

  @Test func `Only what is missing counts as missing`() throws {
    let folder = EventLogTests.folder()
    #expect(try FolderParts(of: folder) == FolderParts())
    #expect(try FolderParts(of: "/dev/null") == FolderParts())
    try FileManager.default.createDirectory(
      atPath: folder + "/log", withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: folder + "/log/data.mdb"))
    try Data([1]).write(to: URL(fileURLWithPath: folder + "/views.mark"))
    #expect(try FolderParts(of: folder) == FolderParts(log: .empty, hasViews: true))
    // A name that no system takes is no absence.
    let long = folder + "/" + String(repeating: "x", count: 300)
    #expect(throws: FolderFailure.self) { try FolderParts(of: long) }
    try FileManager.default.removeItem(atPath: folder)
  }

  static let own = [UInt8](repeating: 1, count: 16)
  static let other = [UInt8](repeating: 2, count: 16)

  @Test(
    arguments: [
      (own, 5, nil), (own, 6, nil), (own, 4, "is older than the log"),
      (own, 0, "is older than the log"), (other, 5, "is of another registry"),
      (other, 9, "is of another registry"),
    ] as [([UInt8], UInt32, String?)])
  func `A vault belongs to the log, and reaches at least as far`(
    id: [UInt8], reach: UInt32, words: String?
  ) {
    let failure = VaultCheck.failure(
      of: "F", id: id, reach: reach,
      beside: LogIdentity(id: Self.other, vaultID: Self.own, vaultReach: 5))
    #expect((failure == nil) == (words == nil))
    if let words { #expect(failure?.sentence.contains(words) == true) }
  }
}
