import CMessages
import Foundation

// Answers the conformance runner with the registry's guard and protobuf-c: what the guard refuses
// is a parse error; the rest is unpacked, packed again and sent back.

typealias Request = Conformance__ConformanceRequest
typealias Response = Conformance__ConformanceResponse

/// Reads that many bytes; nil at the end of the input.
func read(_ count: Int) -> [UInt8]? {
  let bytes = FileHandle.standardInput.readData(ofLength: count)
  return bytes.count == count ? Array(bytes) : nil
}

func unpack(
  _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ bytes: [UInt8]
) -> UnsafeMutablePointer<ProtobufCMessage>? {
  protobuf_c_message_unpack(descriptor, nil, bytes.count, bytes)
}

func pack(_ message: UnsafePointer<ProtobufCMessage>) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: protobuf_c_message_get_packed_size(message))
  precondition(protobuf_c_message_pack(message, &bytes) == bytes.count)
  return bytes
}

enum Answer {
  case parseError(String)
  case runtimeError(String)
  case skipped(String)
  case payload([UInt8])
}

func answer(_ request: Request) -> Answer {
  guard request.payload_case == CONFORMANCE__CONFORMANCE_REQUEST__PAYLOAD_PROTOBUF_PAYLOAD else {
    return .skipped("only the binary format is read")
  }
  guard request.requested_output_format == CONFORMANCE__WIRE_FORMAT__PROTOBUF else {
    return .skipped("only the binary format is written")
  }
  guard String(cString: request.message_type) == "protobuf_test_messages.proto3.TestAllTypesProto3"
  else { return .skipped("only proto3") }
  let payload = request.protobuf_payload
  let bytes = Array(UnsafeBufferPointer(start: payload.data, count: payload.len))
  let descriptor = testAllTypes()!
  do throws(DecodeFailure) {
    try bytes.span.bytes.withUnsafeBytes { (raw) throws(DecodeFailure) in
      try MessageValidator.check(raw, descriptor, unknownFields: .ignored, limits: .standard)
    }
  } catch { return .parseError(error.sentence) }
  guard let message = unpack(descriptor, bytes) else {
    return .runtimeError("protobuf-c refuses what the guard let through")
  }
  defer { protobuf_c_message_free_unpacked(message, nil) }
  return .payload(pack(message))
}

func respond(_ answer: Answer) -> [UInt8] {
  var response = Response()
  conformance__conformance_response__init(&response)
  func text(
    _ text: String, _ kind: Conformance__ConformanceResponse__ResultCase,
    _ member: WritableKeyPath<Response, UnsafeMutablePointer<CChar>?>
  ) -> [UInt8] {
    let copy = strdup(text)
    defer { free(copy) }
    response.result_case = kind
    response[keyPath: member] = copy
    return packed(&response)
  }
  switch answer {
  case .parseError(let why):
    return text(why, CONFORMANCE__CONFORMANCE_RESPONSE__RESULT_PARSE_ERROR, \.parse_error)
  case .runtimeError(let why):
    return text(why, CONFORMANCE__CONFORMANCE_RESPONSE__RESULT_RUNTIME_ERROR, \.runtime_error)
  case .skipped(let why):
    return text(why, CONFORMANCE__CONFORMANCE_RESPONSE__RESULT_SKIPPED, \.skipped)
  case .payload(var bytes):
    let count = bytes.count
    return bytes.withUnsafeMutableBufferPointer { buffer in
      response.result_case = CONFORMANCE__CONFORMANCE_RESPONSE__RESULT_PROTOBUF_PAYLOAD
      response.protobuf_payload = ProtobufCBinaryData(len: count, data: buffer.baseAddress)
      return packed(&response)
    }
  }
}

func packed(_ response: inout Response) -> [UInt8] {
  withUnsafePointer(to: &response) {
    $0.withMemoryRebound(to: ProtobufCMessage.self, capacity: 1) { pack($0) }
  }
}

@main struct Testee {
  /// A length of four bytes, the lowest first, then a ConformanceRequest; the answer is the same.
  static func main() {
    while let head = read(4) {
      let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
      guard let bytes = read(length),
        let message = unpack(requestDescriptor(), bytes)
      else { preconditionFailure("the runner sent no request") }
      let request = UnsafeMutableRawPointer(message).assumingMemoryBound(to: Request.self)
      let response = respond(answer(request.pointee))
      protobuf_c_message_free_unpacked(message, nil)
      let sent = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: response.count >> $0) }
      FileHandle.standardOutput.write(Data(sent + response))
    }
  }
}
