import Foundation
import LMDB
import Locking
import Messages
import Registry
import Testing

@testable import EventLog
@testable import Queries
@testable import RegistryStorage

/// What a registry says of itself: that it records, or why not.
struct ReadinessTests {
  /// Disks as tests have them: by the last part of a path, its device and what is left.
  private final class Disks: Sendable {
    let rooms = Mutex<[String: FileSystem.Room]>([:])

    init(_ free: UInt64 = 1 << 40) {
      for part in ["log", "vault", "views"] { set(part, free) }
    }

    func set(_ part: String, device: UInt64 = 1, _ free: UInt64) {
      rooms.withLock {
        $0[part] = FileSystem.Room(device: device, freeBytes: free, totalBytes: 1 << 41)
      }
    }

    func readiness() -> Readiness {
      Readiness([("log", "/srv/u/log"), ("vault", "/srv/u/vault"), ("views", "/srv/u/views")]) {
        path in
        self.rooms.withLock { $0[String(path.split(separator: "/").last ?? "")] }
      }
    }
  }

  @Test func `A registry with room serves, and names a disk that is nearly full`() {
    let disks = Disks()
    #expect(disks.readiness().word == .init(serving: .yes, detail: ""))
    disks.set("vault", device: 2, 40 << 20)
    let word = disks.readiness().word
    #expect(word.serving == .yes)
    #expect(word.detail == "The disk of the registry's vault is nearly full: 40 MiB are left.")
    let parts = disks.readiness().disks.map(\.parts)
    #expect(parts == ["log, views", "vault"], "each disk once")
  }

  @Test(arguments: [("log", "log"), ("views", "views"), ("vault", "vault")])
  func `A full disk is said before anybody tries, and no more once there is room`(
    part: String, named: String
  ) throws {
    let disks = Disks()
    disks.set(part, device: 9, 1000)
    let word = disks.readiness().word
    #expect(word.serving == .readOnly)
    #expect(word.detail.hasPrefix("The disk of the registry's \(named) is full: "), "\(word)")
    disks.set(part, device: 9, 1 << 40)
    #expect(disks.readiness().word.serving == .yes)
  }

  @Test func `A disk that hangs makes nobody wait but who looks at it`() {
    let (begun, released) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let readiness = Readiness([("log", "/srv/u/log")]) { _ in
      begun.signal()
      released.wait()
      return FileSystem.Room(device: 1, freeBytes: 10, totalBytes: 1 << 41)
    }
    let looked = DispatchSemaphore(value: 0)
    DispatchQueue(label: "looks").async {
      _ = readiness.word
      looked.signal()
    }
    begun.wait()
    // As last seen; this would never return if it waited for the disk.
    #expect(readiness.word.serving == .yes)
    readiness.close("The store stopped.")
    #expect(readiness.word.serving == .readOnly)
    released.signal()
    looked.wait()
    #expect(readiness.disks.map(\.freeBytes) == [10])
  }

  @Test func `What failed for a full disk goes by itself, since nobody tries while it is said`() {
    let disks = Disks(10)
    let readiness = disks.readiness()
    readiness.failed("committing to /srv/u/log: the disk is full.", isForRoom: true)
    #expect(readiness.word.serving == .readOnly)
    disks.set("log", 1 << 40)
    disks.set("vault", 1 << 40)
    disks.set("views", 1 << 40)
    Thread.sleep(forTimeInterval: 1.1)
    #expect(readiness.word == .init(serving: .yes, detail: ""))
  }

  @Test func `What failed otherwise stays until something is recorded, and names no path`() {
    let readiness = Disks().readiness()
    // Of a quota nothing is seen in the disk's figures.
    for isForRoom in [false, true] {
      readiness.failed("committing to /srv/u/log: Disk quota exceeded.", isForRoom: isForRoom)
      #expect(
        readiness.word
          == .init(serving: .readOnly, detail: "committing to log: Disk quota exceeded."))
      readiness.recorded()
      #expect(readiness.word.serving == .yes)
    }
  }

  @Test func `What is closed stays closed, and a server that stops says so first`() {
    let readiness = Disks().readiness()
    readiness.close("The store stopped. Start the server again.")
    readiness.close("Something later.")
    readiness.recorded()
    #expect(
      readiness.word
        == .init(serving: .readOnly, detail: "The store stopped. Start the server again."))
    readiness.stop()
    let word = readiness.word
    #expect(word.serving == .draining)
    #expect(word.detail.contains("is stopping") && word.detail.contains("The store stopped."))
  }

  @Test func `A registry tells of a log that took nothing more, and that it does again`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    #expect(registry.store.readiness.word.serving == .yes)
    unsafe registry.store.log.failNextCommit(
      .before(StoreFailure(.permission, doing: "committing to \(registry.folder)/data/log")))
    #expect(throws: (any Error).self) { try registry.given(Fixture.enrolled("e1", "a")) }
    let stopped = registry.store.readiness.word
    #expect(stopped.serving == .readOnly && stopped.detail.hasPrefix("committing to log: "))
    let status = try registry.session { try $0.status() }
    #expect(status.serving == .readOnly && status.servingDetail == stopped.detail)
    #expect(!status.disks.isEmpty && status.disks.allSatisfy { $0.totalBytes > 0 })
    try registry.given(Fixture.enrolled("e1", "a"))
    #expect(registry.store.readiness.word.serving == .yes)
    try registry.end()
  }
}
