import JSON
import Testing

@testable import Messages

/// A body that says what is to be otherwise, merged into what stands.
struct MergingTests {
  func merged(_ change: String, into base: String, of message: String = "Proposal") throws -> String
  {
    try JSONMapping.merged(
      try JSONText(change.utf8), into: try JSONText(base.utf8), of: message
    ).text
  }

  @Test func `What is not named stays as it was, and a list takes the place of the one before`()
    throws
  {
    let base = """
      {"credential":{"issued":{"holder":"a","issuer":"b","number":"1","courses":["c","d"]}}}
      """
    #expect(
      try merged(#"{"credential":{"issued":{"number":"2","courses":["e"]}}}"#, into: base)
        == #"{"credential":{"issued":{"holder":"a","issuer":"b","number":"2","courses":["e"]}}}"#)
  }

  @Test func `Null takes a field away`() throws {
    #expect(
      try merged(
        #"{"enrolment":{"completed":{"score":null}}}"#,
        into: #"{"enrolment":{"completed":{"result":"passed","score":6000}}}"#)
        == #"{"enrolment":{"completed":{"result":"passed"}}}"#)
  }

  @Test func `Another member of a choice takes the place of the one before`() throws {
    #expect(
      try merged(
        #"{"agreement":{"target_set":{"count":{"exactly":10}}}}"#,
        into: #"{"agreement":{"target_set":{"target":"t","count":{"about":9}}}}"#)
        == #"{"agreement":{"target_set":{"target":"t","count":{"exactly":10}}}}"#)
    #expect(
      try merged(
        #"{"enrolment":{"not_completed":{}}}"#,
        into: #"{"effective":"2022-01-01","enrolment":{"completed":{"result":"passed"}}}"#)
        == #"{"effective":"2022-01-01","enrolment":{"not_completed":{}}}"#)
  }

  @Test func `A field that is misspelled is refused where it stands, with the nearest`() throws {
    let error = #expect(throws: DecodeFailure.self) {
      _ = try merged(
        #"{"credential":{"issued":{"numbr":"2"}}}"#,
        into: #"{"credential":{"issued":{"number":"1"}}}"#)
    }
    #expect(error?.path == "credential.issued.numbr")
    #expect(error?.sentence.contains("did you mean number?") ?? false)
  }
}
