import Locking
import Messages
import NIOPosix
import Testing
import UjuziClient
import Wire

@testable import Server

/// Unary answers that are computed in slices, each in its connection's turn.
struct SlicedCallTests {
  @Test(arguments: [0, 1, 30])
  func `The answer comes when its last slice is done`(slices: UInt8) async throws {
    try await withServer { server, service in
      let client = try await connect(server)
      #expect(try await client.call(ToyService.Toy.sliced.rawValue, [slices, 7, 8]) == [7, 8])
      #expect(service.state.withLock { $0.pulled } == Int(slices) + 1)
      try await eventually("it is not closed") { service.state.withLock { $0.pagesClosed } == 1 }
      await client.close()
    }
  }

  @Test func `An answer that never comes is a failure of its call alone`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      let status = await #expect(throws: CallStatus.self) {
        _ = try await client.call(ToyService.Toy.sliced.rawValue, [3])
      }
      #expect(status?.code == .internal)
      #expect(try await client.call(ToyService.Toy.sliced.rawValue, [3, 1]) == [1])
      await client.close()
    }
  }

  @Test func `Long answers leave short questions their threads`() async throws {
    try await withServer { server, service in
      let client = try await RawClient.connect(server)
      // More than there are threads of any kind.
      for call in 1...4 as ClosedRange<UInt32> {
        try await client.send(RawClient.call(.sliced, [255], id: call))
      }
      try await eventually("not begun") { service.state.withLock { $0.pulled > 8 } }
      let other = try await connect(server)
      for number in 0..<50 as Range<UInt8> {
        #expect(try await other.call(ToyService.Toy.later.rawValue, [number]) == [number])
      }
      await other.close()
      await client.close()
      try await eventually("they go on for nobody") {
        service.state.withLock { $0.pagesClosed } == 4
      }
    }
  }

  @Test func `Who cancels has no more slices computed, and its slot again`() async throws {
    var limits = Limits.patient
    limits.callsMax = 1
    try await withServer(limits: limits) { server, service in
      let client = try await RawClient.connect(server)
      try await client.send(RawClient.call(.sliced, [255], id: 1))
      try await eventually("not begun") { service.state.withLock { $0.pulled > 3 } }
      try await client.send(RawClient.frame(.cancel, call: 1))
      let ended = try await client.frame { $0.header.call == 1 }
      #expect(ended.status?.code == StatusCode.cancelled.rawValue)
      try await eventually("it is not closed") { service.state.withLock { $0.pagesClosed } == 1 }
      let pulled = service.state.withLock { $0.pulled }
      try await client.send(RawClient.call(.sliced, [0, 5], id: 2))
      #expect(try await client.frame { $0.header.call == 2 }.payload == [5])
      #expect(service.state.withLock { $0.pulled } == pulled + 1)
      await client.close()
    }
  }

  @Test func `What is submitted before the threads are started waits for them`() async throws {
    let scheduler = FairScheduler()
    let done = Mutex<[Bool]>([])
    for kind in FairScheduler.Kind.allCases {
      scheduler.submit(kind, of: ObjectIdentifier(scheduler), "a") { isActive in
        done.withLock { $0.append(isActive) }
      }
    }
    #expect(done.withLock { $0 } == [])
    scheduler.start()
    try await eventually("not done") { done.withLock { $0.count } == 3 }
    await scheduler.stop()
    #expect(done.withLock { $0 } == [true, true, true])
  }
}
