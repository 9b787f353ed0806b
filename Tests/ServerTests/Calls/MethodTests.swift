import Messages
import Testing
import Wire

/// The methods of the schema, each called over a real socket.
struct MethodTests {
  /// The first answer to an empty request.
  private func answer(_ number: UInt32, _ shape: MethodShape?, revision: UInt32, _ port: RawClient)
    async throws -> RawFrame
  {
    let head: [UInt8] = [0, 0, 0, UInt8(number), 0, 0, 0, UInt8(revision)]
    let isExchange = shape == .exchange
    try await port.send(
      RawClient.frame(.call, head, flags: isExchange ? 0 : FrameHeader.end, call: 1))
    if isExchange {
      try await port.send(RawClient.frame(.data, flags: FrameHeader.end, call: 1))
    }
    return try await port.frame {
      $0.header.call == 1 && [.result, .status, .data].contains($0.header.type)
    }
  }

  @Test func `Every method of the schema has somebody who answers it`() async throws {
    try await WatchTests().withRegistry { server, _ in
      for method in Method.allCases {
        let client = try await RawClient.connect(server)
        let first = try await answer(
          method.rawValue, method.shape, revision: method.revision, client)
        if first.header.type == .status {
          let code = first.status?.code
          #expect(
            code != StatusCode.unimplemented.rawValue && code != StatusCode.internal.rawValue,
            "\(method.name): \(first.status.map { "\($0)" } ?? "no status")")
        }
        await client.close()
      }
      let stranger = try await RawClient.connect(server)
      let refused = try await answer(250, nil, revision: 1, stranger)
      #expect(refused.status?.code == StatusCode.unimplemented.rawValue)
      await stranger.close()
    }
  }
}
