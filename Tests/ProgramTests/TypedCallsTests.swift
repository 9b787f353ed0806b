import Foundation
import Messages
import NIOPosix
import Registry
import Testing
import UjuziClient
import Wire

/// What an agency writes in Swift: a call a method, typed, over the program's own socket.
struct TypedCallsTests {
  @Test func `An agency in Swift asks by name, and answers come typed, one or a stream of them`()
    async throws
  {
    let program = try ImportTests.started()
    let client = try await program.connect()
    #expect(try await client.check(HealthRequest()).asOf == 5)

    let question = VerifyCredentialRequest(
      which: .certificate(CertificateNumber(issuer: Identifier("heta")!, number: "A/1")))
    #expect(try await client.verifyCredential(question).status == .unknown)

    var events = 0
    for try await page in client.readLog(ReadLogRequest(from: 1, limit: 3)) {
      #expect(page.asOf == 5)
      events += page.events.count
    }
    #expect(events == 3)

    // A stream that is refused says so at its first answer.
    let missing = ComplianceRequest(mandate: Identifier("nosuch")!)
    let refusal = await #expect(throws: CallStatus.self) {
      for try await _ in client.compliance(missing) {}
    }
    #expect(refusal?.code == .notFound)
    await client.close()
    try ImportTests.end(program)
  }

  /// The lines of the page on integration, as they stand there: `Tools/docs --check` compares them.
  @Test func `What the pages show an author of Swift verifies a credential`() async throws {
    let program = try Program()
    try program.serve()
    let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Tools/samples/first.jsonl").standardizedFileURL.path
    #expect(try program.run("record", sample, "--quiet").status == 0)
    let (host, port) = ("127.0.0.1", program.port)

    let client = RegistryClient(
      [ServerAddress(host: host, port: port)], group: MultiThreadedEventLoopGroup.singleton)
    let number = CertificateNumber(issuer: Identifier("heta")!, number: "HETA/2022/0001")
    let answer = try await client.verifyCredential(
      VerifyCredentialRequest(which: .certificate(number), on: Day("2023-01-01")))
    let isGood = answer.status == .valid && !answer.evidenceWithdrawn
    await client.close()

    #expect(isGood)
    #expect(program.terminate() == 0)
    try program.end()
  }
}
