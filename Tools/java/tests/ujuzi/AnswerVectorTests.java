package ujuzi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ujuzi.v1.Services.RecordOutcome;
import ujuzi.v1.Services.RecordReply;
import ujuzi.v1.Services.RecordRequest;
import ujuzi.v1.Wire;

/** The vectors of what a server answers, and of what is counted of it. */
final class AnswerVectorTests {
  /** What a session told. */
  private static final class Told implements Session.Sink {
    final List<String> words = new ArrayList<>();
    final List<byte[]> messages = new ArrayList<>();
    StatusException error;

    @Override
    public void arrived(int call, byte[] message) {
      words.add("message");
      messages.add(message);
    }

    @Override
    public void ended(int call, StatusException error) {
      words.add("ended");
      this.error = error;
    }

    @Override
    public void changed() {
      words.add("credit");
    }
  }

  private static Session greeted(Told told, long streamCredit, long connectionCredit) {
    Session session = new Session(Wire.Hello.getDefaultInstance(), told);
    Wire.HelloOk greeting =
        Wire.HelloOk.newBuilder()
            .setVersion(1)
            .setStreamCredit((int) streamCredit)
            .setConnectionCredit((int) connectionCredit)
            .build();
    receive(session, Frame.of(FrameType.HELLO_OK, 0, greeting.toByteArray()).encoded());
    session.takeOutgoing();
    told.words.clear();
    return session;
  }

  private static void receive(Session session, byte[] data) {
    session.receive(data, data.length);
  }

  private static Method method(Method.Shape shape, int number) {
    return new Method("", number, 1, shape, "", true);
  }

  @Check.Test("A status is what it says")
  @SuppressWarnings("unchecked")
  void statuses() throws Exception {
    for (Map<String, Object> vector : VectorTests.vectors("statuses.json")) {
      String name = (String) vector.get("name");
      Told told = new Told();
      Session session = greeted(told, 0, 0);
      session.begin(method(Method.Shape.STREAM, 32), new byte[0], new byte[0], 0);
      session.takeOutgoing();
      receive(session, VectorTests.bytes(vector.get("bytes")));
      if (vector.containsKey("error")) {
        ends(name, session, (String) vector.get("error"));
        continue;
      }
      Map<String, Object> meant = (Map<String, Object>) vector.get("status");
      Check.that(told.words.contains("ended"), name);
      if (meant.get("code").equals("OK")) {
        Check.that(told.error == null, name);
        continue;
      }
      StatusException error = told.error;
      List<Object> said =
          List.of(
              error.code.name(), error.sentence, error.field, error.rule, error.state,
              error.retryAfterMs, error.notProcessed);
      List<Object> wanted = new ArrayList<>();
      for (String key :
          List.of("code", "message", "field", "rule", "state", "retry_after_ms", "not_processed")) {
        wanted.add(meant.get(key));
      }
      Check.equal(name + wanted, name + said);
    }
  }

  @Check.Test("What is sent by RecordMany is answered in its order")
  @SuppressWarnings("unchecked")
  void recordMany() throws Exception {
    for (Map<String, Object> vector : VectorTests.vectors("record_many.json")) {
      String name = (String) vector.get("name");
      List<Object> sent = (List<Object>) vector.get("sent");
      Told told = new Told();
      Session session = greeted(told, 0, 0);
      int call = session.begin(method(Method.Shape.EXCHANGE, 22), new byte[0], new byte[0], 0);
      for (Object message : sent) {
        session.send(call, VectorTests.bytes(message));
      }
      session.finish(call);
      String says = HexFormat.of().formatHex(session.takeOutgoing());
      Check.equal(name + vector.get("says"), name + says);
      receive(session, VectorTests.bytes(vector.get("comes")));
      List<Object> said = new ArrayList<>();
      for (byte[] answer : told.messages) {
        List<Object> outcomes = new ArrayList<>();
        for (RecordOutcome outcome : RecordReply.parseFrom(answer).getOutcomesList()) {
          outcomes.add(words(outcome));
        }
        int items = RecordRequest.parseFrom(VectorTests.bytes(sent.get(said.size()))).getItemsCount();
        Check.equal(items, outcomes.size());
        said.add(outcomes);
      }
      Check.equal(name + vector.get("answers"), name + said);
      Check.equal(vector.get("unanswered"), (long) (sent.size() - said.size()));
      Check.that(told.words.contains("ended"), name);
      Check.equal(vector.get("status"), told.error == null ? "OK" : told.error.code.name());
    }
  }

  private static String words(RecordOutcome outcome) {
    return switch (outcome.getOutcomeCase()) {
      case RECORDED ->
          "recorded " + outcome.getRecorded().getPosition()
              + (outcome.getRecorded().getAlready() ? " already" : "");
      case UNCHANGED -> "unchanged " + outcome.getUnchanged().getPosition();
      case REJECTED -> "rejected " + outcome.getRejected().getCode();
      default -> "not_recorded " + outcome.getNotRecorded().getBecauseOf();
    };
  }

  @Check.Test("A stream goes on after what passes, and after nothing else")
  void resumes() {
    Set<Code> passing = Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED);
    for (Code code : Code.values()) {
      Check.equal(passing.contains(code), Retry.mayResume(error(code, 0, false)));
      Check.that(Retry.mayResume(error(code, 100, false)), code.name());
    }
    Check.that(Retry.mayResume(error(Code.RESOURCE_EXHAUSTED, 0, true)), "256 calls");
    Check.that(!Retry.mayResume(error(Code.NOT_FOUND, 0, true)), "no such");
    Check.that(!Retry.mayResume(new IllegalStateException("no")), "the caller's own");
  }

  private static StatusException error(Code code, long retryAfterMs, boolean notProcessed) {
    return new StatusException(code, "No.", "", "", "", retryAfterMs, notProcessed);
  }

  @Check.Test("A greeting is kept to")
  @SuppressWarnings("unchecked")
  void greetings() throws Exception {
    for (Map<String, Object> vector : VectorTests.vectors("greetings.json")) {
      String name = (String) vector.get("name");
      Session session = new Session(Wire.Hello.getDefaultInstance(), new Told());
      session.takeOutgoing();
      receive(session, VectorTests.bytes(vector.get("bytes")));
      if (vector.containsKey("error")) {
        ends(name, session, (String) vector.get("error"));
      } else if (vector.containsKey("refused")) {
        Map<String, Object> meant = (Map<String, Object>) vector.get("refused");
        StatusException over = session.over();
        Check.equal(name + meant.get("code"), name + over.code.name());
        Check.equal(name + meant.get("rule"), name + over.rule);
        Check.equal(meant.get("retry_after_ms"), over.retryAfterMs);
        Check.that(over.notProcessed, name);
      } else {
        Map<String, Object> meant = (Map<String, Object>) vector.get("limits");
        Limits limits = session.limits();
        List<Long> said =
            List.of(
                (long) limits.frameLengthMax(), limits.callsMax(), limits.streamsMax(),
                limits.timeoutMaxMs(), (long) limits.metadataLengthMax(), limits.streamCredit(),
                limits.connectionCredit(), limits.keepaliveMs(), limits.keepaliveTimeoutMs());
        List<Long> wanted = new ArrayList<>();
        for (String key :
            List.of(
                "frame_length_max", "calls_max", "streams_max", "timeout_max_ms",
                "metadata_length_max", "stream_credit", "connection_credit", "keepalive_ms",
                "keepalive_timeout_ms")) {
          Object limit = meant.get(key);
          wanted.add(limit == null ? Limits.NONE : (Long) limit);
        }
        Check.equal(name + wanted, name + said);
      }
    }
  }

  /** With that rule, which the GOAWAY says too. */
  private static void ends(String name, Session session, String rule) throws Exception {
    Check.equal(name + rule, name + session.over().rule);
    byte[] data = session.takeOutgoing();
    Frame frame = VectorTests.read(VectorTests.reader(), data, data.length).get(0);
    Check.equal(FrameType.GOAWAY, frame.type());
    Wire.GoAway words = Wire.GoAway.parseFrom(frame.payload());
    Check.equal(name + rule, name + words.getRule());
    Check.equal(session.over().code.ordinal(), words.getCode());
  }

  @Check.Test("Credit is counted as the steps say")
  @SuppressWarnings("unchecked")
  void credit() throws Exception {
    for (Map<String, Object> vector : VectorTests.vectors("credit.json")) {
      if (vector.get("side").equals("server")) {
        continue;
      }
      String name = (String) vector.get("name");
      Told told = new Told();
      Session session =
          greeted(told, (Long) vector.get("stream_credit"), (Long) vector.get("connection_credit"));
      for (Object call : (List<Object>) vector.get("exchanges")) {
        int begun =
            session.begin(method(Method.Shape.EXCHANGE, 22), new byte[0], new byte[0], 0);
        Check.equal(call, (long) begun);
      }
      for (Map<String, Object> step : (List<Map<String, Object>>) vector.get("steps")) {
        session.takeOutgoing();
        told.words.clear();
        int call = step.get("call") == null ? 1 : ((Long) step.get("call")).intValue();
        if (step.containsKey("comes")) {
          receive(session, VectorTests.bytes(step.get("comes")));
          String does =
              session.over() != null
                  ? "end " + session.over().rule
                  : told.words.isEmpty() ? "let_go" : told.words.get(0);
          Check.equal(name + step.get("does"), name + does);
        } else if (step.containsKey("consumed")) {
          session.consumed(call, ((Long) step.get("consumed")).intValue());
        } else if (step.containsKey("sends")) {
          Check.that(session.maySend(call), name);
          session.send(call, new byte[((Long) step.get("sends")).intValue()]);
        } else {
          Check.equal(name + step.get("may_send"), name + session.maySend(call));
        }
        if (step.containsKey("gives")) {
          Check.equal(
              name + step.get("gives"), name + HexFormat.of().formatHex(session.takeOutgoing()));
        }
      }
    }
  }

  @Check.Test("Times are what they say")
  @SuppressWarnings("unchecked")
  void timeouts() throws Exception {
    for (Map<String, Object> vector : VectorTests.vectors("timeouts.json")) {
      String name = (String) vector.get("name");
      switch ((String) vector.get("of")) {
        // What holds is the server's to say; how it is asked is the client's.
        case "call" -> {
          byte[] data = VectorTests.bytes(vector.get("bytes"));
          Frame frame = VectorTests.read(VectorTests.reader(), data, data.length).get(0);
          int number = ByteBuffer.wrap(frame.payload()).getInt();
          Session session = greeted(new Told(), 0, 0);
          session.begin(
              method(Method.Shape.UNARY, number), new byte[0], new byte[0],
              Integer.toUnsignedLong(frame.argument()));
          Check.that(Arrays.equals(session.takeOutgoing(), data), name);
        }
        case "frame" -> {
          FramePace pace = null;
          for (Map<String, Object> look : (List<Map<String, Object>>) vector.get("looks")) {
            long now = (Long) look.get("at_ms") * 1_000_000;
            long received = (Long) look.get("received");
            if (pace == null) {
              pace = new FramePace(now, received, false);
            }
            Check.equal(name + look.get("late"), name + pace.isLate(now, received));
          }
        }
        default -> Check.equal("keepalive", vector.get("of"));
      }
    }
  }
}
