package ujuzi;

import com.google.protobuf.ByteString;
import java.util.concurrent.CountDownLatch;
import ujuzi.v1.Services;
import ujuzi.v1.Services.ReadLogPage;
import ujuzi.v1.Services.ReadLogRequest;
import ujuzi.v1.Services.RecordReply;
import ujuzi.v1.Services.RecordRequest;
import ujuzi.v1.Wire;

/** Streams and exchanges within their credit, against a scripted server. */
final class StreamTests {
  private static final ReadLogRequest LOG = ReadLogRequest.getDefaultInstance();
  /** 94 bytes. */
  private static final RecordRequest REQUEST =
      RecordRequest.newBuilder()
          .addItems(Services.RecordItem.newBuilder().setProposal(ByteString.copyFrom(new byte[90])))
          .build();

  /** A page of so many bytes, up to 129. */
  static byte[] page(int length) {
    ByteString event = ByteString.copyFrom(new byte[length - 2]);
    byte[] page = ReadLogPage.newBuilder().addEvents(event).build().toByteArray();
    Check.equal(length, page.length);
    return page;
  }

  private static Frame data(int call) {
    return Frame.of(FrameType.DATA, call, page(98));
  }

  @Check.Test("Credit is given back in quarters as messages are used")
  void credit() throws Exception {
    Peer.Script script =
        peer -> {
          peer.greet(Wire.HelloOk.newBuilder().setStreamCredit(400).setConnectionCredit(800));
          int call = peer.call();
          peer.send(data(call), data(call), data(call), data(call), data(call));
          int streams = 0;
          int connections = 0;
          while (streams < 392 || connections < 294) {
            Frame frame = peer.expect(FrameType.CREDIT);
            Check.that(frame.argument() >= (frame.call() == 0 ? 200 : 100), frame.argument());
            streams += frame.call() == 0 ? 0 : frame.argument();
            connections += frame.call() == 0 ? frame.argument() : 0;
          }
          peer.send(data(call), data(call));
          peer.status(call, Code.OK);
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script);
        Client client = PeerTests.client(server, PeerTests.ONCE)) {
      int count = 0;
      for (Stream<ReadLogPage> pages = client.readLog(LOG, PeerTests.SOON); pages.hasNext(); pages.next()) {
        count += 1;
      }
      Check.equal(7, count);
    }
  }

  @Check.Test("What nobody reads is bounded by the credit")
  void bounded() throws Exception {
    CountDownLatch isUsed = new CountDownLatch(1);
    Peer.Script script =
        peer -> {
          peer.greet(Wire.HelloOk.newBuilder().setStreamCredit(90));
          int call = peer.call();
          peer.send(data(call));
          // The first page is being used: no credit is given for it yet.
          peer.expectNothing(50);
          isUsed.countDown();
          Check.equal(98, peer.expect(FrameType.CREDIT).argument());
          peer.status(call, Code.OK);
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script);
        Client client = PeerTests.client(server, PeerTests.ONCE);
        Stream<ReadLogPage> pages = client.readLog(LOG, PeerTests.SOON)) {
      pages.next();
      isUsed.await();
      Check.that(!pages.hasNext(), "it was the only one");
    }
  }

  @Check.Test("Leaving a stream cancels it and gives the connection's credit back")
  void leaving() throws Exception {
    Peer.Script script =
        peer -> {
          peer.greet(Wire.HelloOk.newBuilder().setStreamCredit(1_000).setConnectionCredit(400));
          int call = peer.call();
          peer.send(data(call));
          peer.expect(FrameType.CANCEL);
          // These cross the CANCEL; they count against the connection until they are given back.
          peer.send(data(call), data(call), data(call), data(call));
          int given = 0;
          int asked = 0;
          while (given < 5 * 98 - 100 || asked == 0) {
            Frame frame = peer.next();
            if (frame.type() == FrameType.CALL) {
              asked = frame.call();
            } else {
              Check.that(frame.type() == FrameType.CREDIT && frame.call() == 0, frame);
              given += frame.argument();
            }
          }
          peer.status(call, Code.CANCELLED);
          peer.send(PeerTests.result(asked));
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script);
        Client client = PeerTests.client(server, PeerTests.ONCE)) {
      try (Stream<ReadLogPage> pages = client.readLog(LOG, PeerTests.SOON)) {
        pages.next();
      }
      PeerTests.asks(client);
    }
  }

  @Check.Test("A stream begins again before its first message, and not after")
  void again() throws Exception {
    Peer.Script breaks =
        peer -> {
          peer.greet();
          peer.call();
        };
    Peer.Script breaksLater =
        peer -> {
          peer.greet();
          peer.send(data(peer.call()));
        };
    try (Peer.Server server = new Peer.Server(breaks, breaksLater);
        Client client = PeerTests.client(server, Settings.USUAL);
        Stream<ReadLogPage> pages = client.readLog(LOG, PeerTests.SOON)) {
      pages.next();
      Check.equal(Code.UNAVAILABLE, Check.fails(pages::hasNext).code);
      Check.equal(2, server.connections.get());
      Check.that(!pages.hasNext(), "it is over");
    }
  }

  @Check.Test("Both sides of an exchange send within their credit")
  void exchange() throws Exception {
    int count = 20;
    Peer.Script script =
        peer -> {
          peer.greet(Wire.HelloOk.newBuilder().setStreamCredit(200).setConnectionCredit(10_000));
          Frame begun = peer.expect(FrameType.CALL);
          Check.equal(0, begun.flags());
          Check.equal(8, begun.payload().length);
          int left = 200;
          for (int came = 1; came <= count; came++) {
            if (left <= 0) {
              peer.expectNothing(5);
              left += 200;
              peer.send(Frame.of(FrameType.CREDIT, begun.call(), 200));
            }
            Frame frame = peer.expect(FrameType.DATA);
            Check.equal(0, frame.flags());
            Check.equal(REQUEST, RecordRequest.parseFrom(frame.payload()));
            left -= frame.payload().length;
            byte[] reply = RecordReply.newBuilder().setAsOf(came).build().toByteArray();
            peer.send(Frame.of(FrameType.DATA, begun.call(), reply));
          }
          Frame end = peer.expect(FrameType.DATA);
          Check.that(end.flags() == Frame.END && end.payload().length == 0, end);
          peer.status(begun.call(), Code.OK);
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script);
        Client client = PeerTests.client(server, PeerTests.ONCE);
        Exchange<RecordRequest, RecordReply> exchange = client.recordMany(PeerTests.SOON)) {
      for (int i = 1; i <= count; i++) {
        Check.that(exchange.send(REQUEST), "sent");
      }
      exchange.finish();
      for (long i = 1; i <= count; i++) {
        Check.equal(i, exchange.next().getAsOf());
      }
      Check.that(!exchange.hasNext(), "it is complete");
    }
  }

  @Check.Test("The connection's credit holds an exchange back, and a server may end it early")
  void early() throws Exception {
    Peer.Script script =
        peer -> {
          peer.greet(Wire.HelloOk.newBuilder().setStreamCredit(10_000).setConnectionCredit(100));
          int call = peer.call();
          peer.expect(FrameType.DATA);
          peer.expect(FrameType.DATA);
          peer.expectNothing(20);
          peer.send(Frame.of(FrameType.CREDIT, 0, 94));
          peer.expect(FrameType.DATA);
          peer.status(call, Code.RESOURCE_EXHAUSTED);
          peer.send(PeerTests.result(peer.call()));
          peer.untilClosed();
        };
    try (Peer.Server server = new Peer.Server(script);
        Client client = PeerTests.client(server, PeerTests.ONCE);
        Exchange<RecordRequest, RecordReply> exchange = client.recordMany(PeerTests.SOON)) {
      int sent = 0;
      while (exchange.send(REQUEST)) {
        sent += 1;
      }
      Check.equal(3, sent);
      Check.equal(Code.RESOURCE_EXHAUSTED, Check.fails(exchange::hasNext).code);
      PeerTests.asks(client);
    }
  }
}
