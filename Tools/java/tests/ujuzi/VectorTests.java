package ujuzi;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import ujuzi.v1.Wire;

/** The byte vectors of the protocol. */
final class VectorTests {
  static final Path FOLDER = Path.of(System.getenv("UJUZI_ROOT"), "Protos", "vectors");
  private static final Set<String> SESSION_STEPS =
      Set.of(
          "begin", "refuse", "cancel", "credit", "pong", "ignore", "go_away", "message", "last");

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> vectors(String name) throws Exception {
    Object read = Json.parse(Files.readString(FOLDER.resolve(name)));
    List<Map<String, Object>> found = (List<Map<String, Object>>) read;
    Check.that(!found.isEmpty(), name);
    return found;
  }

  static byte[] bytes(Object hex) {
    return HexFormat.of().parseHex(((String) hex).replace(" ", ""));
  }

  static List<Frame> read(FrameReader reader, byte[] data, int step) throws WireException {
    List<Frame> frames = new ArrayList<>();
    for (int at = 0; at < data.length; at += step) {
      byte[] part = Arrays.copyOfRange(data, at, Math.min(at + step, data.length));
      reader.feed(part, part.length);
      Frame frame;
      while ((frame = reader.next()) != null) {
        frames.add(frame);
      }
    }
    return frames;
  }

  static FrameReader reader() {
    return new FrameReader(Frame.FRAME_LENGTH_MAX, false);
  }

  @Check.Test("Every file of vectors is replayed")
  void files() throws Exception {
    Set<String> names = new TreeSet<>();
    try (java.util.stream.Stream<Path> files = Files.list(FOLDER)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    Check.equal(
        Set.of(
            "credit.json", "frames.json", "greetings.json", "record_many.json", "refused.json",
            "sessions.json",
            "statuses.json", "timeouts.json"),
        names);
  }

  @Check.Test("Frames are read and written")
  @SuppressWarnings("unchecked")
  void frames() throws Exception {
    for (Map<String, Object> vector : vectors("frames.json")) {
      String name = (String) vector.get("name");
      Check.equal(Set.of("name", "bytes", "frames"), vector.keySet());
      byte[] data = bytes(vector.get("bytes"));
      List<Frame> meant = new ArrayList<>();
      byte[] encoded = {};
      for (Map<String, Object> frame : (List<Map<String, Object>>) vector.get("frames")) {
        Check.equal(
            Set.of("type", "flags", "call", "argument", "metadata", "payload"), frame.keySet());
        Frame read =
            new Frame(
                FrameType.valueOf((String) frame.get("type")),
                ((Long) frame.get("flags")).intValue(),
                ((Long) frame.get("call")).intValue(),
                ((Long) frame.get("argument")).intValue(),
                bytes(frame.get("metadata")),
                bytes(frame.get("payload")));
        meant.add(read);
        int before = encoded.length;
        byte[] next = read.encoded();
        encoded = Arrays.copyOf(encoded, before + next.length);
        System.arraycopy(next, 0, encoded, before, next.length);
      }
      Check.that(Arrays.equals(data, encoded), name);
      for (int step : new int[] {1, 7, 16, Math.max(data.length, 1)}) {
        List<Frame> read = read(reader(), data, step);
        Check.equal(meant.size(), read.size());
        for (int i = 0; i < read.size(); i++) {
          Check.that(meant.get(i).says(read.get(i)), name + " in steps of " + step);
        }
      }
    }
  }

  @Check.Test("What is refused comes to the error that is named")
  void refused() throws Exception {
    for (Map<String, Object> vector : vectors("refused.json")) {
      Set<String> keys = new HashSet<>(vector.keySet());
      keys.remove("preface");
      Check.equal(Set.of("name", "bytes", "error"), keys);
      byte[] data = bytes(vector.get("bytes"));
      boolean hasPreface = Boolean.TRUE.equals(vector.get("preface"));
      for (int step : new int[] {1, data.length}) {
        String rule = "none";
        try {
          read(new FrameReader(Frame.FRAME_LENGTH_MAX, hasPreface), data, step);
        } catch (WireException error) {
          rule = error.rule;
        }
        Check.equal(vector.get("name") + ": " + vector.get("error"), vector.get("name") + ": " + rule);
      }
    }
  }

  /**
   * Sessions are what a server does with a client's frames: a client's part in them is to send those
   * frames. What this one has a way to say it says byte for byte. It has none for what ends a
   * connection or is refused, for a message with END, or for an id used again.
   */
  @Check.Test("Of sessions, what a client may say is what this one says")
  @SuppressWarnings("unchecked")
  void sessions() throws Exception {
    Set<String> said = new HashSet<>();
    for (Map<String, Object> vector : vectors("sessions.json")) {
      Check.equal(Set.of("name", "steps"), vector.keySet());
      Session session = greeted();
      boolean mayGoOn = true;
      for (Map<String, Object> step : (List<Map<String, Object>>) vector.get("steps")) {
        Check.equal(Set.of("bytes", "does"), step.keySet());
        String does = (String) step.get("does");
        Check.that(SESSION_STEPS.contains(does) || does.startsWith("end "), does);
        byte[] data = bytes(step.get("bytes"));
        Frame frame = read(reader(), data, data.length).get(0);
        Check.that(Arrays.equals(frame.encoded(), data), vector.get("name"));
        mayGoOn = mayGoOn && say(session, frame, does);
        if (mayGoOn) {
          Check.that(Arrays.equals(session.takeOutgoing(), data), vector.get("name"));
          said.add(does);
        }
      }
    }
    Check.that(said.containsAll(Set.of("begin", "cancel", "message", "last", "pong")), said);
  }

  static Session greeted() {
    Session session = new Session(Wire.Hello.getDefaultInstance(), new Nobody());
    Wire.HelloOk greeting = Wire.HelloOk.newBuilder().setVersion(1).build();
    byte[] answer = Frame.of(FrameType.HELLO_OK, 0, greeting.toByteArray()).encoded();
    session.receive(answer, answer.length);
    session.takeOutgoing();
    return session;
  }

  /** Has the client say it; false: it has no way to. */
  private static boolean say(Session session, Frame frame, String does) {
    if (does.equals("begin") && frame.call() == session.openCalls() + 1) {
      boolean isUnary = (frame.flags() & Frame.END) != 0;
      Method.Shape shape = isUnary ? Method.Shape.UNARY : Method.Shape.EXCHANGE;
      ByteBuffer head = ByteBuffer.wrap(frame.payload());
      Method method = new Method("", head.getInt(), head.getInt(), shape, "", true);
      byte[] message = Arrays.copyOfRange(frame.payload(), 8, frame.payload().length);
      session.begin(method, message, frame.metadata(), Integer.toUnsignedLong(frame.argument()));
    } else if (does.equals("cancel") && frame.type() == FrameType.CANCEL) {
      session.cancel(frame.call());
    } else if (does.equals("message")) {
      session.send(frame.call(), frame.payload());
    } else if (does.equals("last") && frame.payload().length == 0) {
      session.finish(frame.call());
    } else if (does.equals("pong")) {
      session.ping(frame.argument());
    } else {
      return false;
    }
    return true;
  }

  static final class Nobody implements Session.Sink {
    @Override
    public void arrived(int call, byte[] message) {}

    @Override
    public void ended(int call, StatusException error) {}

    @Override
    public void changed() {}
  }
}
