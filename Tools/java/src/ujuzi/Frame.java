package ujuzi;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One frame: 16 bytes of header, then metadata and payload.
 *
 * <pre>
 *  0x00         payload length (24)        type     flags    metadata length (16)
 *  R | call id (31)                        argument (32)
 * </pre>
 */
record Frame(FrameType type, int flags, int call, int argument, byte[] metadata, byte[] payload) {
  static final byte[] PREFACE = {(byte) 0x89, 'U', 'J', 'Z', '\r', '\n', 0x1a, '\n'};
  static final int HEADER_LENGTH = 16;
  static final int END = 0x01;
  static final int CALL_HIGHEST = Integer.MAX_VALUE;
  /** The limits of the page, in bytes; HELLO_OK may name another length for frames. */
  static final int FRAME_LENGTH_MAX = 4_194_304;
  /** All that a header can say. */
  static final int FRAME_LENGTH_HIGHEST = 0xff_ffff;

  static final int GREETING_LENGTH_MAX = 4_096;
  static final int METADATA_LENGTH_MAX = 8_192;

  private static final byte[] NONE = {};

  static Frame of(FrameType type, int call, byte[] payload) {
    return new Frame(type, 0, call, 0, NONE, payload);
  }

  static Frame of(FrameType type, int call, int argument) {
    return new Frame(type, 0, call, argument, NONE, NONE);
  }

  byte[] encoded() {
    int length = metadata.length + payload.length;
    if (length > 0xff_ffff || metadata.length > 0xffff) {
      throw new IllegalArgumentException("a frame's lengths do not fit its header");
    }
    return ByteBuffer.allocate(HEADER_LENGTH + length)
        .putInt(length)
        .put((byte) type.number())
        .put((byte) flags)
        .putShort((short) metadata.length)
        .putInt(call)
        .putInt(argument)
        .put(metadata)
        .put(payload)
        .array();
  }

  boolean says(Frame other) {
    return type == other.type
        && flags == other.flags
        && call == other.call
        && argument == other.argument
        && Arrays.equals(metadata, other.metadata)
        && Arrays.equals(payload, other.payload);
  }
}
