package ujuzi;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import ujuzi.v1.Services;
import ujuzi.v1.Services.VerifyCredentialReply;
import ujuzi.v1.Services.VerifyCredentialRequest;
import ujuzi.v1.Wire;

/** Against a server that does what servers should not do, or do seldom. */
final class PeerTests {
  static final VerifyCredentialRequest ASK =
      VerifyCredentialRequest.newBuilder().setCredential(ByteString.copyFromUtf8("c")).build();
  static final CallOptions SOON = CallOptions.within(Duration.ofSeconds(5));
  static final Settings ONCE = Settings.USUAL.withRetry(Retry.USUAL.withAttempts(1));
  private static final Services.ReadLogRequest ALL = Services.ReadLogRequest.getDefaultInstance();
  private static final byte[] ANSWER =
      VerifyCredentialReply.newBuilder().setNumber("N").build().toByteArray();

  static Frame result(int call) {
    return Frame.of(FrameType.RESULT, call, ANSWER);
  }

  /** Greets, and answers every call. */
  static void answers(Peer peer) throws Exception {
    peer.greet();
    Frame frame;
    while ((frame = peer.next()) != null) {
      if (frame.type() == FrameType.CALL) {
        peer.send(result(frame.call()));
      }
    }
  }

  static Client client(Peer.Server server, Settings settings) {
    return new Client(List.of(server.address()), settings);
  }

  static void asks(Client client) {
    Check.equal("N", client.verifyCredential(ASK, SOON).getNumber());
  }

  /** How a call fails, and with it the connection, when the server answers it so. */
  private static StatusException failure(Wire.HelloOk.Builder limits, byte[]... frames)
      throws Exception {
    List<Frame> said = new ArrayList<>();
    Peer.Script script =
        peer -> {
          peer.greet(limits);
          peer.call();
          for (byte[] frame : frames) {
            peer.send(frame);
          }
          said.addAll(peer.untilClosed());
        };
    StatusException error;
    try (Peer.Server server = new Peer.Server(script)) {
      try (Client client = client(server, ONCE)) {
        error =
            Check.fails(
                () -> client.readLog(ALL, SOON).forEachRemaining(page -> { }));
      }
    }
    Check.that(said.stream().anyMatch(frame -> frame.type() == FrameType.GOAWAY), "it says why");
    Check.equal(Code.UNAVAILABLE, error.code);
    Check.that(!error.notProcessed, "the outcome is unknown");
    return error;
  }

  private static void endsWith(String rule, Wire.HelloOk.Builder limits, byte[]... frames)
      throws Exception {
    StatusException error = failure(limits, frames);
    Check.that(error.sentence.contains("(" + rule + ")"), rule + ": " + error.sentence);
  }

  @Check.Test("Every frame that is refused ends the connection with its name")
  void refused() throws Exception {
    for (Map<String, Object> vector : VectorTests.vectors("refused.json")) {
      byte[] bytes = VectorTests.bytes(vector.get("bytes"));
      // To a client the bytes of a wrong preface are the first bytes of a frame.
      if (vector.get("preface") == null) {
        endsWith((String) vector.get("error"), Wire.HelloOk.newBuilder(), bytes);
      } else if (bytes.length >= Frame.HEADER_LENGTH) {
        endsWith("reserved_byte", Wire.HelloOk.newBuilder(), bytes);
      }
    }
  }

  @Check.Test("What a server may not send ends the connection")
  void direction() throws Exception {
    byte[] none = {};
    byte[] unreadable = {(byte) 0xff};
    endsWith("direction", Wire.HelloOk.newBuilder(), Frame.of(FrameType.HELLO, 0, none).encoded());
    endsWith(
        "direction",
        Wire.HelloOk.newBuilder(),
        new Frame(FrameType.CALL, Frame.END, 1, 0, none, new byte[8]).encoded());
    endsWith("direction", Wire.HelloOk.newBuilder(), Frame.of(FrameType.CANCEL, 1, none).encoded());
    for (FrameType type : List.of(FrameType.HELLO_OK, FrameType.HELLO_NO)) {
      endsWith("phase", Wire.HelloOk.newBuilder(), Frame.of(type, 0, none).encoded());
    }
    endsWith(
        "payload", Wire.HelloOk.newBuilder(), Frame.of(FrameType.STATUS, 1, unreadable).encoded());
    endsWith(
        "payload", Wire.HelloOk.newBuilder(), Frame.of(FrameType.GOAWAY, 0, unreadable).encoded());
  }

  @Check.Test("A frame longer than the server said, and DATA beyond the credit, end the connection")
  void limits() throws Exception {
    byte[] header = java.util.Arrays.copyOf(Frame.of(FrameType.DATA, 1, new byte[2_001]).encoded(), 16);
    endsWith("frame_too_long", Wire.HelloOk.newBuilder().setFrameLengthMax(2_000), header);
    byte[] page = Frame.of(FrameType.DATA, 1, StreamTests.page(60)).encoded();
    // At once, so that no credit is given back between them.
    byte[] data = ByteBuffer.allocate(3 * page.length).put(page).put(page).put(page).array();
    endsWith("stream_credit", Wire.HelloOk.newBuilder().setStreamCredit(100), data);
    endsWith(
        "connection_credit",
        Wire.HelloOk.newBuilder().setStreamCredit(1_000).setConnectionCredit(100),
        data);
  }

  @Check.Test("A frame before the greeting ends the connection")
  void phase() throws Exception {
    Peer.Script script =
        peer -> {
          peer.expect(FrameType.HELLO);
          peer.send(Frame.of(FrameType.RESULT, 1, new byte[0]));
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script); Client client = client(server, ONCE)) {
      StatusException error = Check.fails(() -> asks(client));
      Check.equal(Code.INTERNAL, error.code);
      Check.equal("phase", error.rule);
    }
  }

  @Check.Test("HELLO_NO says whether another try may succeed")
  void helloNo() throws Exception {
    Peer.Script busy = peer -> refuse(peer, Code.UNAVAILABLE, 30);
    Peer.Script unknown = peer -> refuse(peer, Code.UNAUTHENTICATED, 0);
    try (Peer.Server server = new Peer.Server(busy, PeerTests::answers);
        Client client = client(server, Settings.USUAL)) {
      asks(client);
      Check.equal(2, server.connections.get());
    }
    try (Peer.Server server = new Peer.Server(unknown); Client client = client(server, Settings.USUAL)) {
      Check.equal(Code.UNAUTHENTICATED, Check.fails(() -> asks(client)).code);
      Check.equal(1, server.connections.get());
    }
  }

  private static void refuse(Peer peer, Code code, int retryAfterMs) throws Exception {
    peer.expect(FrameType.HELLO);
    Wire.HelloNo.Builder no =
        Wire.HelloNo.newBuilder().setCode(code.ordinal()).setRetryAfterMs(retryAfterMs);
    peer.send(Frame.of(FrameType.HELLO_NO, 0, no.build().toByteArray()));
  }

  @Check.Test("Frames of calls that are not open are let go, one byte at a time is enough")
  void oddities() throws Exception {
    Peer.Script script =
        peer -> {
          peer.greet();
          int call = peer.call();
          peer.send(
              Frame.of(FrameType.DATA, 99, StreamTests.page(10)),
              result(98),
              Frame.of(FrameType.CREDIT, 97, 5),
              Frame.of(FrameType.PONG, 0, 3),
              Frame.of(FrameType.PING, 0, -1));
          peer.status(96, Code.NOT_FOUND);
          Check.equal(-1, peer.expect(FrameType.PONG).argument());
          for (byte one : result(call).encoded()) {
            peer.send(new byte[] {one});
          }
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script); Client client = client(server, ONCE)) {
      asks(client);
    }
  }

  @Check.Test("An answer of the wrong shape fails its call alone")
  void shapes() throws Exception {
    Peer.Script script =
        peer -> {
          peer.greet();
          peer.send(result(peer.call()));
          int unary = peer.call();
          peer.send(Frame.of(FrameType.DATA, unary, StreamTests.page(10)));
          peer.expect(FrameType.CANCEL);
          peer.status(unary, Code.CANCELLED);
          peer.status(peer.call(), Code.OK);
          peer.send(Frame.of(FrameType.RESULT, peer.call(), new byte[] {(byte) 0xff}));
          peer.send(result(peer.call()));
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script); Client client = client(server, ONCE)) {
      StatusException error = Check.fails(() -> client.readLog(ALL, SOON).hasNext());
      Check.equal("answer_shape", error.rule);
      for (int i = 0; i < 3; i++) {
        Check.equal(Code.INTERNAL, Check.fails(() -> asks(client)).code);
      }
      asks(client);
      Check.equal(1, server.connections.get());
    }
  }

  @Check.Test("A status is told whole, and metadata and time stand on the call")
  void whole() throws Exception {
    Wire.Metadata span = Wire.Metadata.newBuilder().setTraceparent("00-01-02-03").build();
    Peer.Script script =
        peer -> {
          Wire.Hello hello = peer.greet(Wire.HelloOk.newBuilder().setMetadataLengthMax(60));
          Check.equal(9_000, hello.getKeepaliveMs());
          Frame frame = peer.expect(FrameType.CALL);
          Check.equal(span, Wire.Metadata.parseFrom(frame.metadata()));
          Check.that(frame.argument() > 1_000 && frame.argument() <= 2_000, frame.argument());
          Check.equal(32, (int) frame.payload()[3]);
          Check.equal(1, (int) frame.payload()[7]);
          Wire.StatusDetail.Builder detail =
              Wire.StatusDetail.newBuilder().setField("items[3]").setRule("r").setState("s");
          peer.status(
              frame.call(),
              Wire.Status.newBuilder()
                  .setCode(9).setMessage("No.").setDetail(detail).setRetryAfterMs(70));
          peer.status(peer.call(), Wire.Status.newBuilder().setCode(99));
          peer.untilClosed();
        };
    Settings settings = ONCE.withKeepalive(Duration.ofSeconds(9));
    try (Peer.Server server = new Peer.Server(script); Client client = client(server, settings)) {
      CallOptions options = CallOptions.within(Duration.ofSeconds(2)).withMetadata(span);
      StatusException error = Check.fails(() -> client.verifyCredential(ASK, options));
      Check.equal(Code.FAILED_PRECONDITION, error.code);
      Check.equal(
          List.of("No.", "items[3]", "r", "s", 70L),
          List.of(error.sentence, error.field, error.rule, error.state, error.retryAfterMs));
      Check.equal(Code.UNKNOWN, Check.fails(() -> asks(client)).code);
      Wire.Metadata longer = span.toBuilder().setTracestate("x".repeat(100)).build();
      error = Check.fails(() -> client.verifyCredential(ASK, SOON.withMetadata(longer)));
      Check.equal("metadata_length_max", error.rule);
    }
  }

  @Check.Test("A client gives up by itself, and keeps the id until it is answered")
  void givesUp() throws Exception {
    Peer.Script script =
        peer -> {
          peer.greet(Wire.HelloOk.newBuilder().setCallsMax(1));
          for (int i = 0; i < 2; i++) {
            int call = peer.call();
            peer.expect(FrameType.CANCEL);
            // The next call waits for this answer, which nobody wants any more.
            peer.send(result(call));
          }
          peer.send(result(peer.call()));
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script); Client client = client(server, ONCE)) {
      CallOptions short_ = CallOptions.within(Duration.ofMillis(50));
      StatusException error = Check.fails(() -> client.verifyCredential(ASK, short_));
      Check.equal(Code.DEADLINE_EXCEEDED, error.code);
      CompletableFuture<VerifyCredentialReply> asked = client.verifyCredentialAsync(ASK, SOON);
      Check.throwsA(
          CancellationException.class,
          () -> {
            Thread.sleep(50);
            asked.cancel(false);
            asked.join();
          });
      asks(client);
    }
  }

  @Check.Test("Calls beyond the server's limits are held back")
  void heldBack() throws Exception {
    AtomicInteger most = new AtomicInteger();
    Peer.Script script =
        peer -> {
          peer.greet(Wire.HelloOk.newBuilder().setCallsMax(3));
          for (int answered = 0; answered < 21; answered += 3) {
            int[] calls = {peer.call(), peer.call(), peer.call()};
            peer.expectNothing(5);
            for (int call : calls) {
              peer.send(result(call));
            }
          }
          most.set(3);
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script); Client client = client(server, ONCE)) {
      List<CompletableFuture<VerifyCredentialReply>> asked = new ArrayList<>();
      for (int i = 0; i < 21; i++) {
        asked.add(client.verifyCredentialAsync(ASK, SOON));
      }
      asked.forEach(future -> Check.equal("N", future.join().getNumber()));
    }
    Check.equal(3, most.get());
  }

  @Check.Test("A server that stops says so twice: what was not begun goes elsewhere")
  void drains() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    Peer.Script script =
        peer -> {
          peer.greet();
          int[] calls = {peer.call(), peer.call(), peer.call()};
          peer.goAway(Integer.MAX_VALUE, Code.UNAVAILABLE, "stopping");
          peer.send(Frame.of(FrameType.PING, 0, 1));
          peer.expect(FrameType.PONG);
          peer.goAway(calls[1], Code.UNAVAILABLE, "stopping");
          gone.countDown();
          // No more calls come here.
          peer.expectNothing(50);
          peer.send(result(calls[0]), result(calls[1]));
        };
    try (Peer.Server server = new Peer.Server(script, PeerTests::answers);
        Client client = client(server, Settings.USUAL)) {
      List<CompletableFuture<VerifyCredentialReply>> asked = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        asked.add(client.verifyCredentialAsync(ASK, SOON));
      }
      gone.await();
      asks(client);
      asked.forEach(future -> Check.equal("N", future.join().getNumber()));
      Check.equal(2, server.connections.get());
    }
  }

  @Check.Test("A record above the last call is sent again, one below is not")
  void lastCall() throws Exception {
    Peer.Script breaks =
        peer -> {
          peer.greet();
          int first = peer.call();
          peer.call();
          peer.goAway(first, Code.INTERNAL, "It broke.");
        };
    Peer.Script records =
        peer -> {
          peer.greet();
          Services.RecordReply reply = Services.RecordReply.newBuilder().setAsOf(9).build();
          peer.send(Frame.of(FrameType.RESULT, peer.call(), reply.toByteArray()));
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(breaks, records);
        Client client = client(server, Settings.USUAL)) {
      Services.RecordRequest request = Services.RecordRequest.getDefaultInstance();
      client.connect();
      CompletableFuture<Services.RecordReply> first = client.recordAsync(request, SOON);
      CompletableFuture<Services.RecordReply> second = client.recordAsync(request, SOON);
      Check.equal(9L, second.join().getAsOf());
      try {
        first.join();
        throw new AssertionError("its outcome is unknown");
      } catch (CompletionException error) {
        StatusException failed = (StatusException) error.getCause();
        Check.equal(Code.UNAVAILABLE, failed.code);
        Check.that(!failed.notProcessed && failed.sentence.contains("It broke."), failed);
      }
    }
  }

  @Check.Test("What was not processed is asked again after the time that is named")
  void retryAfter() throws Exception {
    Peer.Script script =
        peer -> {
          peer.greet();
          int call = peer.call();
          long began = System.nanoTime();
          peer.status(
              call,
              Wire.Status.newBuilder().setCode(8).setNotProcessed(true).setRetryAfterMs(60));
          call = peer.call();
          Check.that(System.nanoTime() - began >= 60_000_000, "too soon");
          // Processed, perhaps: a record is not sent again by itself.
          peer.status(call, Code.UNAVAILABLE);
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script); Client client = client(server, Settings.USUAL)) {
      Services.RecordRequest request = Services.RecordRequest.getDefaultInstance();
      Check.equal(Code.UNAVAILABLE, Check.fails(() -> client.record(request, SOON)).code);
    }
  }

  @Check.Test("A client that leaves says so and waits for its answers")
  void leaves() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Peer.Script script =
        peer -> {
          peer.greet();
          int call = peer.call();
          asked.countDown();
          peer.expect(FrameType.GOAWAY);
          peer.goAway(call, Code.UNAVAILABLE, "");
          peer.send(result(call));
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script); Client client = client(server, ONCE)) {
      CompletableFuture<VerifyCredentialReply> answer = client.verifyCredentialAsync(ASK, SOON);
      asked.await();
      client.close();
      Check.equal("N", answer.join().getNumber());
      Check.equal(Code.CANCELLED, Check.fails(() -> asks(client)).code);
    }
  }

  @Check.Test("Silence is asked about, and then ends the connection")
  void silence() throws Exception {
    Peer.Script script =
        peer -> {
          peer.greet(Wire.HelloOk.newBuilder().setKeepaliveMs(60).setKeepaliveTimeoutMs(60));
          peer.call();
          for (int i = 0; i < 3; i++) {
            peer.send(Frame.of(FrameType.PONG, 0, peer.expect(FrameType.PING).argument()));
          }
          peer.expect(FrameType.PING);
          Check.equal(List.of(), peer.untilClosed());
        };
    try (Peer.Server server = new Peer.Server(script); Client client = client(server, ONCE)) {
      StatusException error = Check.fails(() -> asks(client));
      Check.that(error.sentence.contains("no sign of life"), error);
    }
  }

  @Check.Test("An address that is down is passed over, and a client may wait for one")
  void addresses() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    String down = "127.0.0.1:" + port;
    try (Peer.Server up = new Peer.Server(PeerTests::answers)) {
      for (int i = 0; i < 4; i++) {
        try (Client client = new Client(List.of(down, up.address()), ONCE)) {
          asks(client);
        }
      }
    }
    try (Client client = new Client(List.of(down), ONCE)) {
      StatusException error = Check.fails(() -> asks(client));
      Check.that(error.code == Code.UNAVAILABLE && error.notProcessed, error);
    }
    try (Client client = new Client(List.of(down), ONCE.withWaitForReady(true))) {
      CompletableFuture<VerifyCredentialReply> answer = client.verifyCredentialAsync(ASK, SOON);
      Thread.sleep(200);
      Check.that(!answer.isDone(), "nobody is there yet");
      ServerSocket late = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
      try (Peer.Server server = new Peer.Server(late, PeerTests::answers)) {
        Check.equal("N", answer.join().getNumber());
        client.close();
      }
    }
  }
}
