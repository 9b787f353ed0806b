import Messages
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
}
