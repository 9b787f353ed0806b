package ujuzi;

/** The frames of {@code ujuzi/1}, with what each may have. */
enum FrameType {
  HELLO(Of.CONNECTION, Payload.SHORT, false, false),
  HELLO_OK(Of.CONNECTION, Payload.SHORT, false, false),
  HELLO_NO(Of.CONNECTION, Payload.SHORT, false, false),
  CALL(Of.CALL, Payload.LONG, true, true),
  DATA(Of.CALL, Payload.LONG, true, true),
  RESULT(Of.CALL, Payload.LONG, true, false),
  STATUS(Of.CALL, Payload.LONG, true, false),
  CANCEL(Of.CALL, Payload.NONE, false, false),
  CREDIT(Of.EITHER, Payload.NONE, false, false),
  PING(Of.CONNECTION, Payload.NONE, false, false),
  PONG(Of.CONNECTION, Payload.NONE, false, false),
  GOAWAY(Of.CONNECTION, Payload.SHORT, false, false);

  enum Of { CONNECTION, CALL, EITHER }

  /** SHORT is at most 4,096 bytes, LONG as long as frames may be. */
  enum Payload { NONE, SHORT, LONG }

  final Of of;
  final Payload payload;
  final boolean hasMetadata;
  final boolean hasEnd;

  FrameType(Of of, Payload payload, boolean hasMetadata, boolean hasEnd) {
    this.of = of;
    this.payload = payload;
    this.hasMetadata = hasMetadata;
    this.hasEnd = hasEnd;
  }

  int number() {
    return ordinal() + 1;
  }

  /** The type of that number, or null. */
  static FrameType of(int number) {
    return number >= 1 && number <= values().length ? values()[number - 1] : null;
  }
}
