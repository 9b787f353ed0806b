import Failures
import Testing

@Suite struct CauseTests {
  struct Outer: ExplainedError {
    var sentence: String
    var cause: Cause?
  }
  /// As of a library: no sentence.
  struct Foreign: Error, CustomStringConvertible { var description = "foreign" }

  @Test func `An error in words is its sentence, and a foreign one's is what it prints`() {
    let error: any Error = Outer(sentence: "It broke.", cause: Cause(Foreign()))
    #expect(ErrorSentence.of(error) == "It broke.")
    #expect("\(error)" == "It broke.")
    #expect(ErrorSentence.of(Foreign()) == "foreign")
  }

  @Test func `Causes are told from the nearest on, each once`() {
    let inner = Outer(sentence: "The disk failed.", cause: Cause(SystemError(5)))
    let outer = Outer(sentence: "Nothing was kept.", cause: Cause(inner))
    #expect(
      ErrorSentence.withCauses(of: outer)
        == "Nothing was kept. (The disk failed.) (Input/output error, errno 5)")
    let quoting = Outer(sentence: "Nothing was kept: The disk failed.", cause: Cause(inner))
    #expect(
      ErrorSentence.withCauses(of: quoting)
        == "Nothing was kept: The disk failed. (Input/output error, errno 5)")
    #expect(ErrorSentence.withCauses(of: Foreign()) == "foreign")
  }

  @Test func `Causes are equal where their types and words are`() {
    #expect(Cause(SystemError(5)) == Cause(SystemError(5)))
    #expect(Cause(SystemError(5)) != Cause(SystemError(28)))
    #expect(Cause(Foreign()) == Cause(Foreign()))
    #expect(Cause(Foreign()) != Cause(Outer(sentence: "foreign")))
    #expect(Set([Cause(SystemError(5)), Cause(SystemError(5))]).count == 1)
  }
}
