package ujuzi;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes in, frames out. Every check is made on the header, before a payload is kept. */
final class FrameReader {
  private static final int CRITICAL_FLAGS = 0x0f;
  private static final int KEPT_MAX = 1 << 16;

  private int frameLengthMax;
  private int prefaceLeft;
  private byte[] bytes = new byte[1 << 12];
  private int begin;
  private int end;
  private Header header;

  private record Header(
      FrameType type, int flags, int metadataLength, int length, int call, int argument) {}

  FrameReader(int frameLengthMax, boolean beginsWithPreface) {
    this.frameLengthMax = frameLengthMax;
    this.prefaceLeft = beginsWithPreface ? Frame.PREFACE.length : 0;
  }

  void setFrameLengthMax(int length) {
    frameLengthMax = length;
  }

  /** Whether a frame was begun and not ended. */
  boolean hasPart() {
    return header != null || begin < end;
  }

  void feed(byte[] data, int length) {
    if (end + length > bytes.length) {
      // Grows with what has come, never with what a header promises.
      byte[] roomier = bytes;
      int kept = end - begin;
      if (kept + length > bytes.length) {
        roomier = new byte[Math.max(bytes.length * 2, kept + length)];
      } else if (bytes.length > KEPT_MAX && kept + length <= KEPT_MAX) {
        roomier = new byte[KEPT_MAX];
      }
      System.arraycopy(bytes, begin, roomier, 0, kept);
      bytes = roomier;
      begin = 0;
      end = kept;
    }
    System.arraycopy(data, 0, bytes, end, length);
    end += length;
  }

  /** The next whole frame, or null until more bytes are fed. */
  Frame next() throws WireException {
    while (prefaceLeft > 0 && begin < end) {
      if (bytes[begin] != Frame.PREFACE[Frame.PREFACE.length - prefaceLeft]) {
        throw new WireException("wrong_preface", "The first bytes are not the preface.");
      }
      begin += 1;
      prefaceLeft -= 1;
    }
    if (header == null) {
      if (end - begin < Frame.HEADER_LENGTH) {
        return null;
      }
      header = checked(ByteBuffer.wrap(bytes, begin, Frame.HEADER_LENGTH));
      begin += Frame.HEADER_LENGTH;
    }
    if (end - begin < header.length) {
      return null;
    }
    int payload = begin + header.metadataLength;
    Frame frame =
        new Frame(
            header.type,
            header.flags,
            header.call,
            header.argument,
            Arrays.copyOfRange(bytes, begin, payload),
            Arrays.copyOfRange(bytes, payload, begin + header.length));
    begin += header.length;
    header = null;
    return frame;
  }

  /** The page's checks, in the page's order. */
  private Header checked(ByteBuffer head) throws WireException {
    int first = head.getInt();
    int number = Byte.toUnsignedInt(head.get());
    int flags = Byte.toUnsignedInt(head.get());
    int metadataLength = Short.toUnsignedInt(head.getShort());
    int call = head.getInt();
    int argument = head.getInt();
    int length = first & 0xff_ffff;
    refuse(first >>> 24 != 0, "reserved_byte", "Byte 0 is not 0.");
    FrameType type = FrameType.of(number);
    refuse(type == null, "unknown_type", "There is no frame type " + number + ".");
    refuse(
        (flags & CRITICAL_FLAGS & ~(type.hasEnd ? Frame.END : 0)) != 0,
        "unknown_critical_flag",
        type + " has flags " + flags + ".");
    refuse(call < 0, "reserved_bit", "R is set.");
    refuse(
        type.of == FrameType.Of.CALL && call == 0, "call_missing", type + " needs a call id.");
    refuse(
        type.of == FrameType.Of.CONNECTION && call != 0,
        "call_forbidden",
        type + " has no call id.");
    refuse(
        type.payload == FrameType.Payload.NONE && length > 0,
        "payload_forbidden",
        type + " has no payload.");
    boolean isShort = type.payload == FrameType.Payload.SHORT;
    refuse(
        length > (isShort ? Frame.GREETING_LENGTH_MAX : frameLengthMax),
        "frame_too_long",
        type + " of " + length + " bytes.");
    refuse(
        metadataLength > 0 && !type.hasMetadata, "metadata_forbidden", type + " has no metadata.");
    refuse(
        metadataLength > Frame.METADATA_LENGTH_MAX,
        "metadata_too_long",
        "Metadata of " + metadataLength + " bytes.");
    refuse(
        metadataLength > length, "metadata_past_end", "The metadata is longer than the payload.");
    refuse(
        type == FrameType.CALL && length - metadataLength < 8,
        "call_head_cut",
        "A CALL without method and method revision.");
    return new Header(type, flags, metadataLength, length, call, argument);
  }

  private static void refuse(boolean is, String rule, String sentence) throws WireException {
    if (is) {
      throw new WireException(rule, sentence);
    }
  }
}
