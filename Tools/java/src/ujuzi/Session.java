package ujuzi;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ujuzi.v1.Wire;

/**
 * What the two sides of a connection have said to each other: a state without socket, clock or
 * thread. Bytes that came go in, the sink is told; {@code outgoing} gathers what is to be written.
 */
final class Session {
  /** In bytes: what a stream may hold of credit, and all streams together. */
  private static final long STREAM_CREDIT_MAX = 64 << 20;

  private static final long CONNECTION_CREDIT_MAX = 1 << 30;

  /** The first byte of what a server with TLS says to a client without; no frame begins so. */
  private static final byte TLS_ALERT = 0x15;

  /** What comes of the bytes. */
  interface Sink {
    /** One message of a call: the answer of a unary one, the next of a stream. */
    void arrived(int call, byte[] message);

    /** The last of a call; no error where it is complete. */
    void ended(int call, StatusException error);

    /** There may be room for calls or messages, or none any more. */
    void changed();
  }

  private static final class Open {
    final Method.Shape shape;
    final Credit sending;
    final Credit receiving;
    /** What comes is let go: nobody waits for it. */
    boolean isAbandoned;

    boolean hasEnded;

    Open(Method.Shape shape, Limits limits) {
      this.shape = shape;
      sending = new Credit(limits.streamCredit());
      receiving = new Credit(limits.streamCredit());
      hasEnded = shape != Method.Shape.EXCHANGE;
    }
  }

  private final Sink sink;
  private final FrameReader reader = new FrameReader(Frame.GREETING_LENGTH_MAX, false);
  private final Map<Integer, Open> calls = new LinkedHashMap<>();
  private ByteArrayOutputStream outgoing = new ByteArrayOutputStream();
  private Wire.HelloOk greeting;
  private Limits limits;
  private Wire.GoAway goAway;
  private StatusException over;
  private boolean isLeaving;
  private int nextCall = 1;
  private int openStreams;
  private long framesRead;
  private Credit sending = new Credit(0);
  private Credit receiving = new Credit(0);

  Session(Wire.Hello hello, Sink sink) {
    this.sink = sink;
    outgoing.writeBytes(Frame.PREFACE);
    write(Frame.of(FrameType.HELLO, 0, hello.toByteArray()));
  }

  // ------------------------------------------------------------ what may be done

  /** What the server agreed to; null before it has. */
  Wire.HelloOk greeting() {
    return greeting;
  }

  /** The same, as it is kept to. */
  Limits limits() {
    return limits;
  }

  /** Why nothing more is read; null while something is. */
  StatusException over() {
    return over;
  }

  boolean canBegin() {
    return limits != null && goAway == null && !isLeaving && over == null && nextCall > 0;
  }

  boolean hasRoom(Method.Shape shape) {
    boolean isFull = calls.size() >= limits.callsMax();
    boolean isFullOfStreams =
        shape != Method.Shape.UNARY && openStreams >= limits.streamsMax();
    return !isFull && !isFullOfStreams;
  }

  int openCalls() {
    return calls.size();
  }

  /** Whole ones, so that who waits for one to end knows when it did. */
  long framesRead() {
    return framesRead;
  }

  boolean hasPartOfFrame() {
    return reader.hasPart();
  }

  /** Whether an exchange has credit for another message. False when it has ended. */
  boolean maySend(int call) {
    Open open = calls.get(call);
    return open != null
        && !open.hasEnded
        && !open.isAbandoned
        && open.sending.isOpen()
        && sending.isOpen();
  }

  // ------------------------------------------------------------ what is sent

  /** Begins a call and returns its id. An exchange's CALL is its head alone. */
  int begin(Method method, byte[] message, byte[] metadata, long timeoutMs) {
    assert canBegin() && hasRoom(method.shape());
    int call = nextCall++;
    Open open = new Open(method.shape(), limits);
    calls.put(call, open);
    openStreams += method.shape() == Method.Shape.UNARY ? 0 : 1;
    byte[] payload =
        ByteBuffer.allocate(8 + message.length)
            .putInt(method.number())
            .putInt(method.revision())
            .put(message)
            .array();
    int flags = open.hasEnded ? Frame.END : 0;
    write(new Frame(FrameType.CALL, flags, call, (int) timeoutMs, metadata, payload));
    return call;
  }

  /** One message of an exchange, for which {@code maySend} was true. */
  void send(int call, byte[] message) {
    calls.get(call).sending.take(message.length);
    sending.take(message.length);
    write(Frame.of(FrameType.DATA, call, message));
  }

  /** The last word of an exchange's client: END, without a message. */
  void finish(int call) {
    Open open = calls.get(call);
    if (open != null && !open.hasEnded) {
      open.hasEnded = true;
      write(new Frame(FrameType.DATA, Frame.END, call, 0, new byte[0], new byte[0]));
    }
  }

  /** Nobody waits for the call any more. Its id stays in use until the server ends it. */
  void cancel(int call) {
    Open open = calls.get(call);
    if (open != null && !open.isAbandoned) {
      open.isAbandoned = true;
      write(Frame.of(FrameType.CANCEL, call, 0));
    }
  }

  /** A message of a stream was used, or let go: its credit is given back, in steps. */
  void consumed(int call, int length) {
    Open open = calls.get(call);
    if (open != null && !open.isAbandoned && open.shape != Method.Shape.UNARY) {
      give(call, open.receiving.consumed(length));
    }
    give(0, receiving.consumed(length));
  }

  private void give(int call, int credit) {
    if (credit != 0) {
      write(Frame.of(FrameType.CREDIT, call, credit));
    }
  }

  void ping(int argument) {
    write(Frame.of(FrameType.PING, 0, argument));
  }

  /** GOAWAY: this side begins no more calls. */
  void leave(Code code, String sentence, String rule) {
    if (!isLeaving) {
      isLeaving = true;
      Wire.GoAway words =
          Wire.GoAway.newBuilder()
              .setCode(code.ordinal())
              .setMessage(sentence)
              .setRule(rule)
              .build();
      write(Frame.of(FrameType.GOAWAY, 0, words.toByteArray()));
    }
  }

  byte[] takeOutgoing() {
    byte[] taken = outgoing.toByteArray();
    // A buffer that was large once is not kept.
    outgoing = new ByteArrayOutputStream();
    return taken;
  }

  private void write(Frame frame) {
    if (over == null) {
      outgoing.writeBytes(frame.encoded());
    }
  }

  // ------------------------------------------------------------ what comes

  /** Reads everything that these bytes say, in order; nothing more once the session is over. */
  void receive(byte[] data, int length) {
    if (limits == null && length > 0 && data[0] == TLS_ALERT) {
      String sentence = "The server speaks TLS, this client was given none.";
      end(StatusException.of(Code.FAILED_PRECONDITION, "tls", sentence, true));
      return;
    }
    reader.feed(data, length);
    try {
      Frame frame;
      while (over == null && (frame = reader.next()) != null) {
        framesRead++;
        step(frame);
      }
    } catch (WireException broken) {
      leave(broken.code(), "The connection ends: " + broken.getMessage(), broken.rule);
      String sentence = "The server broke the protocol: " + broken.getMessage();
      end(StatusException.of(broken.code(), broken.rule, sentence, false));
    }
  }

  /** The connection is gone: the outcome of what was open is unknown. */
  void lost(Code code, String rule, String sentence) {
    String said =
        goAway == null || goAway.getMessage().isEmpty()
            ? ""
            : " The server had said: " + goAway.getMessage();
    String why = rule.isEmpty() && code == Code.UNAVAILABLE ? "connection_lost" : rule;
    end(StatusException.of(code, why, sentence + said, limits == null));
  }

  private void end(StatusException error) {
    if (over != null) {
      return;
    }
    over = error;
    for (int call : List.copyOf(calls.keySet())) {
      end(call, StatusException.unavailable("connection_lost", error.sentence, false));
    }
    sink.changed();
  }

  private void end(int call, StatusException error) {
    Open ended = calls.remove(call);
    openStreams -= ended.shape == Method.Shape.UNARY ? 0 : 1;
    sink.ended(call, error);
    sink.changed();
  }

  private void step(Frame frame) throws WireException {
    switch (frame.type()) {
      case HELLO, CALL, CANCEL ->
          throw new WireException("direction", "A server sends no " + frame.type() + ".");
      case GOAWAY -> gone(parsed(Wire.GoAway.parser(), frame));
      default -> {
        if (limits == null) {
          greeted(frame);
        } else {
          stepGreeted(frame);
        }
      }
    }
  }

  private void stepGreeted(Frame frame) throws WireException {
    switch (frame.type()) {
      case DATA -> data(frame);
      case RESULT -> result(frame);
      case STATUS -> status(frame);
      case CREDIT -> credited(frame);
      case PING -> write(Frame.of(FrameType.PONG, 0, frame.argument()));
      case PONG -> { }
      default ->
          throw new WireException("phase", "A second answer to HELLO: " + frame.type() + ".");
    }
  }

  private void greeted(Frame frame) throws WireException {
    if (frame.type() == FrameType.HELLO_NO) {
      end(StatusException.refused(parsed(Wire.HelloNo.parser(), frame)));
      return;
    }
    if (frame.type() != FrameType.HELLO_OK) {
      throw new WireException("phase", frame.type() + " before the answer to HELLO.");
    }
    Wire.HelloOk agreed = parsed(Wire.HelloOk.parser(), frame);
    if (agreed.getVersion() != 1) {
      throw new WireException("phase", "Version " + agreed.getVersion() + " was not offered.");
    }
    greeting = agreed;
    limits = Limits.of(agreed);
    reader.setFrameLengthMax(limits.frameLengthMax());
    sending = new Credit(limits.connectionCredit());
    receiving = new Credit(limits.connectionCredit());
    sink.changed();
  }

  private void gone(Wire.GoAway words) {
    goAway = words;
    if (limits == null) {
      Code code = words.getCode() == 0 ? Code.UNAVAILABLE : Code.of(words.getCode());
      end(StatusException.of(code, words.getRule(), words.getMessage(), true));
      return;
    }
    for (int call : List.copyOf(calls.keySet())) {
      if (call > Integer.toUnsignedLong(words.getLastCall())) {
        end(call, StatusException.unavailable("not_sent", "The server goes away.", true));
      }
    }
    sink.changed();
  }

  private void credited(Frame frame) throws WireException {
    if (frame.call() == 0) {
      if (!sending.add(frame.argument(), CONNECTION_CREDIT_MAX)) {
        throw new WireException("connection_credit_max", "More credit than may be held.");
      }
    } else {
      Open open = calls.get(frame.call());
      if (open == null) {
        return;
      }
      if (!open.sending.add(frame.argument(), STREAM_CREDIT_MAX)
          && open.shape == Method.Shape.EXCHANGE) {
        misfit(frame.call(), "more credit than a stream may hold");
      }
    }
    sink.changed();
  }

  private void data(Frame frame) throws WireException {
    // What is counted is all of the payload; its metadata is consumed as it is read.
    int length = frame.payload().length;
    int metadata = frame.metadata().length;
    if (!receiving.isOpen()) {
      throw new WireException("connection_credit", "DATA beyond the connection's credit.");
    }
    receiving.take(length + metadata);
    receiving.owe(metadata);
    Open open = calls.get(frame.call());
    if (open == null || open.isAbandoned) {
      consumed(0, length);
    } else if (open.shape == Method.Shape.UNARY) {
      consumed(0, length);
      misfit(frame.call(), "DATA for a unary call");
    } else if (!open.receiving.isOpen()) {
      throw new WireException("stream_credit", "DATA beyond the stream's credit.");
    } else {
      open.receiving.take(length + metadata);
      open.receiving.owe(metadata);
      sink.arrived(frame.call(), frame.payload());
    }
  }

  private void result(Frame frame) {
    Open open = calls.get(frame.call());
    if (open == null) {
      return;
    }
    if (open.shape != Method.Shape.UNARY) {
      end(frame.call(), wrongAnswer("RESULT for a stream"));
      return;
    }
    if (!open.isAbandoned) {
      sink.arrived(frame.call(), frame.payload());
    }
    end(frame.call(), null);
  }

  private void status(Frame frame) throws WireException {
    Open open = calls.get(frame.call());
    if (open == null) {
      return;
    }
    Wire.Status status = parsed(Wire.Status.parser(), frame);
    if (status.getCode() != 0) {
      end(frame.call(), StatusException.of(status));
    } else if (open.shape == Method.Shape.UNARY) {
      end(frame.call(), wrongAnswer("STATUS OK for a unary call"));
    } else {
      end(frame.call(), null);
    }
  }

  /** The call fails; its id stays in use until the server has answered the CANCEL. */
  private void misfit(int call, String what) {
    cancel(call);
    sink.ended(call, wrongAnswer(what));
  }

  private static StatusException wrongAnswer(String what) {
    return StatusException.of(Code.INTERNAL, "answer_shape", "The server sent " + what + ".", false);
  }

  private static <M> M parsed(Parser<M> parser, Frame frame) throws WireException {
    try {
      return parser.parseFrom(frame.payload());
    } catch (InvalidProtocolBufferException error) {
      throw new WireException("payload", "A " + frame.type() + " that cannot be read.");
    }
  }
}
