import Testing
import Wire

@Test func `Every vector of good frames is read as it says`() throws {
  let rows = try Vectors<FrameRow>("frames").rows
  #expect(rows.count >= 20)
  for row in rows {
    var receiver = Receiver()
    try receiver.receive(Hex.bytes(row.bytes))
    #expect(receiver.frames == row.frames, "\(row.name)")
    #expect(receiver.kept.isEmpty, "\(row.name)")
  }
}

@Test func `Every vector of good frames is written as it says`() throws {
  for row in try Vectors<FrameRow>("frames").rows {
    let bytes = row.frames.flatMap { frame in
      let type = FrameType.allCases.first { $0.name == frame.type }!
      let metadata = Hex.bytes(frame.metadata)
      let payload = metadata + Hex.bytes(frame.payload)
      return FrameHeader(
        type, payloadLength: payload.count, flags: frame.flags, metadataLength: metadata.count,
        call: frame.call, argument: frame.argument
      ).bytes + payload
    }
    #expect(Hex.text(bytes) == row.bytes, "\(row.name)")
  }
}

@Test func `Every vector to be refused is refused by its name`() throws {
  let rows = try Vectors<RefusedRow>("refused").rows
  #expect(rows.count >= 60)
  for row in rows {
    let error = #expect(throws: FrameError.self, "\(row.name)") {
      let bytes = Hex.bytes(row.bytes)
      if row.preface == true {
        _ = try FrameDecoder.preface(bytes)
      } else {
        var receiver = Receiver()
        try receiver.receive(bytes)
      }
    }
    #expect(error?.rule.rawValue == row.error, "\(row.name)")
  }
}

@Test func `Each way to be no frame has a vector`() throws {
  let named = Set(try Vectors<RefusedRow>("refused").rows.map(\.error))
  let all: [FrameError] = [
    .wrongPreface, .reservedByte(1), .reservedBit, .unknownType(0), .unknownCriticalFlag(2),
    .frameTooLong(1, max: 0), .metadataTooLong(1, max: 0), .metadataPastEnd,
    .metadataForbidden(.ping), .payloadForbidden(.ping), .callMissing(.call),
    .callForbidden(.ping), .callHeadCut,
  ]
  #expect(named == Set(all.map(\.rule.rawValue)))
}

@Test(arguments: 0..<200 as Range<UInt64>)
func `Any split of the bytes gives the same frames`(seed: UInt64) throws {
  var random = Seeded(seed)
  let rows = try Vectors<FrameRow>("frames").rows.filter { $0.bytes.count < 1000 }
  let chosen = (0..<20).map { _ in rows.randomElement(using: &random)! }
  let bytes = chosen.flatMap { Hex.bytes($0.bytes) }
  var receiver = Receiver()
  var rest = bytes[...]
  while !rest.isEmpty {
    let length = Int.random(in: 0...min(rest.count, 40), using: &random)
    try receiver.receive(rest.prefix(length))
    rest = rest.dropFirst(length)
  }
  #expect(receiver.frames == chosen.flatMap(\.frames))
  #expect(receiver.kept.isEmpty)
}

@Test func `Bytes that end at any place give the frames before it, and no error`() throws {
  let row = try #require(try Vectors<FrameRow>("frames").rows.first { $0.frames.count == 3 })
  let bytes = Hex.bytes(row.bytes)
  let ends = row.frames.reduce(into: [0]) { ends, frame in
    ends.append(ends.last! + FrameHeader.length + frame.payload.count / 2)
  }
  for length in 0...bytes.count {
    var receiver = Receiver()
    try receiver.receive(bytes.prefix(length))
    #expect(receiver.frames.count == ends.count { $0 <= length } - 1, "\(length) bytes")
  }
}

@Test func `A preface that is cut at any place is neither whole nor wrong`() throws {
  for length in 0..<Protocol.preface.count {
    let cut = Array(Protocol.preface.prefix(length))
    #expect(try !FrameDecoder.preface(cut))
  }
  let whole = Protocol.preface + [0]
  #expect(try FrameDecoder.preface(whole))
}

@Test func `A frame too long is refused before any of its payload has come`() {
  let header = FrameHeader(.call, payloadLength: 4 << 20 + 1, call: 1)
  #expect(throws: FrameError.frameTooLong(header.payloadLength, max: 4 << 20)) {
    _ = try FrameDecoder.cut(header.bytes, limits: Limits())
  }
}

@Test(arguments: [0, 8, 100, (4 << 20) - 1, 4 << 20])
func `A frame up to the limit is waited for`(length: Int) throws {
  let header = FrameHeader(.result, payloadLength: length, call: 1)
  let cut = try FrameDecoder.cut(header.bytes, limits: Limits())
  #expect(cut == (length == 0 ? .frame(header) : .more))
}

@Test(arguments: 0..<500 as Range<UInt64>)
func `A header is read back as it was written, or refused`(seed: UInt64) throws {
  var random = Seeded(seed)
  for _ in 0..<100 {
    let first = random.next() & 0x0000_00FF_FFFF_FFFF & ~(random.next() & 0xFF_FF00_0000)
    let second = random.next() & random.next() & random.next()
    guard let header = try? FrameHeader(first, second, limits: Limits()) else { continue }
    #expect(header.words == (first, second))
  }
}

@Test func `The seventeen status codes are gRPC's`() {
  #expect(StatusCode.allCases.map(\.rawValue) == Array(0...16))
  #expect(StatusCode.deadlineExceeded.name == "DEADLINE_EXCEEDED")
  #expect(StatusCode.ok.name == "OK")
  #expect(StatusCode.unauthenticated.rawValue == 16)
  #expect(
    StatusCode.allCases.filter { !$0.isTransport }.map(\.rawValue) == [3, 5, 6, 9, 10, 11, 15])
}
