import EventLog
import Files
import Foundation
import Testing

/// Whether views may be trusted at a start: every combination of what the mark may say.
struct ViewsMarkTests {
  static let now = ViewsMark(
    state: .dirty, bootID: "boot", device: 1, inode: 2, logID: "log", fingerprint: "code",
    position: 0)

  @Test(arguments: [ViewsMark.State.dirty, .clean], [true, false])
  func `Views are caught up only when all that vouches for them agrees`(
    state: ViewsMark.State, sameBoot: Bool
  ) {
    for bits in 0..<32 {
      var mark = Self.now
      mark.state = state
      if !sameBoot { mark.bootID = "another" }
      if bits & 1 != 0 { mark.logID = "another" }
      if bits & 2 != 0 { mark.fingerprint = "another" }
      if bits & 4 != 0 { mark.device = 9 }
      if bits & 8 != 0 { mark.inode = 9 }
      let ahead = bits & 16 != 0
      let decision = ViewsMark.decide(
        mark, now: Self.now, viewsPosition: ahead ? 11 : 10, logEnd: 10)
      let trusted = bits == 0 && (state == .clean || sameBoot)
      #expect((decision == .catchUp) == trusted, "\(state) \(sameBoot) \(bits)")
    }
  }

  @Test func `Without a mark, or a position, everything is rebuilt`() {
    #expect(ViewsMark.decide(nil, now: Self.now, viewsPosition: 1, logEnd: 1) != .catchUp)
    #expect(ViewsMark.decide(Self.now, now: Self.now, viewsPosition: nil, logEnd: 1) != .catchUp)
  }

  @Test func `A torn mark is no mark`() throws {
    let path = NSTemporaryDirectory() + "mark-" + UUID().uuidString
    try Self.now.write(path)
    #expect(try ViewsMark.read(path) == Self.now)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for length in 0..<(whole.count - 1) {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(try ViewsMark.read(path) == nil, "\(length) bytes")
    }
    try Self.now.write(path)
    FileFaults.inject(.init(.read, path, EIO))
    #expect(throws: FileFailure.self) { try ViewsMark.read(path) }
    #expect(try ViewsMark.read(path) == Self.now)
    try FileManager.default.removeItem(atPath: path)
    #expect(try ViewsMark.read(path) == nil)
  }
}
