package ujuzi;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import ujuzi.v1.Events;
import ujuzi.v1.Services;
import ujuzi.v1.Services.ReadLogPage;
import ujuzi.v1.Services.ReadLogRequest;
import ujuzi.v1.Services.RecordOutcome;
import ujuzi.v1.Services.RecordReply;
import ujuzi.v1.Services.RecordRequest;
import ujuzi.v1.Services.VerifyCredentialReply;
import ujuzi.v1.Services.VerifyCredentialRequest;
import ujuzi.v1.Wire;

/** Against the program itself. */
final class ServerTests {
  private static final CallOptions LONG = CallOptions.within(Duration.ofSeconds(60));
  private static final Settings PATIENT =
      Settings.USUAL.withWaitForReady(true).withRetry(Retry.USUAL.withAttempts(200));

  private static Client client() throws Exception {
    return new Client(List.of(Registry.shared().address()), Settings.USUAL);
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static String number(int i) {
    return String.format("HETA/2022/%04d", i % Registry.CREDENTIALS + 1);
  }

  private static VerifyCredentialRequest certificate(String number) {
    return VerifyCredentialRequest.newBuilder()
        .setCertificate(
            Services.CertificateNumber.newBuilder().setIssuer(text("heta")).setNumber(number))
        .build();
  }

  private static Services.GetProfileRequest personnel(String number) {
    return Services.GetProfileRequest.newBuilder()
        .setIdentifier(Events.SchemeValue.newBuilder().setScheme(text("pn")).setValue(number))
        .build();
  }

  /** Organisations that nobody has heard of. */
  private static RecordRequest proposals(int count) {
    RecordRequest.Builder request = RecordRequest.newBuilder();
    for (int i = 0; i < count; i++) {
      long random = ThreadLocalRandom.current().nextLong();
      byte[] id =
          ByteBuffer.allocate(16).putLong(random).putLong(ThreadLocalRandom.current().nextLong()).array();
      Events.Proposal proposal =
          Events.Proposal.newBuilder()
              .setEventId(ByteString.copyFrom(id))
              .setStream(text("organisation/test-" + Long.toHexString(random)))
              .setEffective(20220101)
              .setOrganisation(
                  Events.OrganisationEvent.newBuilder()
                      .setRegistered(
                          Events.OrganisationRegistered.newBuilder()
                              .setName("Example")
                              .addRoles(Events.OrganisationRole.ORGANISATION_ROLE_SCHOOL)))
              .build();
      request.addItems(Services.RecordItem.newBuilder().setProposal(proposal.toByteString()));
    }
    return request.build();
  }

  @Check.Test("A known credential is valid, an unknown one is an answer")
  void verify() throws Exception {
    try (Client client = client()) {
      VerifyCredentialReply reply = client.verifyCredential(certificate(number(0)), LONG);
      Check.equal(Services.CredentialStatus.CREDENTIAL_STATUS_VALID, reply.getStatus());
      reply = client.verifyCredential(certificate("HETA/1999/0001"), LONG);
      Check.equal(Services.CredentialStatus.CREDENTIAL_STATUS_UNKNOWN, reply.getStatus());
    }
  }

  @Check.Test("A profile has skills and credentials, that of nobody has no officer")
  void profile() throws Exception {
    try (Client client = client()) {
      Services.GetProfileReply reply = client.getProfile(personnel("2022-000001"), LONG);
      Check.equal("HETA/2022/0001", reply.getCredentials(0).getNumber());
      Services.SkillLine skill = reply.getSkills(0);
      Services.HasSkillRequest asked =
          Services.HasSkillRequest.newBuilder()
              .setOfficer(reply.getOfficer())
              .setSkill(
                  Events.SkillLevel.newBuilder()
                      .setFramework(skill.getFramework())
                      .setSkill(skill.getSkill())
                      .setLevel(Math.max(skill.getLevel(), 1)))
              .build();
      Check.that(client.hasSkill(asked, LONG).getHas(), "has it");
      Check.that(client.getProfile(personnel("1999-000001"), LONG).getOfficer().isEmpty(), "nobody");
    }
  }

  @Check.Test("A status names its field, and what is not there is not found")
  void statuses() throws Exception {
    try (Client client = client()) {
      StatusException error =
          Check.fails(
              () -> client.verifyCredential(VerifyCredentialRequest.getDefaultInstance(), LONG));
      Check.equal(
          List.of(Code.INVALID_ARGUMENT, "which", "missing"),
          List.of(error.code, error.field, error.rule));
      Services.ComplianceRequest asked =
          Services.ComplianceRequest.newBuilder().setMandate(text("nothing-such")).build();
      error =
          Check.fails(
              () ->
                  client
                      .stream("Registry.Compliance", asked, Services.CompliancePage.parser(), LONG)
                      .hasNext());
      Check.equal(List.of(Code.NOT_FOUND, "mandate"), List.of(error.code, error.field));
    }
  }

  @Check.Test("A method that the schema lacks, or that is called otherwise, cannot be asked")
  void unknownMethods() throws Exception {
    try (Client client = client()) {
      Services.HealthRequest none = Services.HealthRequest.getDefaultInstance();
      for (String name : List.of("Registry.Nothing", "Nothing", "Audit.ReadLog", "Registry.GetProfile")) {
        Check.throwsA(
            IllegalArgumentException.class,
            () -> client.unary(name, none, Services.HealthReply.parser(), LONG));
      }
    }
  }

  @Check.Test("A method that the server lacks is unimplemented, and not processed")
  void unserved() throws Exception {
    String[] parts = Registry.shared().address().split(":");
    try (java.net.Socket socket = new java.net.Socket(parts[0], Integer.parseInt(parts[1]))) {
      CompletableFuture<StatusException> ended = new CompletableFuture<>();
      Session.Sink sink =
          new Session.Sink() {
            @Override
            public void arrived(int call, byte[] message) {}

            @Override
            public void ended(int call, StatusException error) {
              ended.complete(error);
            }

            @Override
            public void changed() {}
          };
      Wire.Hello hello = Wire.Hello.newBuilder().setVersionMin(1).setVersionMax(1).build();
      Session session = new Session(hello, sink);
      byte[] buffer = new byte[1 << 16];
      while (!ended.isDone()) {
        socket.getOutputStream().write(session.takeOutgoing());
        session.receive(buffer, socket.getInputStream().read(buffer));
        if (session.limits() != null && session.openCalls() == 0 && !ended.isDone()) {
          Method nothing = new Method("", 9_999, 1, Method.Shape.UNARY, "", true);
          session.begin(nothing, new byte[0], new byte[0], 0);
        }
      }
      StatusException error = ended.join();
      Check.that(error.code == Code.UNIMPLEMENTED && error.notProcessed, error);
    }
  }

  @Check.Test("A thousand calls at once share a connection")
  void thousand() throws Exception {
    try (Client client = client()) {
      List<CompletableFuture<VerifyCredentialReply>> asked = new ArrayList<>();
      Wire.Metadata metadata =
          Wire.Metadata.newBuilder()
              .setTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
              .build();
      for (int i = 0; i < 1_000; i++) {
        asked.add(
            client.verifyCredentialAsync(certificate(number(i)), LONG.withMetadata(metadata)));
      }
      for (int i = 0; i < 1_000; i++) {
        Check.equal(number(i), asked.get(i).join().getNumber());
      }
    }
  }

  @Check.Test("A slow reader gets all of a long stream")
  void slowReader() throws Exception {
    try (Client client = client()) {
      List<CompletableFuture<RecordReply>> recorded = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        recorded.add(client.recordAsync(proposals(1_000), LONG));
      }
      for (CompletableFuture<RecordReply> reply : recorded) {
        reply.join().getOutcomesList().forEach(outcome -> Check.that(outcome.hasRecorded(), outcome));
      }
      long count = 0;
      long length = 0;
      Stream<ReadLogPage> pages = client.readLog(ReadLogRequest.getDefaultInstance(), LONG);
      while (pages.hasNext()) {
        ReadLogPage page = pages.next();
        count += page.getEventsCount();
        length += page.getSerializedSize();
        Thread.sleep(2);
      }
      Check.that(count >= 10_000, count);
      Check.that(length > client.connect().getStreamCredit(), "more than its credit");
    }
  }

  @Check.Test("A stream left early leaves room for others, one that waits ends with its deadline")
  void leaving() throws Exception {
    try (Client client = client()) {
      Services.HealthReply health =
          client.unary(
              "Health.Check",
              Services.HealthRequest.getDefaultInstance(),
              Services.HealthReply.parser(),
              LONG);
      ReadLogRequest late =
          ReadLogRequest.newBuilder().setFrom(health.getAsOf() - 5).setFollow(true).build();
      // More than the server takes at once.
      for (int i = client.connect().getCallsMax() + 10; i > 0; i--) {
        try (Stream<ReadLogPage> pages = client.readLog(late, LONG)) {
          Check.that(pages.next().getEventsCount() > 0, "a page");
        }
      }
      StatusException error =
          Check.fails(
              () -> {
                Stream<ReadLogPage> pages =
                    client.readLog(late, CallOptions.within(Duration.ofMillis(400)));
                while (pages.hasNext()) {
                  pages.next();
                }
              });
      Check.equal(Code.DEADLINE_EXCEEDED, error.code);
      error =
          Check.fails(
              () ->
                  client.verifyCredential(
                      certificate(number(0)), CallOptions.within(Duration.ZERO)));
      Check.equal(Code.DEADLINE_EXCEEDED, error.code);
      client.verifyCredential(certificate(number(0)), LONG);
    }
  }

  @Check.Test("A change is told as it is recorded")
  void watching() throws Exception {
    Services.WatchRequest request =
        Services.WatchRequest.newBuilder()
            .setFrom(0)
            .setKinds(Services.WatchedKinds.newBuilder().addKinds(text("organisation")))
            .build();
    RecordRequest late = proposals(1);
    ByteString stream = Events.Proposal.parseFrom(late.getItems(0).getProposal()).getStream();
    try (Client client = client(); Stream<Services.WatchPage> pages = client.watch(request, LONG)) {
      pages.next();
      client.record(late, LONG);
      boolean isTold = false;
      while (!isTold) {
        isTold = pages.next().getChangesList().stream().anyMatch(one -> one.getStream().equals(stream));
      }
    }
  }

  @Check.Test("The same event id has the same receipt, and records are decided in order")
  void recording() throws Exception {
    try (Client client = client()) {
      RecordRequest request = proposals(1);
      RecordOutcome first = client.record(request, LONG.withRepeatable()).getOutcomes(0);
      RecordOutcome second = client.record(request, LONG).getOutcomes(0);
      Check.equal(first.getRecorded().getPosition(), second.getRecorded().getPosition());
      Check.that(!first.getRecorded().getAlready() && second.getRecorded().getAlready(), second);
      List<CompletableFuture<RecordReply>> several = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        several.add(client.recordAsync(proposals(1), LONG));
      }
      long before = 0;
      for (CompletableFuture<RecordReply> reply : several) {
        long position = reply.join().getOutcomes(0).getRecorded().getPosition();
        Check.that(position > before, "in order");
        before = position;
      }
    }
  }

  @Check.Test("Recording in bulk answers each request in its turn")
  void bulk() throws Exception {
    try (Client client = client();
        Exchange<RecordRequest, RecordReply> exchange = client.recordMany(LONG)) {
      if (client.connect().getConnectionCredit() == 0) {
        // A server from before exchanges says that it has none.
        StatusException error = Check.fails(exchange::hasNext);
        Check.that(error.code == Code.UNIMPLEMENTED && error.notProcessed, error);
        Check.equal("end", error.rule);
        return;
      }
      Thread sending =
          new Thread(
              () -> {
                for (int i = 0; i < 50; i++) {
                  exchange.send(proposals(20));
                }
                exchange.finish();
              });
      sending.start();
      long before = 0;
      int count = 0;
      while (exchange.hasNext()) {
        for (RecordOutcome outcome : exchange.next().getOutcomesList()) {
          Check.that(outcome.getRecorded().getPosition() > before, "in order");
          before = outcome.getRecorded().getPosition();
          count += 1;
        }
      }
      sending.join();
      Check.equal(1_000, count);
    }
  }

  @Check.Test("Reads outlive a server that is killed and started")
  void restarts() throws Exception {
    try (Registry registry = new Registry();
        Client client = new Client(List.of(registry.address()), PATIENT)) {
      AtomicInteger done = new AtomicInteger();
      List<CompletableFuture<Void>> asking = new ArrayList<>();
      for (int task = 0; task < 10; task++) {
        asking.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    String number = client.verifyCredential(certificate(number(i)), LONG).getNumber();
                    Check.equal(number(i), number);
                    done.incrementAndGet();
                  }
                },
                body -> new Thread(body).start()));
      }
      for (int goal : new int[] {200, 600}) {
        while (done.get() < goal) {
          Thread.sleep(1);
        }
        registry.kill();
        registry.start();
      }
      asking.forEach(CompletableFuture::join);
      Check.equal(1_000, done.get());
    }
  }

  @Check.Test("A record that is repeatable is recorded once, whenever the server is killed")
  void recordOnce() throws Exception {
    try (Registry registry = new Registry();
        Client client = new Client(List.of(registry.address()), PATIENT)) {
      List<CompletableFuture<RecordReply>> recording = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        recording.add(client.recordAsync(proposals(5), LONG.withRepeatable()));
      }
      recording.get(0).join();
      registry.kill();
      registry.start();
      Set<Long> positions = new HashSet<>();
      for (CompletableFuture<RecordReply> reply : recording) {
        for (RecordOutcome outcome : reply.join().getOutcomesList()) {
          positions.add(outcome.getRecorded().getPosition());
        }
      }
      Check.equal(1_000, positions.size());
    }
  }

  @Check.Test("A server that stops finishes what is open, and calls go elsewhere")
  void drain() throws Exception {
    try (Registry first = new Registry();
        Registry second = new Registry();
        Client client = new Client(List.of(first.address(), second.address()), Settings.USUAL)) {
      List<CompletableFuture<VerifyCredentialReply>> asked = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        asked.add(client.verifyCredentialAsync(certificate(number(i)), LONG));
      }
      first.tellToStop();
      for (int i = 0; i < 200; i++) {
        Check.equal(number(i), asked.get(i).join().getNumber());
      }
      for (int i = 0; i < 50; i++) {
        Check.equal(number(i), client.verifyCredential(certificate(number(i)), LONG).getNumber());
      }
    }
  }

  @Check.Test("A server knows whom it talks to and what they may, and talks to no stranger")
  void secured() throws Exception {
    try (Registry registry = new Registry(true)) {
      try (Client agency = client(registry, registry.pem("agency"))) {
        Check.equal("urn:ujuzi:dev:agency", agency.connect().getPrincipal());
        agency.verifyCredential(certificate(number(0)), LONG);
        StatusException error = Check.fails(() -> agency.record(proposals(1), LONG));
        Check.equal(Code.PERMISSION_DENIED, error.code);
      }
      try (Client registrar = client(registry, registry.pem("registrar"))) {
        Check.that(registrar.record(proposals(1), LONG).getOutcomes(0).hasRecorded(), "recorded");
      }
      // The first is of an authority that is not known; a server's names no principal.
      for (List<String> pem : List.of(registry.strangePem(), registry.pem("server"))) {
        try (Client stranger = client(registry, pem)) {
          StatusException error =
              Check.fails(() -> stranger.verifyCredential(certificate(number(0)), LONG));
          TLSTests.isRefused(error);
        }
      }
      try (Client plain = client(registry, List.of())) {
        StatusException error =
            Check.fails(() -> plain.verifyCredential(certificate(number(0)), LONG));
        Check.that(error.sentence.contains("speaks TLS"), error);
      }
    }
  }

  private static Client client(Registry registry, List<String> pem) throws Exception {
    Settings settings = Settings.USUAL.withRetry(Retry.USUAL.withAttempts(1));
    if (!pem.isEmpty()) {
      List<Path> paths = pem.stream().map(Path::of).toList();
      settings = settings.withTLS(TLS.of(paths.get(0), paths.get(1), paths.get(2)), null);
    }
    return new Client(List.of(registry.address()), settings);
  }

  @Check.Test("The example prints what was asked and tells what is not there")
  void example() throws Exception {
    String[][] rows = {
      {"0", " valid", "HETA/2022/0001", "pn:2022-000001"},
      {"1", "not_valid: unknown", "HETA/1999/0001", "pn:2022-000001"},
      {"1", "nobody is registered", "HETA/2022/0001", "pn:1999-000001"},
    };
    for (String[] row : rows) {
      Process program =
          new ProcessBuilder(
                  "java", "-cp", System.getProperty("java.class.path"), "Verify",
                  Registry.shared().address(), "heta", row[2], row[3])
              .redirectErrorStream(true)
              .start();
      String said = new String(program.getInputStream().readAllBytes());
      Check.equal(row[0], String.valueOf(program.waitFor()));
      Check.that(said.contains(row[1]), said);
    }
  }
}
